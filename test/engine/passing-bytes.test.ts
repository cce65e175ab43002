import { describe, expect, it } from "vitest";
import { PassingBytes } from "../../src/engine/passing-bytes.ts";

const SOURCE = 3;

describe("bytes in memory while an input is read", () => {
  const text = Buffer.from("one\ntwo two\nthree three three\nfour\n");
  const records: readonly (readonly [offset: number, record: string])[] = [
    [0, "one"],
    [4, "two two"],
    [12, "three three three"],
    [30, "four"],
  ];

  it.each([1, 2, 5, 7, 64])("hold every record that ends in the chunk at hand, cut every %i bytes", (size) => {
    const passing = new PassingBytes();
    passing.isWanted = true;
    const window = passing.open(100);
    window.covers(SOURCE);
    const read: string[] = [];
    for (let at = 0; at < text.length; at += size) {
      const chunk = Buffer.from(text.subarray(at, at + size));
      window.enter(chunk);
      const seen = at + chunk.length;
      let consumed = 0;
      for (const [offset, record] of records) {
        const end = offset + record.length + 1;
        if (end <= seen) consumed = end;
        if (end > at && end <= seen) read.push(String(passing.read(SOURCE, 100 + offset, record.length)));
      }
      window.leave(100 + consumed);
      // The reader uses its memory again.
      chunk.fill(0);
    }
    expect(read).toEqual(records.map(([, record]) => record));
  });

  it("do not answer for what is over, not there yet, or of another input", () => {
    const passing = new PassingBytes();
    passing.isWanted = true;
    const window = passing.open(0);
    window.covers(SOURCE);
    window.enter(text);
    expect(passing.read(SOURCE, text.length - 2, 4)).toBeNull();
    expect(passing.read(SOURCE + 1, 0, 3)).toBeNull();
    window.leave(12);
    expect(passing.read(SOURCE, 0, 3)).toBeNull();
    expect(String(passing.read(SOURCE, 12, 5))).toBe("three");
    passing.close(window);
    expect(passing.read(SOURCE, 12, 5)).toBeNull();
  });

  it("keep nothing between chunks while nobody wants them", () => {
    const passing = new PassingBytes();
    const window = passing.open(0);
    window.covers(SOURCE);
    window.enter(text);
    window.leave(12);
    expect(passing.read(SOURCE, 12, 5)).toBeNull();
  });
});
