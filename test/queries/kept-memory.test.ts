import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestIndex } from "../../src/index/contract.ts";
import type { GroupResult } from "../../src/queries/contract.ts";
import { KeptAnswers } from "../../src/queries/kept-answers.ts";
import { PairIds } from "../../src/queries/pair-ids.ts";
import { type Part, PartCache } from "../../src/queries/part-cache.ts";

const MIB = 2 ** 20;
const index = { rowCount: 0, blocks: [] } as unknown as RequestIndex;

describe("what is kept for the next question", () => {
  it("is bounded by what numbers the groups, too, counted once for all plans that share it", () => {
    const cache = new PartCache<Part, { readonly memoryBytes: number }>();
    const keep = (key: string, groups: { readonly memoryBytes: number }): void => {
      cache.keep(
        key,
        cache.plan(key, () => groups),
        index,
      );
    };
    const isKept = (key: string): boolean => {
      const other = { memoryBytes: 0 };
      return cache.plan(key, () => other).groups !== other;
    };
    const shared = { memoryBytes: 40 * MIB };
    keep("a", shared);
    keep("b", shared);
    keep("c", { memoryBytes: 20 * MIB });
    expect(["a", "b", "c"].map(isKept)).toEqual([true, true, true]);
    keep("d", { memoryBytes: 20 * MIB });
    expect(["a", "b", "c", "d"].map(isKept)).toEqual([false, false, true, true]);
    const few = { memoryBytes: MIB };
    const keys = Array.from({ length: 200 }, (_, k) => `filter ${k}`);
    for (const key of keys) keep(key, few);
    expect(keys.every(isKept)).toBe(true);
  });

  it("is the last answers, until a row changes and not more rows than some thousands", () => {
    const kept = new KeptAnswers();
    const answer = { rows: Array.from({ length: 99 }, () => ({})) } as unknown as GroupResult;
    const isKept = (k: number, revision = 1): boolean => kept.of(`question ${k}`, revision) === answer;
    for (let k = 0; k < 500; k++) {
      kept.keep(`question ${k}`, 1, answer);
      kept.keep(`question ${k}`, 1, answer);
      if (k > 0) expect(isKept(0)).toBe(true);
    }
    expect([isKept(499), isKept(461), isKept(459), isKept(499, 2)]).toEqual([true, true, false, false]);
    kept.keep("question 1000", 2, answer);
    expect([isKept(1_000, 2), isKept(0, 1), isKept(0, 2)]).toEqual([true, false, false]);
  });

  it("numbers pairs as a map does, dense or far apart, in no more than a few bytes a pair beyond 12 MiB", () => {
    const side = fc.oneof(fc.nat(40), fc.nat(1_000_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 400 }), (pairs) => {
        const ids = new PairIds();
        const known = new Map<string, number>();
        for (const [first, second] of pairs) {
          const key = `${first} ${second}`;
          if (!known.has(key)) known.set(key, known.size);
          expect(ids.id(first, second)).toBe(known.get(key));
        }
        expect(ids.count).toBe(known.size);
        expect(ids.memoryBytes).toBeLessThan(12 * MIB);
      }),
    );
  });
});
