import { stringify } from "csv-stringify/sync";
import { escapeControl } from "./control-text.ts";
import type { Writer } from "./contract.ts";

/**
 * Comma-separated values by RFC 4180 with a header line; nested fields are columns named by their path, lists are joined
 * by spaces. A text cell that a spreadsheet would take for a formula (it starts with = + - @, tab or return) gets a
 * leading apostrophe: user agents and names are chosen by strangers. Scripts that need the exact text read jsonl.
 */
export const csv: Writer = {
  id: "csv",
  about: "comma-separated values with a header; texts that look like spreadsheet formulas get a leading '",
  async write(answer, sink) {
    const { fields, batches } = answer.data;
    const printable = sink.isTerminal ? escapeControl : (text: string): string => text;
    await sink.write(printable(stringify([fields.map((field) => field.name)])));
    for await (const batch of batches) {
      const rows = batch.map((row) => fields.map((field) => cell(row.record, field.path) ?? field.missing ?? null));
      await sink.write(printable(stringify(rows, { escape_formulas: true })));
    }
  },
};

function cell(record: unknown, path: readonly string[]): string | number | null {
  let value = record;
  for (const step of path) {
    value =
      typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[step] : undefined;
  }
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
}
