import type { RequestFacts } from "../events/request.ts";
import type { ReplacedRow, RequestBlock, RowListener } from "../index/contract.ts";
import { extractAuditID, factsOf } from "../index/facts.ts";
import type { RequestRing } from "../index/ring.ts";
import type { LineageEvent } from "../lineage/event.ts";
import { Lineage } from "../lineage/lineage.ts";
import { LineageRows } from "./lineage-rows.ts";
import type { RawEvents, RowPlace } from "./raw-events.ts";

/** Rows read together: one pass over the inputs per batch, and a chance for newer questions in between. */
const BATCH_ROWS = 4_096;
/** Namespaces whose lineage is kept; the next question about another one reads that one's requests. */
const SCOPES_KEPT = 3;
/** Lineage over everything, for questions that name no namespace. */
const EVERYTHING = "*";

/**
 * Feeds lineage from the ring and the original events, only when somebody asks for a trail: until then other commands pay
 * nothing. A question about one namespace reads that namespace's requests and those of others that can matter to it; it
 * keeps up with new and completed rows at each question.
 */
export class LineageFeed implements RowListener {
  private readonly ring: RequestRing;
  private readonly events: RawEvents;
  private readonly rows: LineageRows;
  private readonly maxTouches: number;
  private readonly scopes = new Map<string, Scope>();
  private running: Promise<unknown> = Promise.resolve();

  /** `maxTouches`: requests remembered per scope; about 560 B each. Infinity for headless commands. */
  constructor(ring: RequestRing, events: RawEvents, maxTouches: number) {
    this.ring = ring;
    this.events = events;
    this.rows = new LineageRows(ring);
    this.maxTouches = maxTouches;
  }

  /** Lineage over what is indexed by now; without a namespace over all of it. */
  async current(namespace: string | undefined, signal: AbortSignal): Promise<Lineage> {
    // Two questions at once must not feed the same rows twice.
    const next = this.running.catch(() => undefined).then(() => this.catchUp(namespace ?? EVERYTHING, signal));
    this.running = next;
    return next;
  }

  onAppend(): void {}

  onReplace(block: RequestBlock, row: number, _old: ReplacedRow): void {
    const seq = block.firstSeq + row;
    for (const scope of this.scopes.values()) if (seq < scope.nextSeq) scope.changed.add(seq);
  }

  onEvict(block: RequestBlock): void {
    for (const { lineage } of this.scopes.values()) lineage.evictedBelow(block.firstSeq + block.count);
  }

  onPrepended(): void {
    // Older rows came in behind the tail: the story is told again from its start.
    this.scopes.clear();
  }

  private async catchUp(name: string, signal: AbortSignal): Promise<Lineage> {
    this.ring.listener ??= this;
    const scope = this.scope(name);
    const changed = [...scope.changed].sort((a, b) => a - b);
    scope.changed.clear();
    await this.feed(scope, changed, signal);
    while (scope.nextSeq < this.ring.endSeq) {
      signal.throwIfAborted();
      const seqs = this.rows.wanted(Math.max(scope.nextSeq, this.ring.firstSeq), BATCH_ROWS, scope.namespace);
      scope.nextSeq = seqs.nextSeq;
      await this.feed(scope, seqs.seqs, signal);
    }
    return scope.lineage;
  }

  /** The scope asked for, made the last to be dropped. A whole lineage at hand answers for every namespace. */
  private scope(name: string): Scope {
    const known = this.scopes.get(name) ?? this.scopes.get(EVERYTHING);
    const scope = known ?? {
      namespace: name === EVERYTHING ? null : name,
      lineage: new Lineage(this.maxTouches),
      nextSeq: this.ring.firstSeq,
      changed: new Set<number>(),
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
    places.forEach((place, index) => {
      scope.lineage.observe(lineageEvent(factsOf(this.ring, place.block, place.row), raws[index] ?? null));
    });
  }
}

interface Scope {
  /** null: everything. */
  readonly namespace: string | null;
  readonly lineage: Lineage;
  /** Rows seen so far end here. */
  nextSeq: number;
  /** Rows below nextSeq whose facts have changed since. */
  readonly changed: Set<number>;
}

/** Lineage reads what it needs of the bodies from the bytes. */
function lineageEvent(facts: RequestFacts, raw: Uint8Array | null): LineageEvent {
  const absent = (): null => null;
  const event = { ...facts, responseStatus: absent, requestBody: absent, responseBody: absent };
  if (raw === null) return event;
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  return { ...event, auditID: extractAuditID(raw, 0, raw.length), raw: bytes };
}
