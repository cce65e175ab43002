import { describe, expect, it } from "vitest";
import { SharedReads } from "../../src/engine/findings/shared-reads.ts";
import type { Store } from "../../src/store/store.ts";

const BYTES = 10 * 1024 * 1024;

/** Whose events are their ids as text; every pass over the originals is noted. */
function storeOf(passes: (readonly number[])[], bytes = 1): Store {
  const store: Partial<Store> = {
    bytesOf: (ids) => Promise.resolve(ids.map(() => bytes)),
    async *originals(ids) {
      passes.push(ids);
      for (const [at, id] of ids.entries()) {
        if (id < 0) yield { at, event: { missing: "gone" } };
        else yield { at, event: { bytes: Buffer.from(String(id)) } };
      }
    },
  };
  return store as Store;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("original events that many ask for", () => {
  it("are read in one pass, each once, when nobody has another question", async () => {
    const passes: (readonly number[])[] = [];
    const reads = new SharedReads(storeOf(passes), new AbortController().signal);
    const late = async (ids: readonly number[]): Promise<readonly (string | undefined)[]> => {
      for (let question = 0; question < 3; question++) await reads.ask(() => Promise.resolve());
      return reads.read(ids, text);
    };
    const found = await Promise.all([reads.read([3, 1], text), late([1, 2, -1]), reads.read([], text)]);
    expect(found).toEqual([["3", "1"], ["1", "2", undefined], []]);
    expect(passes).toEqual([[-1, 1, 2, 3]]);
  });

  it("are read in several passes when they are many bytes", async () => {
    const passes: (readonly number[])[] = [];
    const reads = new SharedReads(storeOf(passes, BYTES), new AbortController().signal);
    const wanted = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ];
    const found = await Promise.all(wanted.map((ids) => reads.read(ids, text)));
    expect(found).toEqual(wanted.map((ids) => ids.map(String)));
    expect(passes).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ]);
  });

  it("ask one question at a time, and fail who asked alone", async () => {
    const reads = new SharedReads(storeOf([]), new AbortController().signal);
    let running = 0;
    const question = (fails: boolean) => async () => {
      expect(running++).toBe(0);
      await Promise.resolve();
      running--;
      if (fails) throw new Error("no");
      return "yes";
    };
    const answers = await Promise.allSettled([false, true, false].map((fails) => reads.ask(question(fails))));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});
