import { factsOf } from "../../index/facts.ts";
import { messageKind } from "../../queries/message-kind.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { newestWithin, parsedEvent } from "./newest-originals.ts";
import { run, settle } from "./queries.ts";

/** Refusals are small; the bodies of others are not what is asked for. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads the newest `limit` requests again and sums up what they were told. */
export async function answerMessages(
  desk: Desk,
  ask: Asks["messages"]["ask"],
  signal: AbortSignal,
): Promise<Asks["messages"]["answer"]> {
  await settle(desk, ask, signal);
  const page = await run(
    desk.queries.rows({ ...ask, anchor: "newest", before: Math.max(0, ask.limit - 1), after: 1 }),
    signal,
  );
  const places = newestWithin(desk, page.rows, MOST_BYTES);
  const kinds = new Map<string, { requests: number; seq: number; lastUs: number }>();
  let withoutMessage = 0;
  let unreadable = 0;
  for await (const { index, event } of desk.events.readMany(places, signal)) {
    const place = places[index];
    if (place === undefined) continue;
    if (!("bytes" in event)) {
      unreadable++;
      continue;
    }
    const message = messageOf(parsedEvent(event.bytes));
    if (message === "") {
      withoutMessage++;
      continue;
    }
    const { seq, receivedUs } = factsOf(desk.ring, place.block, place.row);
    const text = messageKind(message);
    const known = kinds.get(text) ?? { requests: 0, seq, lastUs: receivedUs };
    const isNewer = seq >= known.seq;
    kinds.set(text, {
      requests: known.requests + 1,
      seq: isNewer ? seq : known.seq,
      lastUs: isNewer ? receivedUs : known.lastUs,
    });
  }
  signal.throwIfAborted();
  return {
    requests: page.total,
    read: places.length,
    withoutMessage,
    unreadable,
    rows: [...kinds]
      .map(([text, kind]) => ({ text, ...kind }))
      .sort((a, b) => b.requests - a.requests || b.seq - a.seq),
  };
}

function messageOf(event: unknown): string {
  if (event === null || typeof event !== "object" || !("responseStatus" in event)) return "";
  const status = event.responseStatus;
  if (status === null || typeof status !== "object" || !("message" in status)) return "";
  return typeof status.message === "string" ? status.message : "";
}
