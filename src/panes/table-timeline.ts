import { parseTime } from "../models/times.ts";
import type { TableLines } from "../models/table-layout.ts";
import type { Timeline } from "../state/time-cursor.ts";

/**
 * A column of a table that is drawn over time: a strip a row, the times in place of the title. `line`: where the table begins
 * in the view. Nothing where the column was dropped, or the time is not known.
 */
export function tableTimeline(
  table: TableLines,
  id: string,
  strip: {
    readonly line: number;
    readonly columns: number;
    readonly span: { readonly from: string | null; readonly to: string | null };
  },
): { readonly timeline?: Timeline } {
  const place = table.columns.find(({ column }) => column.id === id);
  const [fromUs, toUs] = [parseTime(strip.span.from) * 1_000, parseTime(strip.span.to) * 1_000];
  if (place === undefined || !(fromUs < toUs)) return {};
  const { line, columns } = strip;
  return {
    timeline: {
      first: line + 1,
      end: line + table.lines.length,
      axis: line,
      left: place.left,
      columns,
      steps: columns,
      fromUs,
      toUs,
    },
  };
}
