import { describe, expect, test, vi } from "vitest";
import type { RawEvents } from "../../src/engine/raw-events.ts";
import { Settling } from "../../src/engine/settling.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { finish } from "../../src/queries/scan.ts";
import { eventLine, Feeder } from "../index/feeder.ts";

const REQUESTS = 40;
const filter = parseQuery("body:requestObject.spec.replicas=3");

/** An index whose original events come one by one, as `next` lets them. */
function slow() {
  const made = new Feeder();
  const lines = Array.from({ length: REQUESTS }, (_, id) =>
    eventLine({ auditID: `${id}`, level: "Request", requestObject: { spec: { replicas: id % 4 } } }),
  );
  made.append(...lines);
  let reads = 0;
  let go = Promise.withResolvers<void>();
  const events = {
    async *readMany(places: readonly { readonly row: number }[], signal?: AbortSignal) {
      for (const [index, { row }] of places.entries()) {
        await go.promise;
        if (signal?.aborted === true) return;
        reads += 1;
        yield { index, event: { bytes: lines[row] as Buffer } };
      }
    },
  } as unknown as RawEvents;
  const queries = new IndexQueries(made.ring);
  const onProgress = vi.fn();
  return {
    settling: new Settling(queries, events, onProgress),
    count: (): number => finish(queries.count({ filter })),
    onProgress,
    reads: (): number => reads,
    next: (): void => {
      go.resolve();
      go = Promise.withResolvers<void>();
    },
    all: (): void => {
      go.resolve();
      go.promise = Promise.resolve();
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("reading the events that filters wait for", () => {
  test("tells how far it is once it takes long", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(1_000);
    const { settling, next, all, onProgress, count } = slow();
    const done = settling.settle({ filter }, new AbortController().signal);
    await turn();
    for (let read = 0; read < 10; read++) {
      next();
      await turn();
    }
    expect(settling.share).toBeNull();
    now.mockReturnValue(1_200);
    expect(settling.share).toBe(10 / REQUESTS);
    expect(onProgress).toHaveBeenCalledTimes(10);
    all();
    await done;
    expect(settling.share).toBeNull();
    expect(count()).toBe(REQUESTS / 4);
    now.mockRestore();
  });

  test("reads each once, however many questions wait, and goes on for those that are left", async () => {
    const { settling, next, all, reads, count } = slow();
    const first = new AbortController();
    const given = settling.settle({ filter }, first.signal).catch((error: Error) => error.name);
    const others = [1, 2, 3].map(() => settling.settle({ filter }, new AbortController().signal));
    await turn();
    next();
    await turn();
    first.abort();
    all();
    expect(await given).toBe("AbortError");
    await Promise.all(others);
    expect(reads()).toBe(REQUESTS);
    expect(count()).toBe(REQUESTS / 4);
  });
});
