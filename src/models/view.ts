/**
 * What panes and headless writers are given to draw. Models are plain data without colours or escape codes: `layout` turns them into
 * lines of toned spans, the screen paints the lines, headless writers print the same tables as text, JSON, CSV or Markdown.
 * Every text in a model is already safe for a terminal (see text-safety.ts).
 */

import type { Keep } from "./display-width.ts";

/** Meaning, not colour: the theme maps tones to colours. */
export type Tone =
  | "normal"
  | "muted"
  | "accent"
  | "heading"
  | "good"
  | "warn"
  | "danger"
  | "info"
  | "code2xx"
  | "code3xx"
  | "code4xx"
  | "code5xx"
  | "human"
  | "node"
  | "controller"
  | "serviceaccount"
  | "bar"
  | "match"
  | "key";

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  readonly bold?: boolean;
}
/** One screen row, not wider than the space it was laid out for. */
export type Line = readonly Span[];

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly align?: "left" | "right";
  /** Columns it takes whatever its rows say, where they are there. */
  readonly width?: number;
  readonly minWidth?: number;
  readonly maxWidth?: number;
  /** Share of spare width; 0 keeps the natural width. */
  readonly grow?: number;
  /** Columns with the highest number are dropped first when space is short; 0 is never dropped. */
  readonly drop?: number;
  /** Cut text keeps its tail (…kube-system:noisy-agent) unless told. */
  readonly keep?: Keep;
  /** Text that does not fit goes on in the next line, instead of being cut: for sentences. */
  readonly wrap?: boolean;
  /** Shown only where somebody chose it. */
  readonly optional?: true;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** Raw value for JSON/CSV writers. */
  readonly value?: string | number | null;
  /** Richer drawing of the same text (highlighted matches, sparkline colours). */
  readonly spans?: readonly Span[];
}

export interface TableRow {
  readonly id: string;
  /** Has a sign in front. */
  readonly marked?: boolean;
  readonly cells: readonly Cell[];
}

export interface TableModel {
  readonly kind: "table";
  readonly title?: string;
  readonly columns: readonly Column[];
  /** The visible slice only. */
  readonly rows: readonly TableRow[];
  /** Rows in all, and the position of rows[0] among them. */
  readonly rowCount: number;
  readonly firstRow: number;
  /** `whole`: its names take all the width there is. */
  readonly stretch?: "whole";
  readonly sort?: { readonly column: string; readonly reverse: boolean };
  readonly empty?: string;
}
