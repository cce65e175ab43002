import { seqBefore } from "../clickhouse/ship/seq-numbers.ts";
import type { ClickHouseStore } from "../clickhouse/store/clickhouse-store.ts";
import type { RequestFacts } from "../events/request.ts";
import type { Selection } from "../queries/contract.ts";
import type { Feed, FedRequest, WantedOfEvents } from "./contract.ts";

/** Requests that were given before they ended, so that their end is no second one; of more, the oldest may be given again. */
const MOST_OPEN = 100_000;
/** How much later than others, by its number, a batch of another shipper may come. */
const LATE_MS = 60_000;
/** How long, once stopped, what still waits for its answer may be looked for. */
const STOPPED_MS = 500;

/** Selected requests of a store as they are shipped, each once, when it has an answer; at the end those without one, too. */
export class StoreFeed implements Feed {
  remainder: Feed["remainder"] = { unreadable: 0, why: "", leftOut: 0 };
  private readonly store: ClickHouseStore;
  private readonly selection: Selection;
  private readonly wanted: WantedOfEvents;
  /** Resolves when the store has been looked at again. */
  private readonly looked: (stop: AbortSignal) => Promise<void>;
  private readonly open = new Set<number>();
  /** Those given lately, with the numbers of their rows. */
  private readonly recent = new Map<number, number>();

  constructor(
    store: ClickHouseStore,
    selection: Selection,
    wanted: WantedOfEvents,
    looked: (stop: AbortSignal) => Promise<void>,
  ) {
    this.store = store;
    this.selection = selection;
    this.wanted = wanted;
    this.looked = looked;
  }

  async *pages(stop: AbortSignal): AsyncGenerator<readonly FedRequest[], void, void> {
    let afterSeq = -1;
    while (!stop.aborted) {
      const { lastSeq } = this.store;
      try {
        const from = afterSeq < 0 ? afterSeq : seqBefore(afterSeq, LATE_MS);
        yield* this.arrived({ afterSeq: from, untilSeq: lastSeq, isAnswered: true }, stop);
        this.forget(seqBefore(lastSeq, LATE_MS));
      } catch (error) {
        if (!stop.aborted) throw error;
        break;
      }
      afterSeq = lastSeq;
      await this.looked(stop);
    }
    const { inFlight } = this.store.extent;
    if (inFlight === 0) return;
    try {
      const untilSeq = this.store.lastSeq;
      yield* this.arrived({ afterSeq: -1, untilSeq, isAnswered: false }, AbortSignal.timeout(STOPPED_MS));
    } catch {
      this.remainder = { ...this.remainder, leftOut: inFlight };
    }
  }

  private async *arrived(
    part: { readonly afterSeq: number; readonly untilSeq: number; readonly isAnswered: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<readonly FedRequest[], void, void> {
    for await (const rows of this.store.arrived(this.selection, { ...part, wanted: this.wanted }, signal)) {
      const fresh = rows.filter(({ facts, seq }) => this.isFresh(facts, seq));
      if (fresh.length > 0) yield fresh;
    }
  }

  private isFresh({ seq: id, inFlight }: RequestFacts, seq: number): boolean {
    const isKnown = this.open.has(id) || this.recent.has(id);
    this.recent.set(id, seq);
    if (inFlight) this.open.add(id);
    else this.open.delete(id);
    const [oldest] = this.open.size > MOST_OPEN ? this.open : [];
    if (oldest !== undefined) this.open.delete(oldest);
    return !isKnown;
  }

  private forget(beforeSeq: number): void {
    for (const [id, seq] of this.recent) if (seq <= beforeSeq) this.recent.delete(id);
  }
}
