import type { ByteSource } from "../bytes/contract.ts";
import type { ClickHouseStore } from "../clickhouse/store/clickhouse-store.ts";
import type { EngineOptions } from "./contract.ts";
import type { FollowedRows } from "./findings/ordered-pass.ts";
import { LocalEngine } from "./local-engine.ts";
import type { RestartWatch } from "./restart-watch.ts";

/** Original events that are read into a ring for what looks at one request after the other. */
const MOST_BYTES = 256 * 1024 * 1024;
const LINE_BREAKS = /[\r\n]+/g;

export interface WindowRows extends FollowedRows {
  readonly restarts: RestartWatch;
  readonly idOf: (seq: number) => number;
  /** Of the store's requests, how many are in it. */
  readonly requests: number;
}

/**
 * The newest events of a store in a ring of their own, for what is told by one request after another: silences and restarts, and
 * findings of sequences. It is filled when first asked for.
 */
export class StoreWindow {
  private readonly store: ClickHouseStore;
  private readonly options: EngineOptions;
  private filled: { readonly engine: LocalEngine; readonly rows: Promise<WindowRows> } | null = null;

  constructor(store: ClickHouseStore, options: EngineOptions) {
    this.store = store;
    this.options = options;
  }

  /** As the store was when it was first asked for. */
  async rows(signal: AbortSignal): Promise<WindowRows> {
    this.filled ??= this.fill();
    const { rows } = this.filled;
    const ended = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    return Promise.race([rows, ended]);
  }

  async close(): Promise<void> {
    await this.filled?.engine.close();
  }

  private fill(): NonNullable<StoreWindow["filled"]> {
    const { store: _address, lineage: _lineage, listen: _listen, ...options } = this.options;
    const ids: number[] = [];
    const source = new EventLines(this.store, ids);
    const engine = new LocalEngine(
      {
        ...options,
        inputs: [],
        commands: [],
        follow: false,
        capacity: Number.POSITIVE_INFINITY,
        dictionaryBytes: Number.POSITIVE_INFINITY,
        rawBytes: MOST_BYTES * 2,
        format: "auto",
      },
      [{ source, apiserver: "" }],
    );
    const rows = engine.loaded().then((): WindowRows => {
      if (source.failure !== null) throw source.failure;
      const { kept } = engine;
      return { ...kept, requests: kept.ring.requestsSeen, idOf: (seq) => ids[seq] ?? -1 };
    });
    rows.catch(() => {
      void engine.close();
      this.filled = null;
    });
    return { engine, rows };
  }
}

/** Events of a store as the lines of a log; those of named API servers begin with the name, as node logs do. */
class EventLines implements ByteSource {
  readonly path = "store";
  readonly compression = "none";
  readonly totalBytes = null;
  readonly generation = null;
  readonly fault = null;
  bytesRead = 0;
  failure: Error | null = null;
  private readonly store: ClickHouseStore;
  /** Ids of requests in the order of their first events: the ring numbers its rows so. */
  private readonly ids: number[];

  constructor(store: ClickHouseStore, ids: number[]) {
    this.store = store;
    this.ids = ids;
  }

  async *chunks(signal: AbortSignal = new AbortController().signal): AsyncGenerator<Uint8Array, void, void> {
    const known = new Set<number>();
    try {
      for await (const events of this.store.newestEvents(MOST_BYTES, signal)) {
        const lines = events.map(({ id, apiserver, bytes }) => {
          if (!known.has(id)) this.ids.push(id);
          known.add(id);
          const line = bytes.toString("utf8").replaceAll(LINE_BREAKS, " ");
          return apiserver === "" ? `${line}\n` : `${apiserver.replaceAll(/\s/g, "-")} ${line}\n`;
        });
        const chunk = Buffer.from(lines.join(""));
        this.bytesRead += chunk.length;
        yield chunk;
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
  }
}
