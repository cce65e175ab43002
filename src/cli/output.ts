/** What a headless command hands to a writer: data for scripts and the same data as tables for people. */
import type { Cell, Column } from "../models/view.ts";
import type { Field } from "../panes/answer-table.ts";

export { fields } from "../panes/answer-table.ts";
import type { ToneCodes } from "../terminal/themes.ts";

export const OUTPUT_FORMATS = ["table", "json", "jsonl", "csv", "md", "raw", "yaml", "sarif", "trace"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What every command that prints tables prints them as. */
export const TABLE_FORMATS: readonly OutputFormat[] = ["table", "json", "jsonl", "csv", "md"];

export interface ShownRow {
  /** One row of a table, a cell per column. Called only by the writers that print tables. */
  cells(): readonly Cell[];
}

export interface OutputRow extends ShownRow {
  /** One line of `-o jsonl`. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** A table for people. */
export interface Section<Row extends ShownRow = ShownRow> {
  /** Heading above the table; absent for an answer of one table. */
  readonly title?: string;
  readonly columns: readonly Column[];
  /** Least widths of columns are for terminals: elsewhere they are as wide as their cells. */
  readonly isSnug?: boolean;
  /** Printed in tables instead of rows when there are none. */
  readonly empty?: string;
  /** Rows in order, in batches so that a million of them never exist at once. */
  readonly batches: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>;
}

/** For scripts too. */
export interface DataSection extends Section<OutputRow> {
  /** Columns of CSV. */
  readonly fields: readonly Field[];
}

export interface Answer {
  /** The value of `-o json`; absent: an array of the data section's records. */
  readonly document?: unknown;
  /** What jsonl and csv print. */
  readonly data: DataSection;
  /** What table and md print; absent: the data section. */
  readonly people?: readonly Section[];
  /** Original events for `-o raw`, where the command has them, one at a time or several. */
  readonly raw?: AsyncIterable<Uint8Array | readonly Uint8Array[]>;
  /** 4: what was asked to fail on was found. */
  readonly exitCode?: 4;
  /** Trace Events, one at a time, where the answer is of things that take time. */
  readonly trace?: Iterable<Readonly<Record<string, unknown>>>;
  /** YAML documents in pieces, where the answer is of them: printed unless asked for otherwise. */
  readonly yaml?: Iterable<string>;
  /** For `-o sarif`, where the command finds something. */
  readonly sarif?: () => unknown;
}

/** How tables may look. */
export interface Style {
  /** Columns of the terminal; null when there is none: nothing is cut. */
  readonly width: number | null;
  /** Empty: no colours. */
  readonly tones: ToneCodes;
  readonly ascii: boolean;
}
