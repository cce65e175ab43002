import { count } from "../models/numbers.ts";
import { orDash, safeText } from "../models/text-safety.ts";
import type { Cell } from "../models/view.ts";
import type { RbacColumn } from "../rbac/column.ts";
import type { PaneContext } from "./contract.ts";
import { moment } from "./time-column.ts";

/** A row of one of the tables about rights, for the screen. */
export function rbacCells<Row>(context: PaneContext, columns: readonly RbacColumn<Row>[], row: Row): readonly Cell[] {
  return columns.map((column): Cell => {
    const own = column.value(row);
    const tone = column.tone?.(row);
    const text = textOf(context, column.kind, own);
    if (text === "") return { text: "·", tone: "muted" };
    return { text: safeText(text, context.unicode), ...(tone === undefined ? {} : { tone }) };
  });
}

function textOf(context: PaneContext, kind: RbacColumn<unknown>["kind"], value: string | number | null): string {
  if (typeof value !== "number") return value ?? "";
  if (kind === "time") return orDash(moment(context, value / 1_000));
  return value === 0 ? "" : count(value);
}
