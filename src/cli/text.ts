/** Values as people read them in headless tables. */
import type { RequestFacts } from "../events/request.ts";
import { dateTime, parseTime, type TimeZone } from "../models/times.ts";

/** ISO time → `2026-11-21 00:09:31`; "" when there is none. */
export function secondTime(iso: string | null, zone: TimeZone): string {
  const ms = parseTime(iso);
  return Number.isNaN(ms) ? "" : dateTime(ms, zone).slice(0, 19);
}

/** Column title that says which clock its times are of. */
export function timeTitle(title: string, zone: TimeZone): string {
  return zone === "utc" ? `${title} (UTC)` : title;
}

/** What a request touched: `deployments.apps/scale demo/nginx`, or the path of a non-resource request. */
export function objectText(
  facts: Pick<RequestFacts, "resource" | "subresource" | "namespace" | "name" | "uri">,
): string {
  if (facts.resource === "") return facts.uri.split("?", 1)[0] ?? "";
  const resource = facts.subresource === "" ? facts.resource : `${facts.resource}/${facts.subresource}`;
  const name = facts.namespace === "" ? facts.name : `${facts.namespace}/${facts.name}`;
  return name === "" ? resource : `${resource} ${name}`;
}
