import { describe, expect, it } from "vitest";
import type { Cell } from "../../src/models/view.ts";
import { compareTable } from "../../src/panes/compare/table.ts";
import type { ComparedFigures, ComparedRow, CompareResult } from "../../src/queries/compare-query.ts";

interface Sample {
  readonly requests: number;
  readonly errors?: number;
  readonly p99?: number;
}

/** Figures of a side that is `seconds` long. */
function figures({ requests, errors = 0, p99 = 10 }: Sample, seconds: number): ComparedFigures {
  const latencyMs = { p50: p99, p90: p99, p99, max: p99, sum: p99 };
  return {
    requests,
    rate: requests / seconds,
    errors: { "4xx": errors, "5xx": 0 },
    latencyMs,
    bytes: 1_024 * requests,
  };
}

/** The cells of one table with a row for each pair of samples, by column. */
function cellsOf(seconds: readonly [number, number], ...pairs: readonly (readonly [Sample, Sample])[]) {
  const rows = pairs.map(([before, after], at): ComparedRow => {
    const [a, b] = [figures(before, seconds[0]), figures(after, seconds[1])];
    return { key: { verb: `v${at}` }, change: "same", significance: 0, rateChange: b.rate - a.rate, a, b };
  });
  const side = (length: number) => ({
    ...figures({ requests: 1 }, length),
    span: { from: null, to: null, seconds: length },
  });
  const result: CompareResult = {
    by: ["verb"],
    groups: rows.length,
    sameLength: seconds[0] === seconds[1],
    a: side(seconds[0]),
    b: side(seconds[1]),
    rows,
  };
  const table = compareTable(result, rows, {
    width: 200,
    unicode: true,
    side: "b",
    sort: "change",
    reverse: false,
    firstRow: 0,
  });
  const at = (id: string): number => table.columns.findIndex((column) => column.id === id);
  return (row: number, id: string): Cell => table.rows[row]?.cells[at(id)] ?? { text: "" };
}

describe("what is painted as worse is", () => {
  const cells = cellsOf(
    [60, 60],
    [
      { requests: 100, errors: 2 },
      { requests: 100, errors: 9 },
    ],
    [
      { requests: 100, errors: 9 },
      { requests: 100, errors: 2 },
    ],
    // Fewer errors, although a larger share of fewer requests.
    [
      { requests: 400, errors: 40 },
      { requests: 20, errors: 4 },
    ],
    // More errors, but no larger a share of more requests.
    [
      { requests: 100, errors: 10 },
      { requests: 1_000, errors: 50 },
    ],
    [{ requests: 100 }, { requests: 100, errors: 1 }],
    [
      { requests: 100, p99: 10 },
      { requests: 100, p99: 100 },
    ],
    [
      { requests: 100, p99: 100 },
      { requests: 100, p99: 10 },
    ],
  );

  it("errors", () => {
    expect([0, 1, 2, 3, 4].map((row) => cells(row, "errors").tone)).toEqual([
      "code4xx",
      "good",
      "muted",
      "muted",
      "code4xx",
    ]);
  });

  it("latencies", () => {
    expect([5, 6, 0].map((row) => cells(row, "p99").tone)).toEqual(["warn", "good", undefined]);
  });
});

describe("numbers of one table are of one unit", () => {
  const pairs = [
    [
      { requests: 1_200, errors: 600 },
      { requests: 600, errors: 30 },
    ],
    [{ requests: 5, errors: 5 }, { requests: 3 }],
  ] as const;
  const texts = (seconds: readonly [number, number]): string[][] => {
    const cells = cellsOf(seconds, ...pairs);
    return [0, 1].map((row) => ["a", "b", "rate", "errors"].map((id) => cells(row, id).text));
  };

  it("counts where both sides are of one length", () => {
    expect(texts([60, 60])).toEqual([
      ["1,200", "600", "-10/s", "600 → 30"],
      ["5", "3", "-0.033/s", "5 → 0"],
    ]);
  });

  it("rates where they are not, errors too", () => {
    expect(texts([60, 600])).toEqual([
      ["20/s", "1/s", "-19/s", "10 → 0.05/s"],
      ["0.083/s", "0.005/s", "-0.078/s", "0.083 → 0/s"],
    ]);
  });
});
