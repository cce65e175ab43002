import { resourceOfKind } from "../events/resource-names.ts";
import type { Confidence } from "./contract.ts";
import type { Life } from "./lives.ts";
import { namingRules } from "./naming.ts";
import type { ObjectStore, UnnamedTouch } from "./object-store.ts";
import type { Step } from "./steps.ts";

/** Objects by what a refused create may tell of its owner. */
export class Parents {
  private readonly byUid = new Map<string, Life>();
  private readonly byName = new Map<string, Life>();

  constructor(lives: readonly Life[]) {
    for (const life of lives) {
      if (life.uid !== "") this.byUid.set(life.uid, life);
      this.byName.set(`${life.record.resource}/${life.record.name}`, life);
    }
  }

  /**
   * The owner a refused create names in its request; without its body the one whose name the controller puts before the
   * child's, told by the refusal itself. null when it is none of these objects.
   */
  of(touch: UnnamedTouch): { readonly owner: Life; readonly confidence: Confidence } | null {
    const owners = touch.facts?.owners;
    for (const { uid, kind, apiVersion, name } of owners ?? []) {
      const owner = this.byUid.get(uid);
      if (owner !== undefined) return { owner, confidence: "certain" };
      const named = this.byName.get(`${resourceOfKind(kind, apiVersion)}/${name}`);
      if (named?.uid === "") return { owner: named, confidence: "likely" };
    }
    if (owners !== undefined) return null;
    const name = refusedName(touch);
    const rule = namingRules(touch.resource).find(({ controller }) => controller === touch.actor.controller);
    if (rule === undefined || !name.endsWith("-")) return null;
    const owner = this.byName.get(`${rule.owner}/${name.slice(0, -1)}`);
    return owner === undefined ? null : { owner, confidence: "likely" };
  }
}

/** Creates of children that were refused (quota, admission) and so never had a name: told as steps of their owner. */
export function refusedChildren(lives: readonly Life[], store: ObjectStore): Step[] {
  const parents = new Parents(lives);
  const steps: Step[] = [];
  for (const namespace of new Set(lives.map((life) => life.record.namespace))) {
    for (const touch of store.refusedIn(namespace)) {
      const life = parents.of(touch)?.owner;
      if (life !== undefined) steps.push({ touch, life, what: refusedWords(touch), sort: "failure" });
    }
  }
  return steps;
}

export function refusedWords(touch: UnnamedTouch): string {
  const name = refusedName(touch);
  const base = name === "" ? "" : ` ${name}…`;
  const why = touch.failure === "" ? "" : `: ${touch.failure}`;
  const who = touch.failure.includes("exceeded quota") ? "rejected by quota" : "refused";
  return `${who} ${String(touch.code)}: create ${touch.resource}${base}${why}`;
}

/** What the name would have begun with; a refusal says it first, at every level: `pods "web-7c5ddbdf54-" is forbidden`. */
function refusedName(touch: UnnamedTouch): string {
  return touch.facts?.generateName ?? /^\S+ "([^"]{1,253}-)" is /.exec(touch.failure)?.[1] ?? "";
}
