import type { Confidence } from "./contract.ts";
import type { Families } from "./family.ts";
import { lacksChange } from "./generations.ts";
import type { Life } from "./lives.ts";
import { mayPrecede, specChanges, unansweredChanges, type SpecChange } from "./spec-changes.ts";
import { byTime, precedes, succeeded, type Touch } from "./touch.ts";

/**
 * One roll-out as its controller begins it: a new ReplicaSet or ControllerRevision, or an older one that became the newest
 * again (an undo).
 */
export interface Revision {
  /** The ReplicaSet or ControllerRevision. */
  readonly object: Life;
  readonly begun: Touch;
  readonly isReturn: boolean;
  /** Change of the workload behind it; null when it is not in the log. */
  readonly cause: SpecChange | null;
  readonly confidence: Confidence;
}

interface Kind {
  readonly resource: string;
  readonly controller: string;
}

/** What a workload's controller keeps its revisions in. */
export const REVISION_KINDS: ReadonlyMap<string, Kind> = new Map([
  ["deployments.apps", { resource: "replicasets.apps", controller: "deployment-controller" }],
  ["statefulsets.apps", { resource: "controllerrevisions.apps", controller: "statefulset-controller" }],
  ["daemonsets.apps", { resource: "controllerrevisions.apps", controller: "daemon-set-controller" }],
]);

/** The roll-outs of a workload in order, as far as the log has its controller's requests. */
export function revisionsOf(life: Life, families: Families): Revision[] {
  const kind = REVISION_KINDS.get(life.record.resource);
  if (kind === undefined) return [];
  const objects = families.childrenOf(life).filter(({ record }) => record.resource === kind.resource);
  const begun = beginnings(objects, kind);
  const isOthers = ({ touch }: SpecChange): boolean => touch.actor.controller !== kind.controller;
  const changes = specChanges(life).filter(isOthers);
  const causes = causesOf(begun, changes, unansweredChanges(life).filter(isOthers));
  return begun.map(({ object, touch }, at): Revision => {
    const cause = causes[at] ?? null;
    const isSure =
      cause !== null &&
      cause.kind !== "unknown" &&
      cause.isOwn &&
      !changes.some((change) => isUnreadBetween(change, cause, touch)) &&
      families.ownerOf(object)?.confidence === "certain" &&
      !lacksChange(life, cause.touch, touch);
    const confidence = isSure ? "certain" : "likely";
    return { object, begun: touch, isReturn: touch !== object.create, cause, confidence };
  });
}

function isUnreadBetween({ kind, touch }: SpecChange, cause: SpecChange, until: Touch): boolean {
  return kind === "unknown" && touch !== cause.touch && precedes(cause.touch, touch) && precedes(touch, until);
}

type Causes = readonly (SpecChange | null)[];

/** As few as possible without a cause: clocks may be off a little, and what was not answered may have been stored. */
function causesOf(begun: readonly Beginning[], changes: readonly SpecChange[], open: readonly SpecChange[]): Causes {
  const all = [...changes, ...open].sort((left, right) => byTime(left.touch, right.touch));
  let best: Causes = [];
  let least = Number.POSITIVE_INFINITY;
  for (const candidates of open.length === 0 ? [changes] : [changes, all]) {
    for (const isBefore of [precedes, mayPrecede]) {
      const causes = inTurn(begun, candidates, isBefore);
      const lacking = causes.filter((cause) => cause === null).length;
      if (lacking < least) [best, least] = [causes, lacking];
      if (lacking === 0) return best;
    }
  }
  return best;
}

/** Each change leads to one revision, in their order: from the last one back, each takes the last that is left. */
function inTurn(begun: readonly Beginning[], changes: readonly SpecChange[], isBefore: typeof precedes): Causes {
  const causes: (SpecChange | null)[] = [];
  let end = changes.length;
  for (const { object, touch } of begun.toReversed()) {
    const images = object.touches.find(({ facts }) => facts?.images !== undefined)?.facts?.images;
    const left = changes.slice(0, end);
    const cause = left.findLast((change) => rolls(change, images) && isBefore(change.touch, touch)) ?? null;
    if (cause !== null) end = left.indexOf(cause);
    causes.push(cause);
  }
  return causes.reverse();
}

/** Whether a change may have led to a revision with these images. */
function rolls({ kind, touch }: SpecChange, images: string | undefined): boolean {
  return kind !== "scale" && kind !== "suspend" && mayLeadTo(touch, images);
}

/** The newest revision at the time of another request. */
export function newestAt(revisions: readonly Revision[], at: Touch, isBefore = precedes): Revision | null {
  return revisions.findLast(({ begun }) => begun === at || isBefore(begun, at)) ?? null;
}

interface Beginning {
  readonly object: Life;
  readonly touch: Touch;
}

function beginnings(objects: readonly Life[], { resource, controller }: Kind): Beginning[] {
  const writes = objects
    .flatMap((object) => object.touches.map((touch) => ({ object, touch })))
    .filter(({ object, touch }) => touch === object.create || isWriteOf(touch, controller))
    .sort((left, right) => inOrder(left.touch, right.touch));
  const isNumbered = resource === "replicasets.apps";
  const found: Beginning[] = [];
  const numbers = new Map<Life, number>();
  for (const [at, { object, touch }] of writes.entries()) {
    if (!succeeded(touch)) continue;
    const number = Number(touch.facts?.revision ?? Number.NaN);
    const before = numbers.get(object);
    if (number > (before ?? 0)) numbers.set(object, number);
    const newest = found.at(-1)?.object;
    const returns =
      object !== newest &&
      // The controller updates a ControllerRevision only to make it the newest.
      (!isNumbered ||
        (Number.isNaN(number) || before === undefined
          ? isWrittenTwice(touch, object, writes[at + 1])
          : number > before));
    if (touch === object.create || returns) found.push({ object, touch });
  }
  return found;
}

function isWriteOf(touch: Touch, controller: string): boolean {
  const isWrite = touch.verb === "update" || touch.verb === "patch";
  return isWrite && touch.subresource === "" && touch.event === null && touch.actor.controller === controller;
}

function inOrder(left: Touch, right: Touch): number {
  const isBefore = precedes(left, right);
  return isBefore === precedes(right, left) ? byTime(left, right) : isBefore ? -1 : 1;
}

/** Both requests come from one pass of the controller over the Deployment. */
const ONE_PASS_US = 5_000_000;

/**
 * All that Metadata level shows of a return: the Deployment's controller numbers the ReplicaSet anew, and in the same pass
 * tries to again from the copy it had, which is a conflict. Nothing else makes it write one ReplicaSet twice from one copy.
 */
function isWrittenTwice(touch: Touch, object: Life, next: Beginning | undefined): boolean {
  if (next === undefined || next.object !== object || next.touch.code !== 409) return false;
  if (next.touch.timeUs - touch.timeUs > ONE_PASS_US) return false;
  return Number.isNaN(touch.base) || Number.isNaN(next.touch.base) || touch.base === next.touch.base;
}

/** Images of a template and of what was made from it are the same; a patch names only those it changes. */
function mayLeadTo({ facts }: Touch, images: string | undefined): boolean {
  if (images === undefined || facts?.images === undefined) return true;
  if (facts.partial !== true) return facts.images === images;
  const made = new Set(images.split(","));
  return facts.images.split(",").every((image) => made.has(image));
}
