import type { Life } from "./lives.ts";
import type { ObjectStore, UnnamedTouch } from "./object-store.ts";
import type { Step } from "./steps.ts";

/**
 * Creates of children that were refused (quota, admission) and so never had a name: told as steps of the owner they
 * name in their request body.
 */
export function refusedChildren(lives: readonly Life[], store: ObjectStore): Step[] {
  const byUid = new Map<string, Life>();
  for (const life of lives) {
    if (life.uid !== "") byUid.set(life.uid, life);
  }
  const steps: Step[] = [];
  for (const namespace of new Set(lives.map((life) => life.record.namespace))) {
    for (const touch of store.refusedIn(namespace)) {
      const life = ownerAmong(touch, byUid);
      if (life !== null) steps.push({ touch, life, what: refusedWords(touch), sort: "failure" });
    }
  }
  return steps;
}

export function ownerAmong(touch: UnnamedTouch, byUid: ReadonlyMap<string, Life>): Life | null {
  for (const owner of touch.facts?.owners ?? []) {
    const life = byUid.get(owner.uid);
    if (life !== undefined) return life;
  }
  return null;
}

export function refusedWords(touch: UnnamedTouch): string {
  const base = touch.facts?.generateName === undefined ? "" : ` ${touch.facts.generateName}…`;
  const why = touch.failure === "" ? "" : `: ${touch.failure}`;
  const who = touch.failure.includes("exceeded quota") ? "rejected by quota" : "refused";
  return `${who} ${String(touch.code)}: create ${touch.resource}${base}${why}`;
}
