import { KUBELET } from "../actors.ts";
import { SKEW_US, TAINT_CONTROLLERS, type Life } from "../lives.ts";
import { nodeOfPod } from "../milestones.ts";
import { succeeded, type Touch } from "../touch.ts";
import type { CauseKind, RemovalContext } from "./contract.ts";

/** Pods tolerate not-ready and unreachable for 300 s unless told otherwise. */
const MAX_TOLERATION_US = 3_600 * 1_000_000;
/** The daemon set controller reacts at once. */
const DAEMON_US = 10 * 1_000_000;

/** A NoExecute taint, put there by a person or, when the node was lost, by the node controller. */
export const taintEviction: CauseKind = {
  name: "tainted",
  explain(context) {
    const { life, removal } = context;
    const { controller } = removal.actor;
    const daemon = controller === "daemon-set-controller";
    if (!daemon && !TAINT_CONTROLLERS.has(controller)) return null;
    const node = nodeOfPod(life);
    const found = node === null ? null : taintBefore(context, node, daemon ? DAEMON_US : MAX_TOLERATION_US);
    if (found === null || node === null) {
      if (daemon) return null;
      return {
        verdict: "tainted",
        chain: [context.link(life, removal, `its node ${node ?? ""} had a NoExecute taint`)],
        confidence: "likely",
        missing: [`who tainted ${node ?? "the node"} is not in this log`],
      };
    }
    const { touch, taint } = found;
    // Without the taint in the log, the node controller's own try at the pod shows that there was one.
    if (daemon && taint === "" && !life.removals.some((touch) => TAINT_CONTROLLERS.has(touch.actor.controller)))
      return null;
    const sure = taint !== "";
    const lost = TAINT_CONTROLLERS.has(touch.actor.controller);
    return {
      verdict: "tainted",
      chain: [
        context.link(life, removal, `node ${node} got the taint ${sure ? taint : "(not in the log)"}`),
        context.link(found.life, touch, lost ? `the node had stopped reporting` : ""),
      ],
      confidence: sure ? "certain" : "likely",
      missing: sure ? [] : ["the taint itself is not in the log: needs Request level for nodes"],
    };
  },
};

function taintBefore(
  { families, removal }: RemovalContext,
  node: string,
  withinUs: number,
): { life: Life; touch: Touch; taint: string } | null {
  const life = families.livesOf("nodes", "", node).findLast((entry) => entry.firstUs <= removal.timeUs + SKEW_US);
  if (life === undefined) return null;
  let before: readonly string[] = [];
  let found: { life: Life; touch: Touch; taint: string } | null = null;
  for (const touch of life.touches) {
    if (touch.timeUs > removal.timeUs + SKEW_US) break;
    if (!succeeded(touch) || touch.event !== null || touch.subresource !== "") continue;
    const taints = touch.facts?.taints;
    if (taints === undefined) {
      const mayTaint = touch.facts === null && touch.actor.controller !== KUBELET && touch.verb !== "create";
      if (mayTaint && removal.timeUs - touch.timeUs <= withinUs) found = { life, touch, taint: "" };
      continue;
    }
    const added = taints.find((taint) => taint.endsWith(":NoExecute") && !before.includes(taint));
    before = taints;
    if (added !== undefined && removal.timeUs - touch.timeUs <= withinUs) found = { life, touch, taint: added };
  }
  return found;
}
