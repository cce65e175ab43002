import { stringify } from "csv-stringify/sync";
import { escapeLine } from "./control-text.ts";
import type { Writer } from "./contract.ts";

/**
 * Comma-separated values by RFC 4180 with a header line; nested fields are columns named by their path, lists are joined
 * by spaces. A text cell that a spreadsheet would take for a formula (it starts with = + - @, tab or return) gets a
 * leading apostrophe, and control and invisible characters are shown as escapes, so that a record is a line and nobody's terminal obeys
 * it: user agents and names are chosen by strangers. Scripts that need the exact text read jsonl.
 */
export const csv: Writer = {
  id: "csv",
  about:
    "comma-separated values with a header; texts that look like spreadsheet formulas get a leading ', control and invisible characters are escaped",
  async write(answer, sink) {
    const { fields, batches } = answer.data;
    await sink.write(stringify([fields.map((field) => escapeLine(field.name))], { escape_formulas: true }));
    for await (const batch of batches) {
      const rows = batch.map((row) => fields.map((field) => cell(row.record, field.path) ?? field.missing ?? null));
      await sink.write(stringify(rows, { escape_formulas: true }));
    }
  },
};

function cell(record: unknown, path: readonly string[]): string | number | null {
  let value = record;
  for (const step of path) {
    // Names of the log are among the steps: "constructor" is no field unless the record has it.
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, step);
    value = isThere ? (value as Readonly<Record<string, unknown>>)[step] : undefined;
  }
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return value;
  return escapeLine(typeof value === "string" ? value : Array.isArray(value) ? value.join(" ") : JSON.stringify(value));
}
