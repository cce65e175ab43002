import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { InputRow } from "../../src/ui/info-pane.ts";
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
  const { drawInputs } = (await import(pathToFileURL(file).href)) as {
    drawInputs: (rows: readonly InputRow[], unicode: boolean) => string;
  };
  const strip = (text: string): string[] => text.replaceAll(/\u001b\[[\d;]*m/g, "").split("\n");
  expect(strip(drawInputs([ROW], true))).toEqual([
    "┌───────────┬────────┬─────────┬────────┬─────┬─────┬─────┬───────┐",
    "│ input     │ format │ size    │ events │ bad │ cut │ dup │ other │",
    "├───────────┼────────┼─────────┼────────┼─────┼─────┼─────┼───────┤",
    "│ audit.log │ jsonl  │ 1.2 MiB │ 1,300  │ 2   │ 1   │ 0   │ 0     │",
    "└───────────┴────────┴─────────┴────────┴─────┴─────┴─────┴───────┘",
  ]);
  expect(drawInputs([ROW, ROW], false).replaceAll(/\u001b\[[\d;]*m/g, "")).toMatch(/^[\x20-\x7e\n]*$/);
});
