import type { ReplacedRow, RequestBlock, RowListener } from "../index/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { Lineage } from "../lineage/lineage.ts";
import type { ClockWatch } from "./clock-watch.ts";
import type { EngineOptions } from "./contract.ts";
import { LineageRows, type Covers } from "./lineage-rows.ts";
import type { Scope } from "./lineage-scope.ts";
import { NamespaceSearch } from "./namespace-search.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import { RingExtent } from "./ring-extent.ts";
import type { RawEvents } from "./raw-events.ts";
import type { RowPlace } from "../queries/settle.ts";

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
  private readonly extent: RingExtent;
  private readonly clocks: ClockWatch;
  private readonly maxTouches: number;
  private readonly scopes = new Map<string, Scope>();
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();
  /** Rows offered to `takeIn` so far end here. */
  private offeredSeq = 0;

  /** `maxTouches`: requests remembered per scope; up to 800 B each. Infinity for headless commands. */
  constructor(ring: RequestRing, events: RawEvents, passing: PassingBytes, clocks: ClockWatch, maxTouches: number) {
    this.ring = ring;
    this.clocks = clocks;
    this.events = events;
    this.passing = passing;
    this.rows = new LineageRows(ring);
    this.extent = new RingExtent(ring);
    this.maxTouches = maxTouches;
  }

  /**
   * Begins lineage of a namespace, or of everything, before anybody asks: it is taken in as it is read. Without a namespace
   * but with an object, only of the namespaces that have the object, when the inputs can be read again should they not be
   * known in time.
   */
  begin({ namespace, object }: NonNullable<EngineOptions["lineage"]>, canReadAgain: boolean): void {
    const search =
      namespace === null && object !== undefined && canReadAgain ? NamespaceSearch.of(object, this.rows) : null;
    if (namespace !== null && canReadAgain) {
      const { rows } = this;
      const covers: Covers = (block, row) =>
        rows.isRelevant(block, row, namespace) && !rows.isOfPreemptors(block, row, namespace);
      this.open(namespace, covers, null, true);
    } else if (search === null || object === undefined) this.scope(namespace ?? EVERYTHING);
    else this.open(searchKey(object), (block, row) => search.covers(block, row), search, true);
  }

  /**
   * Lineage that can tell of an object; `isNarrow`: but not of the pods elsewhere for which the scheduler may have made
   * room, see `reachingOut`. Without a namespace, what `begin` was told to look for is answered from the namespaces that
   * have it.
   */
  async about(
    object: string,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly lineage: Lineage; readonly isNarrow: boolean }> {
    const key = searchKey(object);
    const scope = namespace === undefined ? this.scopes.get(key) : undefined;
    const search = scope?.search ?? null;
    if (scope !== undefined && search !== null) {
      for (;;) {
        await this.current(key, signal);
        if (search.isEverywhere || (search.namespaces.size === 0 && !search.isClusterWide)) break;
        if (!search.hasGaps && !search.widen(scope.lineage.namespacesOf(object))) {
          if (search.isEverywhere) break;
          return { lineage: scope.lineage, isNarrow: true };
        }
        if (search.isLost) scope.lineage = new Lineage(this.maxTouches);
        search.again();
        scope.nextSeq = this.ring.firstSeq;
      }
      this.scopes.delete(key);
    }
    const lineage = await this.current(namespace, signal);
    return { lineage, isNarrow: this.scopes.get(namespace ?? EVERYTHING)?.isNarrow === true };
  }

  /** Lineage that also tells of pods elsewhere: what a narrow one left out is read again, and the rest with it. */
  async reachingOut(namespace: string | undefined, signal: AbortSignal): Promise<Lineage> {
    if (namespace !== undefined) this.scopes.delete(namespace);
    return this.current(namespace, signal);
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
        for (let place = this.ring.locate(scope.nextSeq); place !== null; place = this.ring.locate(scope.nextSeq)) {
          const before = scope.nextSeq;
          this.takeInBlock(scope, place.block);
          if (scope.nextSeq === before) break;
        }
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
    this.extent.forget();
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
        const seqs = this.rows.wanted(Math.max(scope.nextSeq, this.ring.firstSeq), BATCH_ROWS, scope.covers);
        scope.nextSeq = seqs.nextSeq;
        await this.feed(scope, seqs.seqs, signal);
      }
    } finally {
      scope.isCatchingUp = false;
    }
    scope.lineage.covers(this.extent.current());
    scope.lineage.correct(this.clocks.skews());
    return scope.lineage;
  }

  /** The scope asked for, made the last to be dropped. A whole lineage at hand answers for every namespace. */
  private scope(name: string): Scope {
    const key = this.scopes.has(name) || !this.scopes.has(EVERYTHING) ? name : EVERYTHING;
    const known = this.scopes.get(key);
    if (known !== undefined) {
      this.scopes.delete(key);
      this.scopes.set(key, known);
      return known;
    }
    const namespace = key === EVERYTHING ? null : key;
    return this.open(key, (block, row) => this.rows.isRelevant(block, row, namespace), null, false);
  }

  private open(key: string, covers: Covers, search: NamespaceSearch | null, isNarrow: boolean): Scope {
    if (!this.ring.listeners.includes(this)) this.ring.listeners.push(this);
    this.passing.isWanted = true;
    const scope: Scope = {
      covers,
      search,
      lineage: new Lineage(this.maxTouches),
      nextSeq: this.ring.firstSeq,
      changed: new Set<number>(),
      isCatchingUp: false,
      isNarrow,
    };
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
    if (scope.search !== null) {
      this.takeInSearched(scope, scope.search, place);
      return true;
    }
    if (!scope.covers(block, row)) return true;
    const event = this.passingEvent(place);
    if (event === null) return false;
    scope.lineage.observe(this.rows.event(block, row, event));
    return true;
  }

  private takeInSearched(scope: Scope, search: NamespaceSearch, place: RowPlace): void {
    const { block, row } = place;
    if (!this.rows.isRelevant(block, row, null)) return;
    const fate = search.fateOf(place);
    for (const { seq, bytes } of search.release()) {
      const held = this.ring.locate(seq);
      if (held !== null) scope.lineage.observe(this.rows.event(held.block, held.row, bytes));
    }
    if (fate === "pass") return;
    const event = this.passingEvent(place);
    if (event === null) search.giveUp();
    else if (fate === "hold") search.hold(place, event);
    else if (fate === "observe" || search.matters(place, event))
      scope.lineage.observe(this.rows.event(block, row, event));
  }

  private passingEvent(place: RowPlace): Uint8Array | null {
    const { block, row } = place;
    const bytes = this.passing.read(block.source(row), block.offset(row), block.bytes(row));
    return bytes === null ? null : this.events.inBytes(place, bytes);
  }

  private async feed(scope: Scope, seqs: readonly number[], signal: AbortSignal): Promise<void> {
    const places: RowPlace[] = [];
    for (const seq of seqs) {
      const place = this.ring.locate(seq);
      if (place !== null && scope.covers(place.block, place.row)) places.push(place);
    }
    if (places.length === 0) return;
    // Read in file order, observed in row order: lineage is told the story as it happened. What waits for its turn keeps
    // the windows it is in from being let go, so nothing waits longer than it must.
    const waiting = new Map<number, Uint8Array | null>();
    let next = 0;
    const observe = (raw: Uint8Array | null): void => {
      const place = places[next] as RowPlace;
      next += 1;
      if (scope.search?.matters(place, raw) === false) return;
      scope.lineage.observe(this.rows.event(place.block, place.row, raw));
    };
    for await (const { index, event } of this.events.readMany(places, signal)) {
      waiting.set(index, "bytes" in event ? event.bytes : null);
      for (let raw = waiting.get(next); raw !== undefined; raw = waiting.get(next)) {
        waiting.delete(next);
        observe(raw);
      }
    }
    while (next < places.length) observe(waiting.get(next) ?? null);
  }
}

/** No namespace has such a name. */
function searchKey(object: string): string {
  return `?${object}`;
}

function sorted(seqs: ReadonlySet<number>): number[] {
  return seqs.size === 0 ? [] : [...seqs].sort((a, b) => a - b);
}
