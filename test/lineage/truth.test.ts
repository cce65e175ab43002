import { describe, expect, it } from "vitest";
import { text } from "../../src/lineage/json.ts";
import { describeShared } from "../support/shared-data.ts";
import { DEMO, lineageOf, readEvents } from "./read-log.ts";
import { BODIES, calledIn, IDENTITIES, LEVELS, LOSSES, ORDERS, type Variant } from "./truth/damage.ts";
import { microseconds, writesOf } from "./truth/events.ts";
import { trueEnds } from "./truth/removals.ts";
import { trueRollouts } from "./truth/scaling.ts";
import { scoreEnds, scoreRollouts } from "./truth/score.ts";

const named = (variants: readonly Variant[]): [string, Variant][] => variants.map((variant) => [variant.name, variant]);

/** scripts/lineage-truth.ts prints the figures, for the volume log too. */
function whatIsTold(path: string): void {
  const events = readEvents(path);
  const ends = [...trueEnds(events).values()];
  const rollouts = trueRollouts(writesOf(events));
  let plain: ReturnType<typeof scores> | undefined;

  function scores(log: typeof events) {
    const endUs = log.reduce((last, event) => Math.max(last, microseconds(text(event, "stageTimestamp"))), 0);
    const lineage = lineageOf(log, { raw: true });
    return { ends: scoreEnds(lineage, ends, endUs), rollouts: scoreRollouts(lineage, rollouts) };
  }

  it.each(named(LEVELS))("is never wrong and certain, and has all roll-outs: %s", (_name, { damage }) => {
    const score = scores(damage(events));
    expect(score.ends.examples).toEqual([]);
    expect(score.ends.right / score.ends.asked).toBeGreaterThan(0.98);
    expect(score.rollouts.examples).toEqual([]);
  });

  it.each(named(ORDERS))("does not depend on the order or the clocks: %s", (_name, { damage }) => {
    const score = scores(damage(events));
    plain ??= scores(events);
    expect(score.ends.examples).toEqual([]);
    expect([score.ends.asked, score.ends.right]).toEqual([plain.ends.asked, plain.ends.right]);
    expect(score.rollouts.examples).toEqual([]);
  });

  it.each(named(LOSSES))("is hardly ever wrong and certain when requests are missing: %s", (_name, { damage }) => {
    const { ends: score } = scores(damage(events));
    expect(score.asked).toBeGreaterThan(10);
    expect(score.wrongCertain / score.asked).toBeLessThanOrEqual(0.01);
  });
}

describe("what is told of the demo log", () => {
  whatIsTold(DEMO);
  const events = readEvents(DEMO);
  const ends = [...trueEnds(events).values()];

  it.each(named([...BODIES, ...IDENTITIES]))(
    "is never wrong and certain, whatever bodies are left and the control plane is called: %s",
    (_name, variant) => {
      const endUs = Number.POSITIVE_INFINITY;
      const lineage = lineageOf(variant.damage(events), { raw: true });
      const expected = ends.map((end) => calledIn(variant, end));
      const score = scoreEnds(lineage, expected, endUs);
      expect(score.examples).toEqual([]);
      expect(score.right / score.asked).toBeGreaterThan(0.8);
    },
  );
});
describeShared("what is told of the attacked cluster", ["data/cluster/X1/X1.log.gz"], whatIsTold);
