import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { lineText } from "../../src/models/line.ts";
import type { Info } from "../../src/engine/contract.ts";
import { type InputRow, tableRows } from "../../src/ui/info-pane.ts";
import type { inputsTable as InputsTable } from "../../src/ui/inputs-table.tsx";
import { bundle } from "../support/bundle.ts";

const ROW: InputRow = {
  input: "audit.log",
  format: "jsonl",
  size: "1.2 MiB",
  events: "1,300",
  bad: "2",
  cut: "1",
  dup: "0",
  other: "0",
};

test("the table of inputs, bundled as the program is", async () => {
  const file = await bundle("test/support/inputs-table-entry.tsx");
  const { inputsTable } = (await import(pathToFileURL(file).href)) as { inputsTable: typeof InputsTable };
  const drawn = (rows: readonly InputRow[], unicode: boolean): string[] =>
    inputsTable(rows, unicode, 100).map(lineText);
  expect(drawn([ROW], true)).toEqual([
    "┌───────────┬────────┬─────────┬────────┬─────┬─────┬─────┬───────┐",
    "│ input     │ format │ size    │ events │ bad │ cut │ dup │ other │",
    "├───────────┼────────┼─────────┼────────┼─────┼─────┼─────┼───────┤",
    "│ audit.log │ jsonl  │ 1.2 MiB │ 1,300  │ 2   │ 1   │ 0   │ 0     │",
    "└───────────┴────────┴─────────┴────────┴─────┴─────┴─────┴───────┘",
  ]);
  expect(drawn([ROW, ROW], false).join("\n")).toMatch(/^[\x20-\x7e\n]+$/);
});

test("paths get what the other columns leave, and there is no table where that is too little", () => {
  const skipped = { bad: 2, truncated: 1, fragment: 0, duplicate: 0, foreign: 0 };
  const input = { path: `/var/log/${"kubernetes/".repeat(9)}audit.log`, format: "jsonl", bytes: 9, events: 5, skipped };
  const rowsAt = (width: number): readonly InputRow[] | null =>
    tableRows({ inputs: [input] } as unknown as Info, width);
  expect(rowsAt(80)?.[0]?.input).toHaveLength(80 - 4 - (6 + 4 + 6 + 3 + 3 + 3 + 5) - 7 * 3);
  expect(rowsAt(80)?.[0]?.input).toMatch(/^….*audit\.log$/);
  expect(rowsAt(300)?.[0]?.input).toBe(input.path);
  expect(rowsAt(66)).toBeNull();
});
