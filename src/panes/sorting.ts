import type { Command } from "../commands/contract.ts";
import type { Action } from "../state/actions.ts";
import type { PaneContext } from "./contract.ts";

/** Orders of a pane's rows; the first is how it opens. Kept in the frame as `sort` and `reverse`. */
export type Orders<Order extends string> = readonly [Order, ...Order[]];

export function sortedBy<Order extends string>(orders: Orders<Order>, { frame }: Pick<PaneContext, "frame">): Order {
  return orders.find((order) => order === frame.params["sort"]) ?? orders[0];
}

export function isReversed({ frame }: Pick<PaneContext, "frame">): boolean {
  return frame.params["reverse"] === "1";
}

/** The order as options of a command line; `usual`: how the command sorts without. */
export function sortOptions<Order extends string>(
  orders: Orders<Order>,
  context: Pick<PaneContext, "frame">,
  usual = orders[0],
): readonly string[] {
  const order = sortedBy(orders, context);
  return [...(order === usual ? [] : ["--sort", order]), ...(isReversed(context) ? ["--reverse"] : [])];
}

interface SortOptions extends Pick<Command, "disabledReason"> {
  /** What `s` says it does. */
  readonly title?: string;
}

/** `s`: the next order. */
export function sortCommand<Order extends string>(
  pane: string,
  orders: Orders<Order>,
  { title = "sort by the next column", ...options }: SortOptions = {},
): Command {
  return {
    ...options,
    id: `${pane}.sort`,
    title,
    short: "sort",
    keys: ["s"],
    scope: `pane:${pane}`,
    group: "view",
    run: (context) => {
      const next = orders[(orders.indexOf(sortedBy(orders, context.pane)) + 1) % orders.length] ?? orders[0];
      return fromTheTop({ sort: next, reverse: "" });
    },
  };
}

/** `S`: the other way round. */
export function reverseCommand(pane: string, options: Pick<Command, "disabledReason"> = {}): Command {
  return {
    ...options,
    id: `${pane}.reverse`,
    title: "sort the other way round",
    keys: ["S"],
    scope: `pane:${pane}`,
    group: "view",
    run: (context) => fromTheTop({ reverse: isReversed(context.pane) ? "" : "1" }),
  };
}

function fromTheTop(params: Readonly<Record<string, string>>): readonly Action[] {
  return [
    { type: "params", params },
    { type: "cursor", id: null, index: 0, top: 0 },
  ];
}
