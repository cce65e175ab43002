import { COLLECTOR } from "../actors.ts";
import { type Families, isCustom } from "../family.ts";
import type { Life } from "../lives.ts";
import { specChanges, type SpecChange } from "../spec-changes.ts";
import { objectWords } from "../steps.ts";
import { precedes, succeeded, type Touch } from "../touch.ts";

/** What a controller acted for: a custom resource, and the last change of it by somebody else. */
export interface Behind {
  readonly life: Life;
  /** null: not in the log. */
  readonly touch: Touch | null;
  readonly because: string;
  /** What the log lacks of it, where more can be said than that. */
  readonly missing?: string;
  /** How the change led to it, where that is not plain. */
  readonly words?: string;
}

const MAX_OWNERS = 4;

/**
 * A controller that acts on a custom resource's spec is not the first cause: whoever changed that spec is. The custom
 * resource owns the object or has its name, and the controller writes it too. null: it acts on its own, as far as is known.
 */
export function behindOperator(life: Life, touch: Touch, families: Families): Behind | null {
  if (touch.actor.actorClass === "human" || touch.actor.controller === COLLECTOR) return null;
  const resource = owned(life, touch, families) ?? namesake(life, touch, families);
  if (resource === null) return null;
  const because = `${shortUser(touch.actor.user)} acts for ${objectWords(resource)}`;
  const own = changeBefore(resource, touch);
  const followed = TARGETED.has(resource.record.resource) ? targetChange(resource, touch, families) : null;
  if (followed === null || (own !== null && precedes(followed.touch, own)))
    return { life: resource, touch: own, because };
  return { ...followed, because: `${because}, which follows ${objectWords(followed.life)}` };
}

/** Custom resources that follow what is called like them: Flagger's Canary promotes what its Deployment is changed to. */
const TARGETED = new Set(["canaries.flagger.app"]);
const TARGETS = ["deployments.apps", "daemonsets.apps"];

function targetChange(
  { record }: Life,
  until: Touch,
  families: Families,
): { readonly life: Life; readonly touch: Touch } | null {
  for (const resource of TARGETS) {
    const life = families.livesOf(resource, record.namespace, record.name).findLast((target) => target.real);
    const change = life === undefined ? undefined : specChanges(life).findLast((found) => isForOthers(found, until));
    if (life !== undefined && change !== undefined) return { life, touch: change.touch };
  }
  return null;
}

/** A change of what runs there, by somebody else than the one who follows it. */
function isForOthers({ touch, kind }: SpecChange, until: Touch): boolean {
  return touch.actor.user !== until.actor.user && kind !== "scale" && precedes(touch, until);
}

function owned(life: Life, { actor }: Touch, families: Families): Life | null {
  let current = life;
  for (let depth = 0; depth < MAX_OWNERS; depth += 1) {
    const owner = families.ownerOf(current)?.owner;
    if (owner === undefined) return null;
    if (isCustom(owner.record.resource) && (isWrittenBy(owner, actor.user) || isMachineryOf(owner, actor.user)))
      return owner;
    current = owner;
  }
  return null;
}

/** OpenShift's deployer pods scale for a DeploymentConfig, each with the account of its namespace, and never write to it. */
function isMachineryOf({ record }: Life, user: string): boolean {
  if (record.resource !== "deploymentconfigs.apps.openshift.io") return false;
  return (
    user === `system:serviceaccount:${record.namespace}:deployer` || user.startsWith("system:serviceaccount:openshift-")
  );
}

/** Targets are often called like what names them, or that and a tail. */
function namesake(life: Life, touch: Touch, families: Families): Life | null {
  if (isCustom(life.record.resource)) return null;
  const { name, namespace } = life.record;
  let best: Life | null = null;
  for (const other of families.of(namespace).customNamed(beginnings(name))) {
    const { name: own } = other.record;
    if (other.firstUs > touch.timeUs || !isWrittenBy(other, touch.actor.user)) continue;
    if (best === null || own.length > best.record.name.length) best = other;
  }
  return best;
}

/** `a-b-c` → `a`, `a-b`, `a-b-c`. */
function beginnings(name: string): Set<string> {
  const parts = name.split("-");
  return new Set(parts.map((_, at) => parts.slice(0, at + 1).join("-")).filter((part) => part !== ""));
}

function isWrittenBy(life: Life, user: string): boolean {
  return life.touches.some(
    (touch) => touch.actor.user === user && touch.event === null && touch.verb !== "create" && succeeded(touch),
  );
}

/** The last change of its spec by somebody else, or its removal. */
function changeBefore(resource: Life, until: Touch): Touch | null {
  const removal = resource.removal;
  if (removal !== null && until.verb === "delete" && precedes(removal, until)) return removal;
  let found: Touch | null = null;
  let generation: number | undefined;
  for (const touch of resource.touches) {
    if (!precedes(touch, until)) break;
    if (touch.event !== null || !succeeded(touch)) continue;
    const now = touch.facts?.generation;
    const isWrite =
      touch.subresource === "" && (touch.verb === "create" || touch.verb === "update" || touch.verb === "patch");
    // Without bodies every write may have changed the spec.
    const isChange = touch === resource.create || now === undefined || now !== generation;
    if (isWrite && isChange && touch.actor.user !== until.actor.user) found = touch;
    if (now !== undefined) generation = now;
  }
  return found;
}

/** `system:serviceaccount:argo-rollouts:argo-rollouts` → `argo-rollouts/argo-rollouts`. */
function shortUser(user: string): string {
  const account = /^system:serviceaccount:([^:]+):(.+)$/.exec(user);
  return account === null ? user : `${account[1] ?? ""}/${account[2] ?? ""}`;
}
