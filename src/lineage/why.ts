import { Asking } from "./asking.ts";
import { clockNotes } from "./clocks.ts";
import type { WhyResult } from "./contract.ts";
import { diedWith } from "./died-with.ts";
import type { Families } from "./family.ts";
import type { Life } from "./lives.ts";
import { otherLives, type FoundObject } from "./object-text.ts";
import type { ObjectStore } from "./object-store.ts";
import { outsideBefore } from "./outside/trouble.ts";
import { objectWords } from "./steps.ts";
import { isoOf } from "./times.ts";
import { ownersOf, treeOf } from "./trail.ts";

/** Why an object is gone, stuck, was never there, or that it is alive. */
export function whyOf(found: FoundObject, families: Families, store: ObjectStore, oldestSeq: number): WhyResult {
  const asked = new Asking(families, store, oldestSeq);
  const { life } = found;
  const answer = asked.about(life);
  const missing = new Set(answer.missing);
  if (answer.confidence !== "certain" && missing.size === 0) for (const said of asked.needs()) missing.add(said);
  if (found.alsoIn.length > 0)
    missing.add(`the name is also in ${found.alsoIn.slice(0, 5).join(", ")}: tell the namespace to mean those`);
  const tree = { below: treeOf(life, families), above: ownersOf(life, families), touches: life.touches };
  const outside = outsideBefore(tree, families, store, oldestSeq);
  const died = diedWith(life, families);
  return {
    object: objectWords(life),
    verdict: answer.verdict,
    chain: answer.chain,
    confidence: answer.confidence,
    missing: [...missing],
    id: life.id,
    finalizers: answer.verdict === "stuck" ? finalizersOf(life) : [],
    otherLives: otherLives(found).map((other) => ({
      id: other.id,
      created: isoOf(other.createdUs),
      deleted: isoOf(other.removal?.timeUs ?? other.goneUs),
    })),
    ...(outside === null ? {} : { outside }),
    ...(died === null ? {} : { died }),
    ...(store.skews.length === 0 ? {} : { clocks: clockNotes(store.skews) }),
  };
}

function finalizersOf(life: Life): readonly string[] {
  return life.touches.findLast(({ facts }) => facts?.full === true)?.facts?.finalizers ?? [];
}
