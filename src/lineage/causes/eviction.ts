import { SKEW_US, type Life } from "../lives.ts";
import { nodeOfPod } from "../milestones.ts";
import { succeeded, type Touch } from "../touch.ts";
import type { CauseKind, Explanation, RemovalContext } from "./contract.ts";

/** A drain that waits for budgets may go on for long; kubectl tries again every 5 s. */
const MAX_DRAIN_US = 60 * 60 * 1_000_000;

/** Field manager of the patch by which kubectl drain cordons; kubectl cordon has its own. */
const DRAIN = "kubectl-drain";

/** The eviction API; a drain when the same person had cordoned the pod's node. */
export const eviction: CauseKind = {
  name: "eviction",
  explain(context) {
    const { life, removal } = context;
    const node = nodeOfPod(life);
    const cordon = node === null ? null : cordonBefore(context, node);
    if (removal.subresource !== "eviction") {
      // kubectl drain --disable-eviction deletes the pods of the node it has cordoned.
      const isDrain = life.record.resource === "pods" && removal.actor.controller === "" && removal.verb === "delete";
      if (!isDrain || cordon === null || node === null || cordon.touch.fieldManager !== DRAIN) return null;
      return drained(context, node, cordon, ", without evictions");
    }
    const blocked = blockedWords(context);
    if (cordon === null || node === null) {
      const because = `asked for with the eviction API${blocked}`;
      return { verdict: "evicted", chain: [context.link(life, removal, because)], confidence: "certain", missing: [] };
    }
    return drained(context, node, cordon, blocked);
  },
};

function drained(
  { life, removal, link }: RemovalContext,
  node: string,
  cordon: { life: Life; touch: Touch },
  blocked: string,
): Explanation {
  const sure = cordon.touch.facts?.unschedulable === true || cordon.touch.fieldManager === DRAIN;
  return {
    verdict: "drained",
    chain: [
      link(life, removal, `node ${node} was drained${blocked}`),
      link(cordon.life, cordon.touch, `${removal.actor.user} drained the node`),
    ],
    confidence: sure ? "certain" : "likely",
    missing: sure ? [] : ["that the node was cordoned is told by who and when: needs Request level for nodes"],
  };
}

function cordonBefore({ families, removal }: RemovalContext, node: string): { life: Life; touch: Touch } | null {
  const life = families.livesOf("nodes", "", node).at(-1);
  if (life === undefined) return null;
  let found: Touch | null = null;
  for (const touch of life.touches) {
    if (touch.timeUs > removal.timeUs + SKEW_US) break;
    if (!succeeded(touch) || touch.event !== null || touch.subresource !== "") continue;
    const own = touch.actor.user === removal.actor.user && removal.timeUs - touch.timeUs <= MAX_DRAIN_US;
    if (touch.facts === null) {
      // Without bodies: a person's own change of the node shortly before.
      if (own && touch.verb === "patch") found = touch;
    } else if (touch.facts.unschedulable === true) {
      if (found === null && own) found = touch;
    } else if (touch.facts.unschedulable === false || touch.facts.full === true) {
      found = null;
    }
  }
  return found === null ? null : { life, touch: found };
}

const BUDGETS: ReadonlySet<string> = new Set(["poddisruptionbudgets.policy"]);

/** Evictions that a PodDisruptionBudget blocked before this one, and who took the budget away. */
function blockedWords({ life, removal, families }: RemovalContext): string {
  const blocked = life.touches.filter(
    (touch) => touch.subresource === "eviction" && touch.code === 429 && touch.timeUs <= removal.timeUs,
  );
  const last = blocked.at(-1);
  if (last === undefined) return "";
  const times = `; ${String(blocked.length)} before were blocked by a PodDisruptionBudget (429)`;
  for (const budget of families.of(life.record.namespace).ofKinds(BUDGETS)) {
    const deleted = budget.removal;
    if (deleted === null) continue;
    if (deleted.timeUs < last.timeUs || deleted.timeUs > removal.timeUs) continue;
    return `${times} until ${deleted.actor.user} deleted ${budget.record.name}`;
  }
  return times;
}
