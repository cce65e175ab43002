import { KUBELET } from "./actors.ts";
import { weakest, type Explanation, type RemovalContext } from "./causes/contract.ts";
import { creationChain } from "./causes/creation.ts";
import type { Life } from "./lives.ts";
import { openRemoval } from "./open-removal.ts";
import { absenceOf } from "./presence.ts";
import { objectWords } from "./steps.ts";
import { succeeded } from "./touch.ts";

type Context = Pick<RemovalContext, "families" | "store" | "explain" | "link">;

/** Nothing in the log asked for its removal: what speaks against its being there all the same, else that it is alive. */
export function unremoved(life: Life, context: Context): Explanation {
  return (
    namespaceGone(life, context) ??
    absent(life, context) ??
    ownerGone(life, context) ??
    evicted(life, context) ??
    neverThere(life) ??
    alive(life, context)
  );
}

function namespaceGone(life: Life, { families, explain }: Context): Explanation | null {
  const { namespace, resource } = life.record;
  const space = namespace === "" ? undefined : families.livesOf("namespaces", "", namespace).at(-1);
  if (space === undefined || space.removal === null || (life.createdUs ?? 0) >= space.removal.timeUs) return null;
  return {
    verdict: "namespace-deleted",
    chain: explain(space)?.chain ?? [],
    confidence: "likely",
    missing: [`its own removal is not in the log: needs RequestResponse level for ${resource}`],
  };
}

function absent(life: Life, { families, explain, link }: Context): Explanation | null {
  const absence = absenceOf(life, families);
  if (absence === null) return null;
  const { by, us, words } = absence;
  const open = openRemoval(life, us);
  const cause = open === null ? null : explain(life);
  if (cause !== null) return { ...cause, missing: [words, ...cause.missing] };
  return {
    verdict: "unknown",
    chain: by === null ? [] : [link(by.life, by.touch, "")],
    confidence: by === null ? "guess" : "likely",
    missing: [words],
  };
}

/** What its owner leaves behind is collected: after that it is there only if it was to stay. */
function ownerGone(life: Life, context: Context): Explanation | null {
  const leader = context.families.ownerOf(life)?.owner ?? followed(life, context);
  if (leader === null || isKept(life, leader)) return null;
  const cause =
    leader.removal === null
      ? ownerGone(leader, context)
      : leader.removal.facts?.delete?.propagation === "Orphan"
        ? null
        : context.explain(leader);
  if (cause === null) return null;
  if (mayBeLeft(leader, context)) {
    const said = `${objectWords(leader)} was removed shortly before the log ends: it may be gone as well`;
    return weaker(alive(life, context), said);
  }
  return {
    verdict: "owner-deleted",
    chain: cause.chain,
    confidence: weakest("likely", cause.confidence),
    missing: [`${objectWords(leader)} was removed; its own removal is not in this log`, ...cause.missing],
  };
}

function weaker(answer: Explanation, doubt: string): Explanation {
  return { ...answer, confidence: weakest(answer.confidence, "likely"), missing: [...answer.missing, doubt] };
}

/** Has another owner as well, or lost the reference to this one, or is younger. */
function isKept(life: Life, owner: Life): boolean {
  const told = life.touches.findLast(({ facts }) => facts?.full === true)?.facts?.owners;
  if (told !== undefined && told.length > 1) return true;
  const removedUs = owner.removal?.timeUs ?? Number.POSITIVE_INFINITY;
  return life.firstUs > removedUs;
}

/** A busy garbage collector takes this long. */
const COLLECTION_US = 60 * 1_000_000;

function mayBeLeft(owner: Life, { store }: Context): boolean {
  return owner.removal !== null && store.extent.toUs - owner.removal.timeUs <= COLLECTION_US;
}

/** Endpoints are kept in step with the Service of their name. */
function followed({ record }: Life, { families }: Context): Life | null {
  if (record.resource !== "endpoints") return null;
  return families.livesOf("services", record.namespace, record.name).at(-1) ?? null;
}

function evicted(life: Life, { link }: Context): Explanation | null {
  const touch = life.touches.findLast(({ facts }) => facts?.pod?.reason === "Evicted");
  if (touch === undefined) return null;
  const because = touch.facts?.pod?.message ?? "";
  return { verdict: "evicted", chain: [link(life, touch, because)], confidence: "certain", missing: [] };
}

function neverThere(life: Life): Explanation | null {
  if (life.real) return null;
  const isDryRun = life.touches.some((touch) => touch.dryRun);
  return {
    verdict: "unknown",
    chain: [],
    confidence: isDryRun ? "certain" : "guess",
    missing: [
      isDryRun
        ? "only dry-run requests name it: it was never created"
        : "no request that shows it existed is in this log",
    ],
  };
}

function alive(life: Life, { families, store, link }: Context): Explanation {
  const { resource, namespace } = life.record;
  const isCovered = store
    .unnamedOf(resource, namespace)
    .some((touch) => touch.verb === "deletecollection" && succeeded(touch) && touch.timeUs >= life.firstUs);
  const doubts: string[] = [];
  const isUnread =
    resource === "pods" &&
    life.touches.some((touch) => touch.actor.controller === KUBELET && touch.level === "Metadata");
  if (isUnread) doubts.push("whether its kubelet evicted it is not in this log: needs Request level for pods/status");
  if (!store.extent.hasControllers)
    doubts.push("this log has no requests of controllers: what they removed it does not tell");
  const loss = families.lossIn(namespace);
  if (loss !== null) doubts.push(loss);
  return {
    verdict: "alive",
    chain: creationChain(life, { families, link }),
    confidence: isCovered ? "guess" : doubts.length > 0 ? "likely" : "certain",
    missing: [
      isCovered
        ? `a deletecollection of ${resource} may have covered it: needs RequestResponse level`
        : "no delete of it is in this log",
      ...(life.create === null ? [`the create of ${objectWords(life)} is not in this log`] : []),
      ...doubts,
    ],
  };
}
