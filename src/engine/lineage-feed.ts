import type { ReplacedRow, RequestBlock, RowListener } from "../index/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { Lineage } from "../lineage/lineage.ts";
import { LineageRows } from "./lineage-rows.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import type { RawEvents, RowPlace } from "./raw-events.ts";

/** Rows read together: one pass over the inputs per batch, and a chance for newer questions in between. */
const BATCH_ROWS = 4_096;
/** Namespaces whose lineage is kept; the next question about another one reads that one's requests. */
const SCOPES_KEPT = 3;
/** How long a lineage that fell behind waits, so that many rows are read at once. */
const CATCH_UP_MS = 1_000;
/** Lineage over everything, for questions that name no namespace. */
const EVERYTHING = "*";

/**
 * Feeds lineage from the ring and the original events, only when somebody asks for a trail: until then other commands pay
 * nothing. A question about one namespace reads that namespace's requests and those of others that can matter to it. What
 * is indexed already is read again from the inputs; what arrives from then on is taken in as it passes by.
 */
export class LineageFeed implements RowListener {
  private readonly ring: RequestRing;
  private readonly events: RawEvents;
  private readonly passing: PassingBytes;
  private readonly rows: LineageRows;
  private readonly maxTouches: number;
  private readonly scopes = new Map<string, Scope>();
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();
  /** Rows offered to `takeIn` so far end here. */
  private offeredSeq = 0;

  /** `maxTouches`: requests remembered per scope; up to 800 B each. Infinity for headless commands. */
  constructor(ring: RequestRing, events: RawEvents, passing: PassingBytes, maxTouches: number) {
    this.ring = ring;
    this.events = events;
    this.passing = passing;
    this.rows = new LineageRows(ring);
    this.maxTouches = maxTouches;
  }

  /** Begins lineage of a namespace, or of everything, before anybody asks: everything is taken in as it is read. */
  begin(namespace: string | null): void {
    this.scope(namespace ?? EVERYTHING);
  }

  /** Lineage over what is indexed by now; without a namespace over all of it. */
  async current(namespace: string | undefined, signal: AbortSignal): Promise<Lineage> {
    // Two questions at once must not feed the same rows twice.
    const next = this.running.catch(() => undefined).then(() => this.catchUp(namespace ?? EVERYTHING, signal));
    this.running = next;
    return next;
  }

  /**
   * Rows were appended whose events are still in memory: takes them in where lineage is kept and up to date. Where one is
   * not in memory it falls behind, and catches up from the inputs a little later.
   */
  takeIn(): void {
    for (const [name, scope] of this.scopes) {
      if (scope.isCatchingUp) continue;
      if (scope.nextSeq >= this.offeredSeq) {
        for (const seq of sorted(scope.changed)) {
          const place = this.ring.locate(seq);
          if (place === null || this.takeInRow(scope, place)) scope.changed.delete(seq);
        }
        for (const block of this.ring.blocks) this.takeInBlock(scope, block);
      }
      if (scope.nextSeq < this.ring.endSeq || scope.changed.size > 0) this.catchUpSoon(name);
    }
    this.offeredSeq = this.ring.endSeq;
  }

  /** Ends what would go on by itself. */
  close(): void {
    this.closing.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.scopes.clear();
    this.running = Promise.resolve();
  }

  onAppend(): void {}

  onReplace(block: RequestBlock, row: number, _old: ReplacedRow): void {
    const seq = block.firstSeq + row;
    for (const scope of this.scopes.values()) if (seq < scope.nextSeq) scope.changed.add(seq);
  }

  onEvict(block: RequestBlock): void {
    for (const scope of this.scopes.values()) {
      // A small ring gives up rows of the very batch that is being appended.
      const endSeq = block.firstSeq + block.count;
      for (const seq of scope.changed) {
        if (seq >= endSeq) continue;
        this.takeInRow(scope, { block, row: seq - block.firstSeq });
        scope.changed.delete(seq);
      }
      if (!scope.isCatchingUp && scope.nextSeq >= this.offeredSeq) this.takeInBlock(scope, block);
      scope.nextSeq = Math.max(scope.nextSeq, endSeq);
      scope.lineage.evictedBelow(endSeq);
    }
  }

  onPrepended(): void {
    // Older rows came in behind the tail: the story is told again from its start.
    this.scopes.clear();
    this.passing.isWanted = false;
  }

  private async catchUp(name: string, signal: AbortSignal): Promise<Lineage> {
    const scope = this.scope(name);
    scope.isCatchingUp = true;
    try {
      const changed = sorted(scope.changed);
      scope.changed.clear();
      await this.feed(scope, changed, signal);
      while (scope.nextSeq < this.ring.endSeq) {
        signal.throwIfAborted();
        const seqs = this.rows.wanted(Math.max(scope.nextSeq, this.ring.firstSeq), BATCH_ROWS, scope.namespace);
        scope.nextSeq = seqs.nextSeq;
        await this.feed(scope, seqs.seqs, signal);
      }
    } finally {
      scope.isCatchingUp = false;
    }
    return scope.lineage;
  }

  /** The scope asked for, made the last to be dropped. A whole lineage at hand answers for every namespace. */
  private scope(name: string): Scope {
    this.ring.listener ??= this;
    this.passing.isWanted = true;
    const known = this.scopes.get(name) ?? this.scopes.get(EVERYTHING);
    const scope = known ?? {
      namespace: name === EVERYTHING ? null : name,
      lineage: new Lineage(this.maxTouches),
      nextSeq: this.ring.firstSeq,
      changed: new Set<number>(),
      isCatchingUp: false,
    };
    const key = scope.namespace ?? EVERYTHING;
    this.scopes.delete(key);
    this.scopes.set(key, scope);
    for (const old of this.scopes.keys()) {
      if (this.scopes.size <= SCOPES_KEPT) break;
      this.scopes.delete(old);
    }
    return scope;
  }

  private takeInBlock(scope: Scope, block: RequestBlock): void {
    if (scope.nextSeq < block.firstSeq) return;
    for (let row = scope.nextSeq - block.firstSeq; row < block.count; row += 1) {
      if (!this.takeInRow(scope, { block, row })) return;
      scope.nextSeq = block.firstSeq + row + 1;
    }
  }

  /** Nobody waits for it; an input that goes on after its end is a question's own business. */
  private catchUpSoon(name: string): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.current(name, this.closing.signal).catch(() => undefined);
    }, CATCH_UP_MS).unref();
  }

  /** False when the row's event is not in memory. */
  private takeInRow(scope: Scope, place: RowPlace): boolean {
    const { block, row } = place;
    if (!this.rows.isRelevant(block, row, scope.namespace)) return true;
    const bytes = this.passing.read(block.source(row), block.offset(row), block.bytes(row));
    const event = bytes === null ? null : this.events.inBytes(place, bytes);
    if (event === null) return false;
    scope.lineage.observe(this.rows.event(block, row, event));
    return true;
  }

  private async feed(scope: Scope, seqs: readonly number[], signal: AbortSignal): Promise<void> {
    const places: RowPlace[] = [];
    for (const seq of seqs) {
      const place = this.ring.locate(seq);
      if (place !== null && this.rows.isRelevant(place.block, place.row, scope.namespace)) places.push(place);
    }
    if (places.length === 0) return;
    // Read in file order, observed in row order: lineage is told the story as it happened.
    const raws: (Uint8Array | null)[] = Array.from({ length: places.length }, () => null);
    for await (const { index, event } of this.events.readMany(places, signal)) {
      raws[index] = "bytes" in event ? event.bytes : null;
    }
    places.forEach(({ block, row }, index) => {
      scope.lineage.observe(this.rows.event(block, row, raws[index] ?? null));
    });
  }
}

function sorted(seqs: ReadonlySet<number>): number[] {
  return seqs.size === 0 ? [] : [...seqs].sort((a, b) => a - b);
}

interface Scope {
  /** null: everything. */
  readonly namespace: string | null;
  readonly lineage: Lineage;
  /** Rows seen so far end here. */
  nextSeq: number;
  /** Rows below nextSeq that are still to be taken in, again or for the first time. */
  readonly changed: Set<number>;
  isCatchingUp: boolean;
}
