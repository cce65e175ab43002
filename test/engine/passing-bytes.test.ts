import { array, assert, integer, property, tuple } from "fast-check";
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

  it("keep the recent ones of all inputs together, also behind the end of an input", () => {
    const passing = new PassingBytes(40);
    const [first, second] = [passing.open(0), passing.open(1_000)];
    first.covers(1);
    second.covers(2);
    first.enter(Buffer.from("0123456789"));
    first.leave(10);
    first.enter(Buffer.from("abcdefghij"));
    first.leave(20);
    expect(String(passing.read(1, 8, 4))).toBe("89ab");
    passing.close(first);
    expect(String(passing.read(1, 0, 10))).toBe("0123456789");
    second.enter(Buffer.from("x".repeat(25)));
    expect(passing.read(2, 1_000, 25)).not.toBeNull();
    second.leave(1_025);
    expect(passing.read(1, 0, 10)).toBeNull();
    expect(String(passing.read(1, 12, 3))).toBe("cde");
    expect(String(passing.read(2, 1_020, 5))).toBe("xxxxx");
  });

  it("are told as they came, whatever has used their memory before", () => {
    const chunk = tuple(integer({ min: 0, max: 1 }), integer({ min: 1, max: 90 }));
    assert(
      property(array(chunk, { minLength: 5, maxLength: 60 }), integer({ min: 90, max: 300 }), (chunks, recent) => {
        const passing = new PassingBytes(recent);
        const windows = [passing.open(0), passing.open(0)];
        windows.forEach((window, input) => window.covers(input));
        const all = [Buffer.alloc(0), Buffer.alloc(0)];
        for (const [round, [input, length]] of chunks.entries()) {
          const bytes = Buffer.alloc(length, 33 + round);
          windows[input]?.enter(bytes);
          windows[input]?.leave(Number.POSITIVE_INFINITY);
          const told = Buffer.concat([all[input] ?? bytes, bytes]);
          all[input] = told;
          bytes.fill(0);
          expect(passing.read(input, told.length - length, length)).toEqual(told.subarray(-length));
          for (const [other, known] of all.entries()) {
            for (let at = 0; at < known.length; at += 7) {
              const found = passing.read(other, at, Math.min(11, known.length - at));
              if (found !== null) expect(String(found)).toBe(String(known.subarray(at, at + 11)));
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
