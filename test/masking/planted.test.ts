import { describe, expect, it } from "vitest";
import { maskEvent } from "../../src/masking/mask.ts";
import { plantedSecrets, shows } from "../support/planted/generate.ts";

describe("planted secrets", () => {
  const planted = plantedSecrets(2_026);

  it("are all in their events", () => {
    expect(planted.filter((one) => !shows(JSON.stringify(one.event), one))).toEqual([]);
    expect(planted.length).toBeGreaterThan(4_000);
  });

  it("are masked, at least 98 of 100 at every place and of every kind", () => {
    const counts = new Map<string, { planted: number; shown: number }>();
    for (const one of planted) {
      const isShown = shows(JSON.stringify(maskEvent(one.event)), one);
      for (const key of ["all", `of kind ${one.category}`, `at ${one.place}`]) {
        const count = counts.get(key) ?? { planted: 0, shown: 0 };
        counts.set(key, { planted: count.planted + 1, shown: count.shown + Number(isShown) });
      }
    }
    const { planted: all, shown } = counts.get("all") ?? { planted: 0, shown: 0 };
    expect(shown / all).toBeLessThan(0.02);
    // Of a kind there are few: one of them may be drawn so that it looks like words.
    const weak = [...counts].filter(([, count]) => count.shown > Math.max(1, count.planted * 0.02));
    expect(weak).toEqual([]);
  });

  it("leave the same when masked again", () => {
    for (const { event } of planted) {
      const once = maskEvent(event);
      expect(maskEvent(once)).toEqual(once);
    }
  });
});
