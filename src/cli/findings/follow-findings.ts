import { setTimeout as sleep } from "node:timers/promises";
import type { Asks, Engine } from "../../engine/contract.ts";
import type { Finding } from "../../findings/contract.ts";
import { severityRank } from "../../findings/severity.ts";
import { changes } from "../follow.ts";
import { keyOf } from "./baseline.ts";

/** Looked at no more often, and for no more than a thirtieth of the time. */
const EVERY_MS = 1_000;
const REST = 30;

/** Findings of a growing log, each when it arises, and again when it has got worse. */
export async function* newFindings(
  engine: Engine,
  ask: Asks["findings"]["ask"],
  stop: AbortSignal,
): AsyncGenerator<readonly Finding[]> {
  const told = new Map<string, number>();
  for await (const _ of changes(engine, stop)) {
    const started = performance.now();
    const { findings } = await engine.ask("findings", ask);
    const fresh = findings.filter((finding) => {
      const rank = severityRank(finding.severity);
      const key = keyOf(finding);
      if ((told.get(key) ?? -1) >= rank) return false;
      told.set(key, rank);
      return true;
    });
    if (fresh.length > 0) yield fresh;
    const restMs = Math.max(EVERY_MS, REST * (performance.now() - started));
    await sleep(restMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
