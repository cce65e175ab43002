import { kindOf } from "../../events/resource-names.ts";
import type { OutsideLane } from "../contract.ts";
import type { Families } from "../family.ts";
import { SKEW_US, type Life } from "../lives.ts";
import { stepsOf, type Step } from "../steps.ts";
import { isoOf } from "../times.ts";
import { byTime, isOpen, succeeded } from "../touch.ts";
import { AUTOSCALERS, BY_BODY, POINTING, referencesOf, type OutsideReference, type Tree } from "./references.ts";

/** What touched an object from outside: writes on what it refers to, per thing it refers to. */
export interface Outside {
  readonly lanes: readonly (Omit<OutsideLane, "steps"> & { readonly steps: readonly Step[] })[];
  /** What the log does not tell of it. */
  readonly missing: readonly string[];
}

const MOST_LANES = 64;
/** Steps of a lane: how it began, and what came last. */
const FIRST = 8;
const LAST = 56;

export function outsideOf(tree: Tree, families: Families): Outside {
  const [root] = tree.below;
  if (root === undefined || !tree.below.some((life) => mayRefer(life))) return { lanes: [], missing: [] };
  const references = referencesOf(tree, families);
  const own = new Set([...tree.below, ...tree.above]);
  const lanes = references.flatMap((reference) => {
    const lives = families.livesOf(reference.resource, reference.namespace, reference.name);
    const lane = lives.some((life) => own.has(life)) ? null : laneOf(reference, lives);
    return lane === null ? [] : [lane];
  });
  lanes.sort((left, right) => byTime(left.last, right.last));
  return {
    lanes: lanes.slice(-MOST_LANES).map(({ lane }) => lane),
    missing: missingOf(tree, families),
  };
}

/** Pods, what makes them, and custom resources that may. */
function mayRefer({ record }: Life): boolean {
  return !["namespaces", "nodes", AUTOSCALERS].includes(record.resource) && !BY_BODY.has(record.resource);
}

function laneOf(
  reference: OutsideReference,
  lives: readonly Life[],
): { readonly lane: Outside["lanes"][number]; readonly last: Step["touch"] } | null {
  const { resource, namespace, name, how, evidence, fromUs, untilUs } = reference;
  const there = lives.filter((life) => (life.goneUs ?? Number.POSITIVE_INFINITY) >= fromUs - SKEW_US);
  const steps = there
    .flatMap((life) => stepsOf(life).filter((step) => mayHaveChanged(step)))
    .filter(({ touch }) => touch.timeUs <= untilUs + SKEW_US)
    .sort((left, right) => byTime(left.touch, right.touch));
  const last = steps.at(-1);
  const life = there.at(-1);
  if (last === undefined || life === undefined || steps.every((step) => isProvision(step, resource, fromUs)))
    return null;
  const kept = steps.length <= FIRST + LAST ? steps : [...steps.slice(0, FIRST), ...steps.slice(-LAST)];
  const lane = {
    id: life.id,
    kind: kindOf(resource),
    resource,
    namespace,
    name,
    how: how.join("; "),
    evidence,
    confidence: evidence === "uid" ? ("certain" as const) : ("likely" as const),
    from: isoOf(fromUs),
    until: isoOf(untilUs),
    steps: kept,
    stepsDropped: steps.length - kept.length + life.record.dropped,
  };
  return { lane, last: last.touch };
}

/** A write, or one whose answer is not in the log; of statuses those that say something new. */
function mayHaveChanged({ touch, what }: Step): boolean {
  if (touch.event !== null || touch.verb === "get" || !(succeeded(touch) || isOpen(touch))) return false;
  if (touch.subresource === "status") return !what.startsWith("still ") && what !== "status updated";
  return touch.subresource !== "token" && !what.endsWith(": nothing changed");
}

/** Kinds of what the cluster itself gives every namespace: `kube-root-ca.crt`, the account `default`. */
const GIVEN = new Set(["configmaps", "secrets", "serviceaccounts"]);

/** What every namespace is given, often only after the first objects in it, or what was there before it was needed. */
function isProvision({ touch }: Step, resource: string, beforeUs: number): boolean {
  if (touch.verb !== "create" || touch.actor.actorClass !== "controller") return false;
  return GIVEN.has(resource) || touch.timeUs < beforeUs;
}

/** Says which writes may have mattered without the log telling so. */
function missingOf({ below }: Tree, families: Families): string[] {
  const [root] = below;
  if (root === undefined) return [];
  const family = families.of(root.record.namespace);
  const missing: string[] = [];
  const isTold = below.some((life) => life.touches.some(({ facts }) => facts?.needs !== undefined));
  const makesPods = below.some(({ record }) => record.resource === "pods" || record.resource.endsWith(".apps"));
  const referable = isTold || !makesPods ? [] : family.ofKinds(BY_BODY).filter(({ touches }) => touches.some(isWrite));
  if (referable.length > 0)
    missing.push(
      `which of the ${String(referable.length)} ConfigMaps, Secrets, claims and accounts written in its namespace it refers to: needs Request level for ${root.record.resource}`,
    );
  const pointing = makesPods ? family.ofKinds(POINTING) : [];
  const blind = pointing.filter(
    ({ touches }) =>
      touches.some(isWrite) &&
      !touches.some(({ facts }) => facts?.selects !== undefined || facts?.scaleTarget !== undefined),
  );
  if (blind.length > 0) {
    const kinds = [...new Set(blind.map(({ record }) => kindOf(record.resource)))].sort().join(", ");
    missing.push(`which objects ${kinds} written in its namespace are for: needs Request level for them`);
  }
  return missing;
}

function isWrite(touch: Step["touch"]): boolean {
  return succeeded(touch) && touch.event === null && touch.subresource === "" && touch.verb !== "get";
}
