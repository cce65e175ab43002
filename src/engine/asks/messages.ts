import { eventFacts } from "../../events/event-facts.ts";
import { messageKind } from "../../queries/message-kind.ts";
import type { Asks } from "../contract.ts";
import { newestWithin } from "../../store/newest-within.ts";
import { parsedEvent } from "../parsed-event.ts";
import type { Desk } from "./desk.ts";

/** Refusals are small; the bodies of others are not what is asked for. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads the newest `limit` requests again and sums up what they were told. */
export async function answerMessages(
  { store }: Desk,
  ask: Asks["messages"]["ask"],
  signal: AbortSignal,
): Promise<Asks["messages"]["answer"]> {
  const { limit, ...selection } = ask;
  const newest = { ...selection, anchor: "newest", before: Math.max(0, limit - 1), after: 1 } as const;
  const page = await store.ids(newest, signal);
  const ids = await newestWithin(store, page.rows, MOST_BYTES);
  const facts = await store.facts(ids);
  const kinds = new Map<string, { requests: number; seq: number; lastUs: number }>();
  let withoutMessage = 0;
  let unreadable = 0;
  for await (const { at, event } of store.originals(ids, signal)) {
    const known = facts[at];
    if (known === null || known === undefined) continue;
    if (!("bytes" in event)) {
      unreadable++;
      continue;
    }
    const { message } = eventFacts(parsedEvent(event.bytes));
    if (message === "") {
      withoutMessage++;
      continue;
    }
    const { seq, receivedUs } = known;
    const text = messageKind(message);
    const kind = kinds.get(text) ?? { requests: 0, seq, lastUs: receivedUs };
    const isNewer = seq >= kind.seq;
    kinds.set(text, {
      requests: kind.requests + 1,
      seq: isNewer ? seq : kind.seq,
      lastUs: isNewer ? receivedUs : kind.lastUs,
    });
  }
  signal.throwIfAborted();
  return {
    requests: page.total,
    read: ids.length,
    withoutMessage,
    unreadable,
    rows: [...kinds]
      .map(([text, kind]) => ({ text, ...kind }))
      .sort((a, b) => b.requests - a.requests || b.seq - a.seq),
  };
}
