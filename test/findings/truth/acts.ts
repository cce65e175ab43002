/** What was done in a recorded log, as its truth says, and what findings say of it. */
import { readFileSync } from "node:fs";
import type { Engine } from "../../../src/engine/contract.ts";
import type { Finding } from "../../../src/findings/contract.ts";
import { parseQuery } from "../../../src/queries/parse-filter.ts";

/** A line of TRUTH.jsonl. Times RFC 3339. */
export interface Act {
  readonly id: string;
  readonly actor: string | null;
  readonly ip: string | null;
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly expected_severity: string;
  /** Of an API server that was ended: nobody's requests. */
  readonly life?: { readonly sent: string; readonly ready: string };
}

export interface Matched {
  readonly finding: Finding;
  /** Null: of no act. */
  readonly act: Act | null;
}

/** Nothing may be said of these. */
const BENIGN: ReadonlySet<string> = new Set(["anonymous-health"]);
const MOST_ROWS = 5_000;
/** Of a finding's requests, those of one act. */
const LEAST_SHARE = 0.9;

export function actsOf(path: string): readonly Act[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Act);
}

export function isBenign({ id }: Act): boolean {
  return BENIGN.has(id);
}

export function matchedOf(engine: Engine, findings: readonly Finding[], acts: readonly Act[]): Promise<Matched[]> {
  return Promise.all(findings.map(async (finding) => ({ finding, act: await actOf(engine, finding, acts) })));
}

/** In what a finding about an act differs from its truth. */
export interface Verdict {
  readonly subject: boolean;
  /** Too many, or too few. */
  readonly count: number;
  /** Seconds by which the first and the last request differ, the greater. */
  readonly seconds: number;
}

export function verdictOf({ subject, count, firstSeen, lastSeen }: Finding, act: Act): Verdict {
  const apart = (a: string | null, b: string | null): number =>
    a === null || b === null ? 0 : Math.abs(Date.parse(a) - Date.parse(b)) / 1e3;
  // Who ends an API server is not in its log: of that nobody's requests are counted.
  const isNobodys = act.first === null;
  return {
    subject:
      isNobodys ||
      ((act.actor === null || subject.user === act.actor) &&
        (act.ip === null || subject.ip === undefined || subject.ip === act.ip)),
    count: isNobodys ? 0 : count - act.count,
    seconds: Math.max(apart(firstSeen, act.first), apart(lastSeen, act.last)),
  };
}

/** Of those about an act the one that tells it best. */
export function bestOf(findings: readonly Finding[], act: Act): Finding | undefined {
  const worth = (finding: Finding): number => {
    const { subject, count, seconds } = verdictOf(finding, act);
    return (subject ? 0 : 1e9) + Math.abs(count) * 1e3 + seconds;
  };
  return findings.toSorted((a, b) => worth(a) - worth(b))[0];
}

/** The act that nearly all of a finding's requests belong to. */
async function actOf(engine: Engine, finding: Finding, acts: readonly Act[]): Promise<Act | null> {
  const restart = acts.find(
    ({ life }) =>
      life !== undefined &&
      finding.id === "apiserver-restart" &&
      finding.firstSeen !== null &&
      finding.firstSeen >= life.sent.slice(0, 19) &&
      Date.parse(finding.firstSeen) <= Date.parse(life.ready) + 15_000,
  );
  if (restart !== undefined) return restart;
  const { rows } = await engine.ask("rows", {
    filter: parseQuery(finding.evidence.query),
    anchor: "oldest",
    after: MOST_ROWS,
  });
  const counts = new Map<Act, number>();
  for (const row of rows) {
    const at = new Date(row.receivedUs / 1e3).toISOString();
    const user = row.asFrom === "" ? row.user : row.asFrom;
    const act = acts.find(
      ({ actor, ip, first, last }) =>
        (actor ?? "") === user &&
        (ip === null || ip === row.ip) &&
        at >= (first ?? "").slice(0, 19) &&
        at.slice(0, 19) <= (last ?? "").slice(0, 19),
    );
    if (act !== undefined) counts.set(act, (counts.get(act) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= rows.length * LEAST_SHARE ? best[0] : null;
}
