import { describe, expect, it } from "vitest";
import { Arrivals, RecentNotes } from "../../src/engine/arrivals.ts";

describe("how a log comes in", () => {
  it("measures the rate over ten seconds and forgets older arrivals", () => {
    const arrivals = new Arrivals();
    expect(arrivals.perSecond(990_000)).toBe(0);
    arrivals.add(100, 20, 1_000_000);
    expect(arrivals.perSecond(1_000_500)).toBe(10);
    arrivals.add(50, 20, 1_005_000);
    expect(arrivals.perSecond(1_005_000)).toBe(15);
    expect(arrivals.perSecond(1_012_000)).toBe(5);
    expect(arrivals.perSecond(1_900_000)).toBe(0);
  });

  it("is not slow because it has just begun", () => {
    const arrivals = new Arrivals();
    arrivals.perSecond(1_000_000);
    for (let ms = 0; ms < 3_000; ms += 100) arrivals.add(100, null, 1_000_000 + ms);
    expect(arrivals.perSecond(1_003_000)).toBe(1_000);
  });

  it("tells the lag of what came lately, and none of what came long ago", () => {
    const arrivals = new Arrivals();
    expect(arrivals.lagMs(0)).toBeNull();
    arrivals.add(1, 28, 5_000);
    expect(arrivals.lagMs(14_000)).toBe(28);
    expect(arrivals.isFading(14_000)).toBe(true);
    expect(arrivals.lagMs(15_000)).toBeNull();
    expect(arrivals.isFading(15_000)).toBe(false);
  });

  it("keeps a note for ten seconds, the same one once, and the newest few", () => {
    const notes = new RecentNotes(2);
    notes.add("a rotated", 0);
    notes.add("b rotated", 1_000);
    notes.add("a rotated", 2_000);
    expect(notes.texts(2_000)).toEqual(["b rotated", "a rotated"]);
    notes.add("c truncated", 3_000);
    expect(notes.texts(3_000)).toEqual(["a rotated", "c truncated"]);
    expect(notes.texts(12_500)).toEqual(["c truncated"]);
    expect(notes.texts(13_000)).toEqual([]);
  });
});
