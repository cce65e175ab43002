import { setImmediate as nextTurn } from "node:timers/promises";
import type { ClickHouseStore } from "../clickhouse/store/clickhouse-store.ts";
import { isoTime } from "../events/time.ts";
import type { NewestOnly } from "../queries/continuity/contract.ts";
import { type OriginalsPass, seeBytes } from "./policy-reports.ts";

/** Original events read for one answer. */
const MOST_BYTES = 512 * 1024 * 1024;
const ALL_TIME = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/** Every event of a store, of all stages; of very much the newest, and which these were. */
export function passStored(
  store: ClickHouseStore,
  mostBytes = MOST_BYTES,
): { readonly pass: OriginalsPass; readonly newest: () => NewestOnly | undefined } {
  let newest: NewestOnly | undefined;
  return {
    newest: () => newest,
    async pass(see, told, signal) {
      const fromUs = await store.newestSince(ALL_TIME, mostBytes, signal);
      const since = isoTime(fromUs);
      const window = { ...ALL_TIME, fromUs };
      const requests = since === null ? 0 : await store.requestsIn(window, signal);
      newest = since === null ? undefined : { requests, since };
      const all = since === null ? store.extent.events : requests;
      let seen = 0;
      for await (const events of store.eventsAfter(window, -1, signal)) {
        for (const { bytes } of events) seeBytes(bytes, see);
        seen += events.length;
        told(Math.min(1, seen / all));
        await nextTurn();
      }
    },
  };
}
