import { COLUMN_ORDERS, GREATEST_FIRST, type RowOrder, type RowsQuery } from "../../queries/contract.ts";
import type { PaneContext } from "../contract.ts";
import { isReversed, type Orders, sortedBy } from "../sorting.ts";

export const REQUEST_ORDERS: Orders<RowOrder> = COLUMN_ORDERS;

/** The order the list of requests shows. */
export function requestOrder(context: Pick<PaneContext, "frame">): Required<Pick<RowsQuery, "order" | "reverse">> {
  const order = sortedBy(REQUEST_ORDERS, context);
  return { order, reverse: isReversed(context) !== GREATEST_FIRST.includes(order) };
}

/** Whether the newest request is the last row: only then it can be followed. */
export function isInTime(context: Pick<PaneContext, "frame">): boolean {
  const { order, reverse } = requestOrder(context);
  return order === "received" && !reverse;
}

/** Whether the screen stays on the newest request. */
export function isFollowing(context: Pick<PaneContext, "app" | "frame">): boolean {
  return context.app.follow && isInTime(context);
}
