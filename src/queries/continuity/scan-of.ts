import type { RequestIndex } from "../../index/contract.ts";
import type { TimeWindow } from "../contract.ts";
import { type MaskCache, planFilter } from "../filter-plan.ts";
import { parseQuery } from "../parse-filter.ts";
import { Scan } from "../scan.ts";
import { RowDecisions } from "../row-decisions.ts";

/**
 * What a text of the filter language selects. Texts without relative times only. Values beyond the dictionaries' cap match
 * nothing.
 */
export function scanOf(index: RequestIndex, masks: MaskCache, text: string, window?: TimeWindow): Scan {
  const plan = planFilter(parseQuery(text), { referenceUs: 0, zone: "utc" }, index, masks);
  return new Scan(index, plan, window, new RowDecisions());
}
