import { AuditIdHasher } from "../../index/audit-id.ts";
import type { EventBatch } from "../../index/event-batch.ts";
import type { ScannerSeat } from "../../index/ring-options.ts";
import { BatchBuilder } from "../batch-builder.ts";
import type { OtherLine } from "../contract.ts";
import { EventCodes } from "./event-codes.ts";
import { parseJson } from "../../events/json.ts";
import { isObject } from "../../events/json-values.ts";
import { isAuditEvent, isMerged } from "../../formats/shape/audit-event.ts";
import { ParsedEventReader } from "./parsed-event.ts";
import { KernelEventReader } from "./kernel-event.ts";

/** A seat from RequestRing. */
export interface ScannerOptions extends ScannerSeat {
  /** False: without WebAssembly, for comparison. */
  readonly kernel?: boolean;
}

/** Shorter records aren't worth a guess; longer ones have room for the first literal. */
const SHORTEST_FAST = 64;

/**
 * Turns records (one JSON object each) into a batch of events. The answer is always the one JSON.parse would give, with
 * one exception: see KernelEventReader.
 */
export class EventScanner {
  /** Events that had to go through JSON.parse. */
  fallbacks = 0;
  private readonly builder: BatchBuilder;
  private readonly parsed: ParsedEventReader;
  private readonly ids: AuditIdHasher;
  private readonly kernel: KernelEventReader | null;

  constructor(options: ScannerOptions) {
    this.builder = new BatchBuilder(options.tables);
    this.parsed = new ParsedEventReader(this.builder, options.omits);
    this.ids = new AuditIdHasher(options.idSeed);
    const codes = new EventCodes(this.builder, this.parsed);
    this.kernel =
      options.kernel === false ? null : KernelEventReader.create(this.builder, codes, this.ids, options.omits);
  }

  /** Events since the last takeBatch(). */
  get count(): number {
    return this.builder.count;
  }

  /**
   * Takes buffer[start, end) as one record, which lies in input `source` (see RequestRing.registerSource) at `offset`
   * for `bytes` bytes. White space around it is ignored. False when it is no audit event: then nothing is added. Never throws.
   */
  scan(buffer: Uint8Array, start: number, end: number, source: number, offset: number, bytes: number): boolean {
    let from = start;
    let to = end;
    while (from < to && isSpace(buffer[from] as number)) from++;
    while (to > from && isSpace(buffer[to - 1] as number)) to--;
    if (this.builder.renew()) this.kernel?.clear();
    const { kernel } = this;
    if (kernel === null || to - from < SHORTEST_FAST || !kernel.read(buffer, from, to)) {
      return this.parse(buffer, from, to, source, offset, bytes);
    }
    this.builder.add(
      kernel.actor,
      kernel.target,
      kernel.outcome,
      kernel.receivedUs,
      kernel.stageUs,
      kernel.idLow,
      kernel.idHigh,
      source,
      offset,
      bytes,
      kernel.marks,
    );
    return true;
  }

  /** See RecordSink.lines; `source` is asked only when there is an event. */
  scanLines(
    buffer: Uint8Array,
    start: number,
    end: number,
    source: () => number,
    offset: number,
    other: OtherLine,
  ): number {
    if (this.kernel === null) return start;
    if (this.builder.renew()) this.kernel?.clear();
    return this.kernel.readLines(buffer, start, end, source, offset, other);
  }

  /** The events since the last call. */
  takeBatch(): EventBatch {
    return this.builder.take();
  }

  private parse(
    buffer: Uint8Array,
    start: number,
    end: number,
    source: number,
    offset: number,
    bytes: number,
  ): boolean {
    let event: unknown;
    try {
      const text = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString("utf8");
      event = parseJson(text);
    } catch {
      return false;
    }
    if (!isObject(event) || !isAuditEvent(event) || isMerged(event)) return false;
    this.fallbacks++;
    this.ids.hashText(event["auditID"] as string);
    const { parsed, ids } = this;
    parsed.read(event);
    this.builder.add(
      parsed.actor,
      parsed.target,
      parsed.outcome,
      parsed.receivedUs,
      parsed.stageUs,
      ids.low,
      ids.high,
      source,
      offset,
      bytes,
      parsed.marks,
    );
    return true;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function createScanner(options: ScannerOptions): EventScanner {
  return new EventScanner(options);
}
