/** Evidence in the filter language. */
import { isoTime } from "../events/time.ts";
import type { RequestFacts } from "../events/request.ts";
import { quote } from "../queries/print-filter.ts";
import { termFor } from "../queries/filter-term.ts";

/** Requests by the same identity: of somebody who impersonates, those it made as the same other. */
export function byTerms({
  user,
  asFrom,
  ip,
  useragent,
}: Pick<RequestFacts, "user" | "asFrom" | "ip" | "useragent">): string {
  if (asFrom !== "") return `as:${quote(asFrom)} user:${quote(user)}`;
  if (user === "system:anonymous") return `user:${user} ip:${quote(ip)}`;
  return user === "" ? `user:"" ip:${quote(ip)} ua:${quote(useragent)}` : `user:${quote(user)} as:""`;
}

/** Requests for the same object, or the same collection; subresources apart. */
export function onTerms({
  resource,
  subresource,
  namespace,
  name,
  uri,
}: Pick<RequestFacts, "resource" | "subresource" | "namespace" | "name" | "uri">): string {
  if (resource === "") return termFor("resource", uri.split("?", 1)[0] ?? "");
  const what = termFor("resource", subresource === "" ? resource : `${resource}/${subresource}`);
  return `${what} ns:${quote(namespace)} name:${quote(name)}`;
}

/** From the first to the last microsecond, both included. */
export function windowTerms(fromUs: number, toUs: number): string {
  const [since, until] = [isoTime(fromUs), isoTime(toUs + 1)];
  return since === null || until === null ? "" : `since:${since} until:${until}`;
}

export function joined(...terms: readonly string[]): string {
  return terms.filter((term) => term !== "").join(" ");
}
