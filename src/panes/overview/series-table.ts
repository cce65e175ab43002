import { shareBar } from "../../models/charts.ts";
import { orDash } from "../../models/text-safety.ts";
import type { Dimension, GroupRow, SeriesPoint } from "../../queries/contract.ts";
import { type MeasureId, MEASURES } from "../../queries/measures.ts";
import { type AnswerColumn, type AnswerTable, countCell, type Field, fields, timeCell } from "../answer-table.ts";
import { shownValue } from "../dimensions.ts";
import { GROUP_COLUMNS, type GroupLook, measureFields } from "../top/columns.ts";

/** Values of `by` with a column of their own; the others are summed. Records have all of them. */
const VALUE_COLUMNS = 8;
const BAR_WIDTH = 30;

interface SeriesTable {
  readonly by: Dimension | null;
  /** Largest first; null while they are unknown. */
  readonly values: readonly string[] | null;
  /** Requests of the largest step. */
  readonly peak: number;
  readonly measures: readonly MeasureId[];
}

/** Requests over time as figures: what the overview draws as a chart. */
export function seriesTable({ by, values, peak, measures }: SeriesTable): AnswerTable<SeriesPoint, GroupLook> {
  const known = values ?? [];
  const rest = known.slice(VALUE_COLUMNS);
  return {
    columns: [
      { id: "t", title: "time", isTime: true, cell: ({ t }, look) => timeCell(t, look) },
      counted("requests", "requests", ({ requests }) => requests),
      ...measures.flatMap(measureColumns),
      ...known.slice(0, VALUE_COLUMNS).map((value, at) => ({
        ...counted(`by${at}`, orDash(by === null ? value : shownValue(by, value)), (point) => countOf(point, value)),
        drop: at + 1,
      })),
      ...(rest.length === 0
        ? []
        : [
            {
              ...counted("rest", "others", (point) => rest.reduce((sum, value) => sum + countOf(point, value), 0)),
              drop: VALUE_COLUMNS + 1,
            },
          ]),
      ...(by === null ? [barColumn(peak)] : []),
    ],
    fields: [...fields("t", "requests"), ...measureFields(measures), ...(by === null ? [] : valueFields(values))],
    empty: "no request matches",
  };
}

function counted(id: string, title: string, of: (point: SeriesPoint) => number): AnswerColumn<SeriesPoint> {
  return { id, title, align: "right", cell: (point) => countCell(of(point)) };
}

/** Those of groups: a column reads what it shows, which was asked for. */
function measureColumns(measure: MeasureId): readonly AnswerColumn<SeriesPoint, GroupLook>[] {
  return GROUP_COLUMNS.filter(({ title }) => title === MEASURES[measure].title).map((column) => ({
    ...column,
    minWidth: 0,
    cell: (point, look) => column.cell(point as unknown as GroupRow, look),
  }));
}

function barColumn(peak: number): AnswerColumn<SeriesPoint> {
  const share = (requests: number): number => (peak === 0 ? 0 : requests / peak);
  return {
    id: "bar",
    title: "",
    drop: 1,
    cell: ({ requests }, { unicode }) => ({ text: shareBar(share(requests), BAR_WIDTH, unicode), tone: "bar" }),
  };
}

function valueFields(values: readonly string[] | null): readonly Field[] {
  if (values === null) return fields("by");
  return values.map((value) => ({ name: value === "" ? "-" : value, path: ["by", value], missing: 0 }));
}

/** 0 for a value of another point, be it called "constructor". */
function countOf({ by }: SeriesPoint, value: string): number {
  return Object.hasOwn(by, value) ? (by[value] ?? 0) : 0;
}
