import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asciiLine } from "../../src/models/ascii.ts";
import { heatCells, resample, shareBar, sparkline, stackedColumns } from "../../src/models/charts.ts";
import { cutText, displayWidth, fitText, wrapText } from "../../src/models/display-width.ts";
import { layoutGrid } from "../../src/models/grid.ts";
import { cutLine, fitLine, lineText, lineWidth, spreadLine, wrapLine } from "../../src/models/line.ts";
import { layoutTable } from "../../src/models/table-layout.ts";
import { treeRows } from "../../src/models/tree.ts";
import type { TableModel } from "../../src/models/view.ts";

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("日本語のポッド", "👩‍👩‍👧‍👦 family", "e\u0301\u0302combining", "한글", "🇫🇷", "\ud800lone", "ﷺ", "नमस्ते"),
);

describe("display width", () => {
  it("keeps the tail that tells names apart", () => {
    expect(cutText("system:serviceaccount:kube-system:noisy-agent", 24)).toBe("…kube-system:noisy-agent");
    expect(cutText("system:serviceaccount:kube-system:noisy-agent", 24, "head")).toBe("system:serviceaccount:k…");
    expect(cutText("alice@example.com", 11)).toBe("alice@exam…");
    expect(cutText("system:serviceaccount:x@y", 11)).toBe("…ccount:x@y");
    expect(cutText("日本語のポッド", 7)).toBe("…ポッド");
    expect(fitText("日本語のポッド", 8)).toBe("…ポッド ");
    expect(fitText("7", 3, "right")).toBe("  7");
    expect(cutText("abc", 0)).toBe("");
    expect(cutText("abc", 1)).toBe("…");
  });

  it("keeps the subresource of a resource", () => {
    expect(cutText("deployments.apps/scale", 14, "ends")).toBe("deploym…/scale");
    expect(cutText("deployments.apps/scale", 11, "ends")).toBe("depl…/scale");
    expect(cutText("deployments.apps/scale", 10, "ends")).toBe("deploymen…");
    expect(cutText("leases.coordination.k8s.io", 10, "ends")).toBe("leases.co…");
    expect(cutText("/apis/apps/v1/deployments", 10, "ends")).toBe("/apis/app…");
  });

  it("fits any text exactly, and cuts never exceed the width", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.integer({ min: 0, max: 50 }),
        fc.constantFrom("head", "tail", "ends"),
        (text, width, keep) => {
          expect(displayWidth(cutText(text, width, keep))).toBeLessThanOrEqual(width);
          expect(displayWidth(fitText(text, width, "left", keep))).toBe(width);
        },
      ),
      { seed: 7, numRuns: 400 },
    );
  });

  it("wraps without losing ASCII text and within the width", () => {
    expect(wrapText("no relationship found between node and object", 20)).toEqual([
      "no relationship",
      "found between node",
      "and object",
    ]);
    expect(wrapText("aaaaaaaaaaaa", 5)).toEqual(["aaaaa", "aaaaa", "aa"]);
    expect(wrapText("one two three four", 5, 2)).toEqual(["one", "two …"]);
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 20 }), (text, width) => {
        for (const piece of wrapText(text, width)) expect(displayWidth(piece)).toBeLessThanOrEqual(width);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

describe("lines", () => {
  it("cuts across spans on either side", () => {
    const spans = [{ text: "abc", tone: "good" as const }, { text: "defg" }];
    expect(cutLine(spans, 5)).toEqual([{ text: "abc", tone: "good" }, { text: "d…" }]);
    expect(lineText(cutLine(spans, 5, "tail"))).toBe("…defg");
    expect(lineText(cutLine(spans, 4))).toBe("abc…");
    expect(lineWidth(fitLine(spans, 10))).toBe(10);
    expect(lineText(spreadLine([{ text: "left" }], [{ text: "right" }], 12))).toBe("left   right");
    expect(lineText(spreadLine([{ text: "left" }], [{ text: "right" }], 8))).toBe("left");
  });

  it("says the same in ASCII, column for column", () => {
    expect(lineText(asciiLine([{ text: "▸ 12 µs · …x 日" }]))).toBe("> 12 us . ~x ??");
  });
});

const table: TableModel = {
  kind: "table",
  columns: [
    { id: "user", title: "user", grow: 1, minWidth: 12 },
    { id: "requests", title: "requests", align: "right" },
    { id: "p99", title: "p99", align: "right", drop: 2 },
    { id: "agent", title: "user agent", drop: 3, minWidth: 10 },
  ],
  rows: [
    {
      id: "a",
      cells: [
        { text: "system:serviceaccount:kube-system:noisy-agent" },
        { text: "12,345" },
        { text: "1.20 s" },
        { text: "agent/v1" },
      ],
    },
    {
      id: "b",
      cells: [{ text: "alice" }, { text: "7" }, { text: "3.10 ms" }, { text: "kubectl/v1.36.2 (linux/amd64)" }],
    },
  ],
  rowCount: 2,
  firstRow: 0,
  sort: { column: "requests", reverse: false },
};

function drawn(width: number): string {
  return layoutTable(table, { width, cursorId: "b" })
    .lines.map((line) => `|${lineText(line)}`)
    .join("\n");
}

describe("table layout", () => {
  it("narrows the widest column first, then drops by priority, and never cuts numbers", () => {
    expect(`\n${drawn(110)}\n${drawn(60)}\n${drawn(34)}`).toMatchInlineSnapshot(`
      "
      |  user                                                       requests▼      p99  user agent
      |  system:serviceaccount:kube-system:noisy-agent                 12,345   1.20 s  agent/v1
      |▸ alice                                                              7  3.10 ms  kubectl/v1.36.2 (linux/amd64)
      |  user                requests▼      p99  user agent
      |  …ystem:noisy-agent     12,345   1.20 s  agent/v1
      |▸ alice                       7  3.10 ms  …6.2 (linux/amd64)
      |  user          requests▼      p99
      |  …noisy-agent     12,345   1.20 s
      |▸ alice                 7  3.10 ms"
    `);
  });

  it("never exceeds the width", () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 26, max: 120 }),
        (texts, width) => {
          const model: TableModel = {
            ...table,
            rows: [{ id: "x", cells: texts.map((text) => ({ text: text.slice(0, 9) })) }],
          };
          for (const line of layoutTable(model, { width }).lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
      { seed: 9, numRuns: 200 },
    );
  });

  it("finds the cursor row and says when there is nothing", () => {
    expect(layoutTable(table, { width: 60, cursorId: "b" }).cursorLine).toBe(2);
    expect(layoutTable(table, { width: 60, cursorId: "gone" }).cursorLine).toBeNull();
    const empty = layoutTable({ ...table, rows: [], empty: "no request matches" }, { width: 60 });
    expect(lineText(empty.lines[1] ?? [])).toBe("  no request matches");
  });
});

describe("grid", () => {
  it("puts tables beside each other where they fit, and walks through all rows", () => {
    const section = (id: string) => ({
      id,
      title: [{ text: id }],
      minWidth: 30,
      table: { ...table, rows: table.rows.map((row) => ({ ...row, id: `${id}:${row.id}` })) },
    });
    const wide = layoutGrid([section("one"), section("two")], 70, 10, () => "two:b");
    expect(wide.lines).toHaveLength(4);
    expect(wide.lines[3]?.find((part) => part.text.includes("▸"))).toMatchObject({ bold: true, tone: "accent" });
    expect(wide.ids).toEqual(["one:a", "one:b", "two:a", "two:b"]);
    const narrow = layoutGrid([section("one"), section("two")], 50, 12, () => "two:b");
    expect(narrow.lines).toHaveLength(9);
    expect(lineText(narrow.lines[8] ?? [])).toContain("▸ alice");
    const short = layoutGrid([section("one"), section("two")], 50, 5, () => null);
    expect(short.ids).toEqual(["one:a", "one:b"]);
  });
});

describe("charts", () => {
  it("draws with eighths and in ASCII", () => {
    expect(sparkline([0, 1, 2, 4, 8], 5, true)).toBe(" ▁▂▄█");
    expect(sparkline([0, 1, 2, 4, 8], 5, false)).toBe(" _.-#");
    expect(shareBar(0.5, 4, true)).toBe("██  ");
    expect(shareBar(0.001, 4, true)).toBe("▏   ");
    expect(shareBar(0.5, 4, false)).toBe("##  ");
    expect(heatCells([0, 1, 10, 100], 4, 100, true)).toBe(" ·▒█");
    expect(resample([1, 1, 1, 1], 2)).toEqual([2, 2]);
    expect(resample([], 3)).toEqual([]);
  });

  describe("stacked columns", () => {
    const errors = { tone: "code5xx", glyphs: ["▓", "%"] } as const;
    const all = { tone: "code2xx", glyphs: ["█", "#"] } as const;
    const drawn = (error: readonly number[], rest: readonly number[], height: number, unicode = true) =>
      stackedColumns(
        [
          { ...errors, values: error },
          { ...all, values: rest },
        ],
        rest.length,
        height,
        unicode,
      ).map(lineText);

    it("are in proportion, to an eighth of a line", () => {
      expect(drawn([0, 1, 500, 0, 0], [500, 999, 500, 125, 1], 4)).toEqual([" ██  ", " ██  ", "██▓  ", "██▓▄▁"]);
      expect(drawn([0, 1, 500, 0, 0], [500, 999, 500, 125, 1], 4, false)).toEqual([" ##  ", " ##  ", "##%  ", "##%-_"]);
      expect(drawn([0, 1], [0, 0], 2)).toEqual([" ▓", " ▓"]);
      expect(drawn([], [], 2)).toEqual(["", ""]);
    });

    it("give no layer more cells than its share, rounded to one", () => {
      const column = fc.record({ error: fc.nat(1_000), rest: fc.nat(1_000) });
      fc.assert(
        fc.property(
          fc.array(column, { minLength: 1, maxLength: 8 }),
          fc.integer({ min: 1, max: 10 }),
          (parts, height) => {
            const rows = drawn(
              parts.map(({ error }) => error),
              parts.map(({ rest }) => rest),
              height,
            );
            const top = Math.max(...parts.map(({ error, rest }) => error + rest));
            parts.forEach(({ error, rest }, at) => {
              const cells = rows.map((row) => row[at] ?? " ");
              const share = (value: number): number => (top === 0 ? 0 : (value / top) * height);
              const [full, wrong] = [cells.filter((cell) => cell !== " "), cells.filter((cell) => cell === "▓")];
              expect(Math.abs(wrong.length - share(error))).toBeLessThan(1.01);
              expect(full.length).toBe(
                error + rest === 0 ? 0 : Math.ceil(Math.max(1, Math.round(share(error + rest) * 8)) / 8),
              );
            });
          },
        ),
      );
    });
  });
});

describe("tree", () => {
  it("draws owners before what they own, and survives rings", () => {
    const rows = treeRows(
      [
        { id: "d", owner: null },
        { id: "r1", owner: "d" },
        { id: "p1", owner: "r1" },
        { id: "p2", owner: "r1" },
        { id: "r2", owner: "d" },
        { id: "x", owner: "y" },
        { id: "y", owner: "x" },
      ],
      (node) => node.id,
      (node) => node.owner,
    );
    expect(rows.map((row) => row.strokes + row.node.id)).toEqual([
      "d",
      "├─ r1",
      "│  ├─ p1",
      "│  └─ p2",
      "└─ r2",
      "x",
      "└─ y",
    ]);
  });
});

describe("wrapped lines", () => {
  it("lose no word, keep the tones and the indent, and fit", () => {
    const piece = fc.record({ text: anyText, tone: fc.constantFrom("warn" as const, "key" as const) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.integer({ min: 4, max: 60 }), (parts, width) => {
        const lines = wrapLine([{ text: "  " }, ...parts], width);
        for (const one of lines) expect(lineWidth(one)).toBeLessThanOrEqual(width);
        const words = (text: string): string => text.replaceAll(/\s+/g, "");
        const isWhole = !lines.some((one) => lineText(one).includes("…"));
        if (isWhole) expect(words(lines.map(lineText).join(""))).toBe(words(parts.map(({ text }) => text).join("")));
      }),
    );
    const told = [
      { text: "  The chips say " },
      { text: "nothing at all", tone: "key" as const },
      { text: ", so they go." },
    ];
    expect(wrapLine(told, 20).map((one) => lineText(one).trimEnd())).toEqual([
      "  The chips say",
      "  nothing at all, so",
      "  they go.",
    ]);
  });
});
