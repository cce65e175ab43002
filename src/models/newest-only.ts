import { counted } from "./numbers.ts";
import { dateTime, parseTime } from "./times.ts";
import type { TimeZone } from "./times.ts";

/** What an answer is about where more is stored than was looked at, a clause. `since`: RFC 3339. */
export function newestText(
  { requests, since }: { readonly requests: number; readonly since: string },
  zone: TimeZone,
): string {
  return `only the newest ${counted(requests, "request")}, since ${dateTime(parseTime(since), zone)}`;
}
