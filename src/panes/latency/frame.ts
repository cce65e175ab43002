import type { Dimension } from "../../queries/contract.ts";
import type { PaneContext } from "../contract.ts";
import { dimensionsOf } from "../dimensions.ts";

/** What the frame's parameters say is shown. */

/** Groups reached by scrolling; a narrower filter shows the rest. */
export const MOST_ROWS = 1_000;

export const SHOWS = ["groups", "slowest", "apart"] as const;
export type Show = (typeof SHOWS)[number];

export function shownIn({ frame }: PaneContext): Show {
  return SHOWS.find((show) => show === frame.params["show"]) ?? "groups";
}

export function groupedBy({ frame }: PaneContext): readonly Dimension[] {
  return dimensionsOf(frame.params["by"], ["verb", "resource"]);
}

/** Slowest requests below the groups, where there is room. */
export function previewRows(height: number): number {
  return height < 30 ? 0 : Math.min(10, Math.floor((height - 20) / 3));
}
