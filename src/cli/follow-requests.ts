import type { FedRequest, FeedingEngine, WantedOfEvents } from "../engine/contract.ts";
import { count } from "../models/numbers.ts";
import type { Selection } from "../queries/contract.ts";
import { note } from "./notes.ts";

export interface FollowOptions {
  readonly limit: number;
  readonly wanted: WantedOfEvents;
}

/** Requests of a growing log, each once, as they get their answers, at most `limit`; what is missing at the end is said. */
export async function* followRequests(
  engine: FeedingEngine,
  selection: Selection,
  { limit, wanted }: FollowOptions,
  stop: AbortSignal,
): AsyncGenerator<readonly FedRequest[], void, void> {
  const feed = engine.requests(selection, wanted);
  let left = limit;
  try {
    for await (const page of feed.pages(stop)) {
      const taken = page.slice(0, left);
      left -= taken.length;
      if (taken.length > 0) yield taken;
      if (left <= 0) return;
    }
  } finally {
    const { unreadable, why, leftOut } = feed.remainder;
    if (unreadable > 0) note(`${count(unreadable)} events could not be read again: ${why}`);
    if (leftOut > 0) note(`${count(leftOut)} requests that waited for an answer are not shown: the end came first`);
  }
}
