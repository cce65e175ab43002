import { STAGES } from "../events/vocabulary.ts";
import type { RequestFacts } from "../events/request.ts";
import type { ReplacedRow, RequestBlock, RowListener } from "../index/contract.ts";
import { extractAuditID, factsOf } from "../index/facts.ts";
import type { RequestRing } from "../index/ring.ts";
import { wants, type LineageEvent } from "../lineage/event.ts";
import { Lineage } from "../lineage/lineage.ts";
import type { RawEvents, RowPlace } from "./raw-events.ts";

/** Rows read together: one pass over the inputs per batch, and a chance for newer questions in between. */
const BATCH_ROWS = 4_096;

/**
 * Feeds lineage from the ring and the original events, only when somebody asks for a trail: until then other commands pay
 * nothing. Afterwards it keeps up with new and completed rows at each question.
 */
export class LineageFeed implements RowListener {
  private readonly ring: RequestRing;
  private readonly events: RawEvents;
  private readonly maxTouches: number;
  private lineage: Lineage;
  private started = false;
  /** Rows seen by lineage so far end here. */
  private nextSeq = 0;
  /** Rows below nextSeq whose facts have changed since. */
  private readonly changed = new Set<number>();
  private rebuild = false;
  private running: Promise<void> = Promise.resolve();

  /** `maxTouches`: requests remembered in all; about 560 B each. Infinity for headless commands. */
  constructor(ring: RequestRing, events: RawEvents, maxTouches: number) {
    this.ring = ring;
    this.events = events;
    this.maxTouches = maxTouches;
    this.lineage = new Lineage(maxTouches);
  }

  /** Lineage over everything indexed by now. */
  async current(signal: AbortSignal): Promise<Lineage> {
    // Two questions at once must not feed the same rows twice.
    const next = this.running.catch(() => undefined).then(() => this.catchUp(signal));
    this.running = next;
    await next;
    return this.lineage;
  }

  onAppend(): void {}

  onReplace(block: RequestBlock, row: number, _old: ReplacedRow): void {
    const seq = block.firstSeq + row;
    if (seq < this.nextSeq) this.changed.add(seq);
  }

  onEvict(block: RequestBlock): void {
    this.lineage.evictedBelow(block.firstSeq + block.count);
  }

  onPrepended(): void {
    // Older rows came in behind the tail: the story is told again from its start.
    this.rebuild = true;
  }

  private async catchUp(signal: AbortSignal): Promise<void> {
    if (!this.started) {
      this.started = true;
      this.ring.listener = this;
      this.nextSeq = this.ring.firstSeq;
    }
    if (this.rebuild) {
      this.rebuild = false;
      this.changed.clear();
      this.lineage = new Lineage(this.maxTouches);
      this.nextSeq = this.ring.firstSeq;
    }
    const changed = [...this.changed].sort((a, b) => a - b);
    this.changed.clear();
    await this.feed(this.places(changed), signal);
    while (this.nextSeq < this.ring.endSeq) {
      if (signal.aborted) throw signal.reason;
      const from = Math.max(this.nextSeq, this.ring.firstSeq);
      const to = Math.min(from + BATCH_ROWS, this.ring.endSeq);
      const seqs: number[] = [];
      for (let seq = from; seq < to; seq += 1) seqs.push(seq);
      this.nextSeq = to;
      await this.feed(this.places(seqs), signal);
    }
  }

  private places(seqs: readonly number[]): RowPlace[] {
    const places: RowPlace[] = [];
    for (const seq of seqs) {
      const place = this.ring.locate(seq);
      if (place !== null && this.isWanted(place)) places.push(place);
    }
    return places;
  }

  private isWanted({ block, row }: RowPlace): boolean {
    const { targets, outcomes, dictionaries } = this.ring;
    const target = block.target[row] as number;
    const outcome = block.outcome[row] as number;
    const code = outcomes.code[outcome] as number;
    return wants({
      stage: STAGES[outcomes.stage[outcome] as number] ?? "ResponseComplete",
      verb: dictionaries.verb.text(outcomes.verb[outcome] as number),
      resource: dictionaries.resource.text(targets.resource[target] as number),
      subresource: dictionaries.subresource.text(targets.subresource[target] as number),
      code: code === 0 ? null : code,
    });
  }

  private async feed(places: readonly RowPlace[], signal: AbortSignal): Promise<void> {
    if (places.length === 0) return;
    // Read in file order, observed in row order: lineage is told the story as it happened.
    const raws: (Uint8Array | null)[] = Array.from({ length: places.length }, () => null);
    for await (const { index, event } of this.events.readMany(places, signal)) {
      raws[index] = "bytes" in event ? event.bytes : null;
    }
    places.forEach((place, index) => {
      this.lineage.observe(lineageEvent(factsOf(this.ring, place.block, place.row), raws[index] ?? null));
    });
  }
}

/** Lineage reads what it needs of the bodies from the bytes. */
function lineageEvent(facts: RequestFacts, raw: Uint8Array | null): LineageEvent {
  const absent = (): null => null;
  const event = { ...facts, responseStatus: absent, requestBody: absent, responseBody: absent };
  if (raw === null) return event;
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  return { ...event, auditID: extractAuditID(raw, 0, raw.length), raw: bytes };
}
