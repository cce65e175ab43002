import { setImmediate as nextTurn } from "node:timers/promises";
import type { ClickHouseStore } from "../clickhouse/store/clickhouse-store.ts";
import type { ArrivedEvent } from "../clickhouse/store/events.ts";
import { isoTime } from "../events/time.ts";
import type { NewestOnly } from "../queries/continuity/contract.ts";
import { type OriginalsPass, seeBytes } from "./policy-reports.ts";

/** Original events read for one answer of the screen. */
const MOST_BYTES = 512 * 1024 * 1024;
const ALL_TIME = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/** Some of them at a time; `share`: how much that was of all. */
export type StoredOriginals = AsyncGenerator<
  { readonly events: readonly ArrivedEvent[]; readonly share: number },
  NewestOnly | undefined
>;

/** Every event of a store, of all stages, as it arrived; of more than so many bytes the newest: then it returns which. */
export async function* storedOriginals(
  store: ClickHouseStore,
  mostBytes: number,
  signal: AbortSignal,
): StoredOriginals {
  const fromUs = Number.isFinite(mostBytes)
    ? await store.newestSince(ALL_TIME, mostBytes, signal)
    : Number.NEGATIVE_INFINITY;
  const since = isoTime(fromUs);
  const window = { ...ALL_TIME, fromUs };
  const newest = since === null ? undefined : { requests: await store.requestsIn(window, signal), since };
  const all = newest?.requests ?? store.extent.events;
  let seen = 0;
  for await (const events of store.eventsAfter(window, -1, signal)) {
    seen += events.length;
    yield { events, share: Math.min(1, seen / all) };
  }
  return newest;
}

/** The same for policies of the screen. */
export function passStored(
  store: ClickHouseStore,
  mostBytes = MOST_BYTES,
): { readonly pass: OriginalsPass; readonly newest: () => NewestOnly | undefined } {
  let newest: NewestOnly | undefined;
  return {
    newest: () => newest,
    async pass(see, told, signal) {
      const originals = storedOriginals(store, mostBytes, signal);
      for (;;) {
        const { done, value } = await originals.next();
        if (done === true) {
          newest = value;
          return;
        }
        for (const { bytes } of value.events) seeBytes(bytes, see);
        told(value.share);
        await nextTurn();
      }
    },
  };
}
