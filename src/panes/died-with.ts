import type { DiedWith } from "../lineage/contract.ts";
import { counted, duration } from "../models/numbers.ts";

/** What a namespace took with it, in words: the same on the trail, under why and on the command line. */

const MOST_KINDS = 6;
const MOST_NAMES = 8;

/** `13 objects within 10.4 s: 3 ConfigMaps, 2 Pods, 1 Deployment and 3 kinds more` */
export function diedWords({ objects, kinds, ms }: DiedWith): string {
  if (objects === 0) return "nothing that the log names";
  const told = kinds.slice(0, MOST_KINDS).map(({ kind, count }) => counted(count, kind));
  const more = kinds.length - told.length;
  const rest = more > 0 ? ` and ${counted(more, "kind")} more` : "";
  return `${counted(objects, "object")}${ms === null ? "" : ` within ${duration(ms)}`}: ${told.join(", ")}${rest}`;
}

/** Its own objects by name; what these owned is in the counts. */
export function diedNames({ named }: DiedWith): string {
  const own = named.filter(({ isOwned, isLeft }) => !isOwned && !isLeft).map(({ object }) => short(object));
  const more = own.length - MOST_NAMES;
  return own.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}

/** What it waits for, or waited for longest; "" where nothing held it. */
export function heldWords({ named, ms }: DiedWith): string {
  const left = named.filter(({ isLeft }) => isLeft);
  const holders = left.length > 0 ? left : named.filter(({ finalizers }) => finalizers.length > 0);
  const told = holders.slice(0, MOST_NAMES).map(({ object, finalizers, isLeft, ms: after }) => {
    const by = finalizers.length === 0 ? "" : ` (${finalizers.join(", ")})`;
    return `${short(object)}${by}${isLeft ? "" : after === null ? "" : `, gone after ${duration(after)}`}`;
  });
  if (told.length > 0) {
    const more = holders.length - told.length;
    return `${told.join("; ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
  }
  const last = named.filter(({ ms: after }) => after !== null).toSorted((a, b) => (b.ms ?? 0) - (a.ms ?? 0))[0];
  return ms === null || last?.ms === undefined || last.ms === null
    ? ""
    : `${short(last.object)} went last, after ${duration(last.ms)}`;
}

/** The namespace is told already. */
function short(object: string): string {
  return object.replace(/ -n \S+$/, "");
}
