import { isoTime } from "../../events/time.ts";
import type { TimeZone } from "../../models/times.ts";
import type { Cell } from "../../models/view.ts";
import type { RbacColumn } from "../../rbac/column.ts";
import { countCell, textCell } from "../cells.ts";
import type { Field, OutputRow, Section } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";

interface SectionOptions<Row> {
  readonly title?: string;
  readonly empty: string;
  readonly fields: readonly Field[];
  readonly record: (row: Row) => Readonly<Record<string, unknown>>;
  readonly zone: TimeZone;
}

/** A table of the room `rbac` as a headless one. */
export function rbacSection<Row>(
  columns: readonly RbacColumn<Row>[],
  rows: readonly Row[],
  { title, empty, fields, record, zone }: SectionOptions<Row>,
): Section {
  const shown = columns.map((column) =>
    column.kind === "time" ? { ...column, title: timeTitle(column.title, zone) } : column,
  );
  return {
    ...(title === undefined ? {} : { title }),
    columns: shown,
    fields,
    empty,
    batches: [
      rows.map((row): OutputRow => ({
        record: record(row),
        cells: () => columns.map((column) => cellOf(column, row, zone)),
      })),
    ],
  };
}

function cellOf<Row>({ kind, value, tone }: RbacColumn<Row>, row: Row, zone: TimeZone): Cell {
  const own = value(row);
  const toned = tone?.(row);
  if (kind === "count") return countCell(typeof own === "number" ? own : null, toned);
  if (kind === "time") return textCell(typeof own === "number" ? secondTime(isoTime(own), zone) : "");
  return textCell(own === null ? "" : String(own), toned);
}

/** Times and counts of a record. */
export function tallied({
  requests,
  firstUs,
  lastUs,
}: {
  readonly requests: number;
  readonly firstUs: number;
  readonly lastUs: number;
}): { readonly requests: number; readonly firstSeen: string | null; readonly lastSeen: string | null } {
  return { requests, firstSeen: isoTime(firstUs), lastSeen: isoTime(lastUs) };
}
