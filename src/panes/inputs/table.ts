import type { Info } from "../../engine/contract.ts";
import { byteSize } from "../../models/numbers.ts";
import type { Tone } from "../../models/view.ts";
import { type AnswerColumn, type AnswerTable, countCell, fields, textCell } from "../answer-table.ts";

type Input = Info["inputs"][number];

/** Narrower screens have short names for what was skipped. */
const WIDE_FROM = 100;

function skippedColumn(
  id: keyof Input["skipped"],
  title: string,
  { tone = "warn", short = title, ...more }: { tone?: Tone; short?: string; drop?: number; only?: "print" } = {},
): AnswerColumn<Input> {
  return {
    id,
    title,
    align: "right",
    ...more,
    room: (width) => ({ title: width < WIDE_FROM ? short : title }),
    cell: ({ skipped }) => countCell(skipped[id], tone),
  };
}

/** On the screen; what tells about lost events stays longest. Sentences about an input stand below. */
export const INPUT_TABLE: AnswerTable<Input> = {
  title: "Inputs",
  empty: "no inputs",
  fields: fields(
    "path",
    "format",
    "compression",
    "bytes",
    "events",
    "skipped.foreign",
    "skipped.bad",
    "skipped.truncated",
    "skipped.fragment",
    "skipped.duplicate",
    "error",
    "passedOver",
  ),
  columns: [
    { id: "path", title: "input", minWidth: 12, grow: 1, cell: ({ path }, look) => textCell(path, look) },
    { id: "format", title: "format", cell: (input, look) => textCell(formatText(input), look) },
    {
      id: "compression",
      title: "compression",
      drop: 3,
      only: "print",
      cell: ({ compression }, look) => textCell(compression, look),
    },
    { id: "bytes", title: "size", align: "right", drop: 6, cell: ({ bytes }) => ({ text: byteSize(bytes) }) },
    { id: "events", title: "events", align: "right", drop: 1, cell: ({ events }) => countCell(events) },
    skippedColumn("bad", "bad", { drop: 3 }),
    skippedColumn("truncated", "cut short", { short: "cut", drop: 2 }),
    skippedColumn("fragment", "mid-line start", { tone: "muted", drop: 7, only: "print" }),
    skippedColumn("duplicate", "duplicate", { short: "dup", drop: 4 }),
    skippedColumn("foreign", "foreign", { short: "other", drop: 5 }),
    {
      id: "note",
      title: "note",
      grow: 1,
      keep: "head",
      only: "print",
      cell: ({ error, passedOver }, look) =>
        textCell(error ?? passedOver, look, error === undefined ? "muted" : "danger"),
    },
  ],
};

/** All formats of a mixed input, the most frequent first. */
function formatText({ format, formats }: Input): string {
  return formats === undefined ? format : Object.keys(formats).join(", ");
}

type Sample = NonNullable<Input["samples"]>[number] & { readonly path: string };

/** What was skipped, the first of each input. */
export const SKIPPED_TABLE: AnswerTable<Sample> = {
  title: "Skipped (the first of each input)",
  columns: [
    { id: "place", title: "file:offset", cell: ({ path, offset }, look) => textCell(`${path}:${offset}`, look) },
    { id: "kind", title: "kind", cell: ({ kind }, look) => textCell(kind, look, "warn") },
    { id: "reason", title: "reason", cell: ({ reason }, look) => textCell(reason, look) },
    {
      id: "sample",
      title: "sample",
      grow: 1,
      keep: "head",
      cell: ({ sample }, look) => textCell(sample, look, "muted"),
    },
  ],
};

export function skippedSamples({ inputs }: Info): readonly Sample[] {
  return inputs.flatMap(({ path, samples = [] }) => samples.map((sample) => ({ path, ...sample })));
}

/** Events by a value that they have. */
export function countTable(title: string, what: string): AnswerTable<readonly [value: string, events: number]> {
  return {
    title,
    empty: "no events",
    columns: [
      { id: what, title: what, cell: ([value], look) => textCell(value, look) },
      { id: "events", title: "events", align: "right", cell: ([, events]) => countCell(events) },
    ],
  };
}
