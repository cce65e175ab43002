import type { ObjectState } from "../../engine/contract.ts";
import type { RequestFacts } from "../../events/request.ts";
import { lineText } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { changeLines } from "../diff/changes.ts";
import { REQUEST_COLUMNS } from "../requests/table.ts";
import { timeColumn } from "../time-column.ts";

/** What an own column of this table has less room for. */
const COLUMNS = ["verb", "resource", "object", "user"];

/** A write a line: when, what, who, and what became different. */
export function changesTable(
  context: PaneContext,
  rows: readonly RequestFacts[],
  states: ReadonlyMap<number, ObjectState>,
  { above, first }: { readonly above: RequestFacts | undefined; readonly first: number },
): Omit<TableModel, "rowCount"> {
  const time = timeColumn(context);
  const columns = REQUEST_COLUMNS.filter(({ column }) => COLUMNS.includes(column.id));
  let previous = above;
  return {
    kind: "table",
    columns: [
      { id: "received", title: time.title, minWidth: time.width },
      ...columns.map(({ column }) => ({
        ...column,
        minWidth: Math.min(column.minWidth ?? 8, 8),
        maxWidth: 28,
        grow: 0,
      })),
      { id: "change", title: "what changed", minWidth: context.width < 100 ? 22 : 30, grow: 1, keep: "head" },
    ],
    rows: rows.map((facts) => {
      const text = time.text(
        facts.receivedUs / 1_000,
        previous === undefined ? Number.NaN : previous.receivedUs / 1_000,
      );
      previous = facts;
      return {
        id: String(facts.seq),
        cells: [
          { text, tone: "muted" },
          ...columns.map((column) => column.cell(facts, context)),
          changeCell(context, states.get(facts.seq)),
        ],
      };
    }),
    firstRow: first,
    sort: { column: "received", reverse: false },
  };
}

/** `spec.replicas 4 → 2`, and how many more. */
function changeCell(context: PaneContext, state: ObjectState | undefined): Cell {
  if (state === undefined) return { text: "…", tone: "muted" };
  switch (state.outcome) {
    case "created":
      return { text: "created", tone: "good" };
    case "deleted":
      return { text: "removed", tone: "danger" };
    case "unchanged":
      return { text: "nothing", tone: "muted" };
    case "changed": {
      const lines = changeLines(state, { width: 200, unicode: context.unicode, unmasked: false, everything: false });
      const paths = new Set(lines.map(({ path }) => path));
      const more = paths.size > 1 ? ` (and ${count(paths.size - 1)} more)` : "";
      return lines[0] === undefined
        ? { text: "bookkeeping", tone: "muted" }
        : { text: `${lineText(lines[0].line).slice(2).replace("  ", " ")}${more}`, tone: "warn" };
    }
    case "unknown":
    case "read":
      return { text: "not told", tone: "muted" };
    default:
      return state.outcome satisfies never;
  }
}
