import { COLLECTOR } from "./actors.ts";
import type { Explanation } from "./causes/contract.ts";
import type { WhyLink } from "./contract.ts";
import type { Families } from "./family.ts";
import type { ObjectRecord } from "./object-record.ts";
import type { ObjectStore } from "./object-store.ts";
import { isRemoval, type Life } from "./lives.ts";
import { succeeded, type Touch } from "./touch.ts";

/** Longer than any usual grace period: what is still Terminating then does not move. */
const PATIENCE_US = 120 * 1_000_000;

/**
 * Deleted, but still there: which finalizers are left and who last tried. null while it may still be on its way, or
 * when the log cannot know that it is still there.
 */
export function stuckExplanation(
  life: Life,
  store: ObjectStore,
  families: Families,
  link: (life: Life, touch: Touch, because: string) => WhyLink,
): Explanation | null {
  const { toUs } = store.extent;
  const { removal } = life;
  if (removal === null || life.goneUs !== null) return null;
  const after = life.touches.filter(
    (touch) => touch.timeUs >= removal.timeUs && touch.event === null && touch.verb !== "get",
  );
  const state = after.findLast((touch) => succeeded(touch) && tellsFinalizers(touch));
  const finalizers = state?.facts?.finalizers ?? [];
  const refused = after.filter(
    (touch) => touch.code !== null && touch.code >= 400 && touch.code !== 404 && touch.code !== 409,
  );
  const graceUs = (state?.facts?.deletionGrace ?? 0) * 1_000_000;
  const waitedUs = toUs - removal.timeUs;
  const content = finalizers.length === 0 && refused.length === 0 ? contentLeft(life, families) : [];
  if (content.length > 0 && waitedUs >= PATIENCE_US) return heldByContent(content, waitedUs, link);
  if (finalizers.length === 0 && refused.length === 0) return null;
  if (waitedUs < graceUs + (refused.length > 0 ? 0 : PATIENCE_US)) return null;
  const left = finalizers.length === 0 ? "" : `, finalizers left: ${finalizers.join(", ")}`;
  const because = `Terminating for ${durationWords(waitedUs)}${left}`;
  const held = refused.length === 0 ? heldByDependent(life, removal, store) : null;
  const dependent = held === null ? null : (families.livesOf(...held.of).at(-1) ?? null);
  const lastTry = refused.at(-1) ?? after.findLast((touch) => succeeded(touch) && !isRemoval(touch));
  const doubt = doubtOf(life, finalizers, store, families);
  const chain =
    held !== null && dependent !== null
      ? [link(dependent, held.last, `${because}; ${held.words}`)]
      : lastTry === undefined
        ? []
        : [link(life, lastTry, because)];
  return {
    verdict: "stuck",
    chain,
    confidence: state === undefined || doubt !== null ? "likely" : "certain",
    missing: [
      ...(chain.length === 0 ? [`${because}; nobody has tried to remove them in this log`] : []),
      ...(state === undefined
        ? [`which finalizers are left is not in this log: needs RequestResponse level for ${life.record.resource}`]
        : []),
      ...(doubt === null ? [] : [doubt]),
    ],
  };
}

/** What is still in a namespace although it was to go. */
function contentLeft({ record }: Life, families: Families): readonly Life[] {
  if (record.resource !== "namespaces") return [];
  return families.of(record.name).all.filter((life) => life.real && life.removal !== null && life.goneUs === null);
}

function heldByContent(
  content: readonly Life[],
  waitedUs: number,
  link: (life: Life, touch: Touch, because: string) => WhyLink,
): Explanation {
  const finalizersOf = ({ touches }: Life): readonly string[] =>
    touches.findLast((touch) => tellsFinalizers(touch))?.facts?.finalizers ?? [];
  const [first] = content.toSorted((left, right) => finalizersOf(right).length - finalizersOf(left).length);
  const finalizers = first === undefined ? [] : finalizersOf(first);
  const others = content.length === 1 ? "" : ` and ${String(content.length - 1)} more`;
  const by = finalizers.length === 0 ? "" : `, finalizers left: ${finalizers.join(", ")}`;
  const because = `Terminating for ${durationWords(waitedUs)}: this${others} in it is still there${by}`;
  return {
    verdict: "stuck",
    chain: first?.removal ? [link(first, first.removal, because)] : [],
    confidence: "likely",
    missing: [],
  };
}

/** Who takes these off. */
const OF_COLLECTOR = new Set(["foregroundDeletion", "orphan"]);

/** Why it may be gone all the same; null where nothing speaks for that. */
function doubtOf(life: Life, finalizers: readonly string[], store: ObjectStore, families: Families): string | null {
  if (!store.extent.hasCollector && finalizers.some((finalizer) => OF_COLLECTOR.has(finalizer)))
    return "this log has no requests of the garbage collector, which takes them off";
  return families.lossIn(life.record.namespace);
}

/** What holds a removal up: the garbage collector may not take its owner reference off a dependent. */
interface Held {
  readonly of: readonly [resource: string, namespace: string, name: string];
  readonly last: Touch;
  readonly words: string;
}

/** The last such refusal since the removal, and how many there were. */
function heldByDependent(life: Life, removal: Touch, store: ObjectStore): Held | null {
  const { namespace } = life.record;
  let last: { readonly record: ObjectRecord; readonly touch: Touch } | null = null;
  let refusals = 0;
  let isReduced = false;
  const dependents = new Set<string>();
  store.reading.wants({ of: "space", namespace, isWhole: true });
  for (const record of store.inNamespace(namespace)) {
    for (const touch of record.touches) {
      if (touch.timeUs < removal.timeUs || touch.actor.controller !== COLLECTOR || touch.code === null) continue;
      if (touch.code < 400 || touch.code === 404 || touch.code === 409) continue;
      if (touch.facts?.releases?.includes(life.uid) !== true) continue;
      refusals += 1;
      isReduced ||= record.dropped > 0;
      dependents.add(`${record.resource}/${record.name}`);
      if (last === null || touch.timeUs > last.touch.timeUs) last = { record, touch };
    }
  }
  if (last === null) return null;
  const { record, touch } = last;
  const times = refusals === 1 ? "" : `, ${isReduced ? "at least " : ""}${String(refusals)} times`;
  const others = dependents.size === 1 ? "" : ` and ${String(dependents.size - 1)} more`;
  return {
    of: [record.resource, record.namespace, record.name],
    last: touch,
    words: `its dependent ${record.resource}/${record.name}${others} could not be let go${times}`,
  };
}

/** A whole object; a piece of one tells only what it has. */
function tellsFinalizers({ facts }: Touch): boolean {
  return facts?.full === true || (facts?.deleting === true && facts.finalizers !== undefined);
}

function durationWords(us: number): string {
  const seconds = Math.round(us / 1_000_000);
  if (seconds < 120) return `${String(seconds)} s`;
  if (seconds < 7_200) return `${String(Math.round(seconds / 60))} min`;
  if (seconds < 172_800) return `${String(Math.round(seconds / 3_600))} h`;
  return `${String(Math.round(seconds / 86_400))} days`;
}
