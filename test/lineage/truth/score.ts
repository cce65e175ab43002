import type { WhyResult } from "../../../src/lineage/contract.ts";
import type { Lineage } from "../../../src/lineage/lineage.ts";
import type { TrueEnd } from "./removals.ts";
import type { TrueRollouts } from "./scaling.ts";

export interface Score {
  asked: number;
  right: number;
  /** Of these told as certain. */
  certain: number;
  /** Not right, and said so: likely, a guess, unknown or nothing. */
  honest: number;
  /** Wrong, and called certain. */
  wrongCertain: number;
  /** Wrong and certain first. */
  readonly examples: string[];
  readonly missed: string[];
}

const MOST_EXAMPLES = 12;

/** Asks why of every object the log still knows, and compares with what is true of it by the log's end. */
export function scoreEnds(lineage: Lineage, truth: Iterable<TrueEnd>, endUs: number): Score {
  const score: Score = { asked: 0, right: 0, certain: 0, honest: 0, wrongCertain: 0, examples: [], missed: [] };
  const ends = [...truth];
  const named = new Map<string, number>();
  for (const end of ends) named.set(nameOf(end), (named.get(nameOf(end)) ?? 0) + 1);
  for (const end of ends) {
    if (end.verdicts === null || LIFELESS.has(end.resource)) continue;
    const answer = lineage.why(end.uid) ?? lineage.why(`${end.resource}/${end.name}`, end.namespace);
    if (answer === null || isOther(answer, end, named.get(nameOf(end)) ?? 0)) continue;
    const isLater = end.removedUs !== null && end.removedUs >= endUs;
    const expected = isLater ? { ...end, verdicts: ["alive" as const], cause: null, by: null } : end;
    score.asked += 1;
    if (isRight(answer, expected)) {
      score.right += 1;
      if (answer.confidence === "certain") score.certain += 1;
    } else if (answer.confidence === "certain") {
      score.wrongCertain += 1;
      if (score.examples.length < MOST_EXAMPLES) score.examples.push(exampleOf(answer, expected));
    } else {
      score.honest += 1;
      if (score.missed.length < MOST_EXAMPLES) score.missed.push(exampleOf(answer, expected));
    }
  }
  return score;
}

/** Leases and Events have no life worth telling. */
const LIFELESS = new Set(["leases.coordination.k8s.io", "events", "events.events.k8s.io"]);

function nameOf({ resource, namespace, name }: TrueEnd): string {
  return `${resource} ${namespace}/${name}`;
}

/** Without uids in the log the name alone may mean another life. */
function isOther(answer: WhyResult, end: TrueEnd, lives: number): boolean {
  return answer.id !== end.uid && (answer.id?.includes("#") !== true || lives > 1);
}

function isRight(answer: WhyResult, end: Pick<TrueEnd, "verdicts" | "cause" | "by">): boolean {
  const verdict = answer.verdict === "stuck" ? verdictUnder(answer) : answer.verdict;
  if (end.verdicts?.includes(verdict) !== true) return false;
  if (verdict === "alive") return true;
  const last = answer.chain.at(-1);
  if (end.cause !== null) return last?.auditID === end.cause || (last?.by === end.by && isOlder(answer, end));
  return end.by === null || last?.by === end.by;
}

/** What is stuck was asked to go all the same. */
function verdictUnder(answer: WhyResult): WhyResult["verdict"] {
  return answer.chain.length > 0 ? "deleted" : "alive";
}

/** A drain's chain goes on to the cordon, a stored policy's ends before: the same person. */
function isOlder(answer: WhyResult, end: Pick<TrueEnd, "verdicts">): boolean {
  return answer.verdict === "drained" || end.verdicts?.includes("preempted") === true;
}

function exampleOf(
  answer: WhyResult,
  end: TrueEnd | (Omit<TrueEnd, "verdicts"> & { verdicts: readonly string[] }),
): string {
  const last = answer.chain.at(-1);
  const told = `${answer.verdict}, ${last?.what ?? ""} by ${last?.by ?? "nobody"} ${last?.t.slice(11, 23) ?? ""}`;
  return `${answer.object} (${end.uid}): ${told} — is ${(end.verdicts ?? []).join("/")} by ${String(end.by)} ${String(end.cause)}`;
}

export interface RolloutScore {
  deployments: number;
  right: number;
  rollouts: number;
  readonly examples: string[];
}

/** Whether number, ReplicaSet and actor of every roll-out are told, for every Deployment. */
export function scoreRollouts(lineage: Lineage, truth: readonly TrueRollouts[]): RolloutScore {
  const score: RolloutScore = { deployments: 0, right: 0, rollouts: 0, examples: [] };
  for (const { uid, namespace, name, rollouts } of truth) {
    const trail = lineage.trail(uid) ?? lineage.trail(`deployments.apps/${name}`, namespace);
    if (trail === null || rollouts.length === 0) continue;
    const names = new Map(trail.nodes.map((node) => [node.id, node.name]));
    // Who is behind a change that is not in the log itself nobody can tell.
    const told = (trail.rollouts ?? []).map(
      ({ replicaSet, by }, at) => `${names.get(replicaSet ?? "") ?? "?"} ${rollouts[at]?.by === null ? "null" : by}`,
    );
    const wanted = rollouts.map((rollout) => `${rollout.replicaSet} ${String(rollout.by)}`);
    score.deployments += 1;
    score.rollouts += rollouts.length;
    if (told.join() === wanted.join()) score.right += 1;
    else if (score.examples.length < MOST_EXAMPLES)
      score.examples.push(`${namespace}/${name}: [${told.join(", ")}] — is [${wanted.join(", ")}]`);
  }
  return score;
}
