import type { RequestBlock } from "../index/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { ClockEvidence } from "../lineage/clock-evidence.ts";
import type { ServerSkew } from "../lineage/clocks.ts";
import { BodyScanner } from "../lineage/scan/event-bodies.ts";
import { LineageRows } from "./lineage-rows.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import type { RawEvents } from "./raw-events.ts";

/**
 * Compares the clocks of several API servers while their logs are read, from the versions of what they wrote. With one
 * API server nothing is looked at.
 */
export class ClockWatch {
  private readonly ring: RequestRing;
  private readonly events: RawEvents;
  private readonly passing: PassingBytes;
  private readonly rows: LineageRows;
  private readonly scanner = new BodyScanner();
  private readonly evidence = new ClockEvidence();
  private nextSeq = 0;
  private isOne = true;
  private heardSources = 0;
  private generation = -1;
  /** By outcome: whether such a request may tell something. */
  private isWrite: (boolean | undefined)[] = [];

  constructor(ring: RequestRing, events: RawEvents, passing: PassingBytes) {
    this.ring = ring;
    this.events = events;
    this.passing = passing;
    this.rows = new LineageRows(ring);
  }

  /** Of the API servers whose clocks differ provably from the one most is heard from. */
  skews(): readonly ServerSkew[] {
    return this.evidence.clocks.skews();
  }

  /** Rows were appended whose events are still in memory. */
  takeIn(): void {
    const { ring } = this;
    if (this.isOneServer()) {
      this.nextSeq = ring.endSeq;
      return;
    }
    if (ring.generation !== this.generation) this.isWrite = [];
    this.generation = ring.generation;
    for (let place = this.nextPlace(); place !== null; place = this.nextPlace()) {
      const { block } = place;
      for (let row = place.row; row < block.count; row += 1) {
        if (this.isWriteAt(block.outcome[row] as number)) this.hear(block, row);
      }
      this.nextSeq = block.firstSeq + block.count;
    }
  }

  private nextPlace(): ReturnType<RequestRing["locate"]> {
    return this.ring.locate(Math.max(this.nextSeq, this.ring.firstSeq));
  }

  private hear(block: RequestBlock, row: number): void {
    const bare = this.rows.event(block, row, null);
    if (!this.evidence.wants(bare)) return;
    const bytes = this.passing.read(block.source(row), block.offset(row), block.bytes(row));
    const event = bytes === null ? null : this.events.inBytes({ block, row }, bytes);
    if (event === null) return;
    this.scanner.open(Buffer.from(event.buffer, event.byteOffset, event.byteLength), 0, event.length, bare, true);
    this.evidence.hear(bare, this.scanner);
  }

  private isOneServer(): boolean {
    const { length } = this.ring.sources;
    for (; this.isOne && this.heardSources < length; this.heardSources += 1) {
      this.isOne = this.rows.serverOf(this.heardSources) === this.rows.serverOf(0);
    }
    return this.isOne;
  }

  private isWriteAt(outcome: number): boolean {
    const known = this.isWrite[outcome];
    if (known !== undefined) return known;
    const { outcomes, dictionaries } = this.ring;
    const verb = dictionaries.verb.text(outcomes.verb[outcome] as number);
    const code = outcomes.code[outcome] as number;
    while (this.isWrite.length < outcome) this.isWrite.push(undefined);
    return (this.isWrite[outcome] = (verb === "update" || verb === "create") && code >= 200 && code < 300);
  }
}
