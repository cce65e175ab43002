import type { Selection } from "../queries/contract.ts";
import type { IndexQueries } from "../queries/index-queries.ts";
import type { RowPlace } from "../queries/settle.ts";
import type { RawEvent, RawEvents } from "./raw-events.ts";

/** What takes no longer is not worth telling. */
const TOLD_AFTER_MS = 150;

interface Pass {
  readonly startedMs: number;
  readonly of: number;
  done: number;
}

/**
 * Reads the original events of rows that nothing else can decide (body: and the like), for one question about a filter at a
 * time: those that come meanwhile find the rows decided. Knows how far it is.
 */
export class Settling {
  private readonly queries: IndexQueries;
  private readonly events: RawEvents;
  /** Called as it goes on. */
  private readonly onProgress: () => void;
  private readonly byFilter = new Map<string, Promise<void>>();
  private readonly passes = new Set<Pass>();

  constructor(queries: IndexQueries, events: RawEvents, onProgress: () => void) {
    this.queries = queries;
    this.events = events;
    this.onProgress = onProgress;
  }

  /** 0…1 of the events that filters wait for; null when none do, or not for long. */
  get share(): number | null {
    const now = performance.now();
    const long = [...this.passes].filter(({ startedMs }) => now - startedMs >= TOLD_AFTER_MS);
    const sum = (part: "done" | "of"): number => long.reduce((all, pass) => all + pass[part], 0);
    return long.length === 0 ? null : sum("done") / Math.max(1, sum("of"));
  }

  async settle(selection: Selection, signal: AbortSignal): Promise<void> {
    const key = JSON.stringify(selection.filter);
    // Whoever comes next waits for all before: several would read the same events.
    const mine = (this.byFilter.get(key) ?? Promise.resolve()).then(() => this.read(selection, signal));
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.byFilter.set(key, settled);
    try {
      await mine;
    } finally {
      if (this.byFilter.get(key) === settled) this.byFilter.delete(key);
    }
  }

  private async read(selection: Selection, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.queries.settle(selection, (places, stop) => this.counted(places, stop), signal);
    signal.throwIfAborted();
  }

  private async *counted(
    places: readonly RowPlace[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly index: number; readonly event: RawEvent }, void, void> {
    const pass: Pass = { startedMs: performance.now(), of: places.length, done: 0 };
    this.passes.add(pass);
    try {
      for await (const found of this.events.readMany(places, signal)) {
        yield found;
        pass.done += 1;
        this.onProgress();
      }
    } finally {
      this.passes.delete(pass);
      this.onProgress();
    }
  }
}
