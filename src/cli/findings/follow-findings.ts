import type { Asks, Engine } from "../../engine/contract.ts";
import type { Finding, FindingsResult } from "../../findings/contract.ts";
import { severityRank } from "../../findings/severity.ts";
import { changes } from "../follow.ts";
import { keyOf } from "./baseline.ts";

/** The follow was stopped while it waited. */
const NOTHING: Pick<FindingsResult, "findings"> = { findings: [] };

/** Findings of a growing log, each when it arises, and again when it has got worse. */
export async function* newFindings(
  engine: Engine,
  ask: Asks["findings"]["ask"],
  stop: AbortSignal,
): AsyncGenerator<readonly Finding[]> {
  const told = new Map<string, number>();
  for await (const last of changes(engine, stop)) {
    // What has come until the end is told too, and at once: inputs that cannot grow end a follow right away.
    const { findings } = last
      ? await engine.ask("findings", { ...ask, now: true })
      : await engine.ask("findings", ask, stop).catch(() => NOTHING);
    const fresh = findings.filter((finding) => {
      const rank = severityRank(finding.severity);
      const key = keyOf(finding);
      if ((told.get(key) ?? -1) >= rank) return false;
      told.set(key, rank);
      return true;
    });
    if (fresh.length > 0) yield fresh;
  }
}
