import { TupleTable } from "../../index/tuple-table.ts";
import { BlobMemo } from "./blob-memo.ts";
import type { EventCodes } from "./event-codes.ts";
import { Literal } from "./literal.ts";
import type { RecordBytes } from "./record-bytes.ts";

/** The keys that say who, in the API server's order; all but the user may be missing. */
const AFTER_USER = [new Literal(',"impersonatedUser":'), new Literal(',"authenticationMetadata":')];
const WHERE_FROM = [new Literal(',"sourceIPs":'), new Literal(',"userAgent":')];
const MAX_SPAN_BYTES = 64 * 1024;
const MEMO_BYTES = 2 * 1024 * 1024;
const MAX_PAIRS = 100_000;
/** What a guess needs to look at; the rest of an event is always longer. */
const LOOK_AHEAD = 64;

/**
 * Actor of the bytes from the user to the user agent. The same bytes come again and again, so they are compared as a
 * whole, in two spans: who (user, impersonated user) and where from (IPs, agent). Only pairs never seen are parsed.
 */
export class ActorReader {
  /** Position behind the bytes read() took. */
  end = 0;
  private readonly record: RecordBytes;
  private readonly codes: EventCodes;
  private readonly who = new BlobMemo(MEMO_BYTES);
  private readonly whereFrom = new BlobMemo(MEMO_BYTES);
  /** Spans are numbered from 1 on and never again, whatever the memos forget; 0 is the empty span. */
  private spans = 0;
  private pairs = new TupleTable(2);
  private actorByPair: number[] = [];
  private readonly pair = new Uint32Array(2);

  constructor(record: RecordBytes, codes: EventCodes) {
    this.record = record;
    this.codes = codes;
  }

  /** Forgets actor ids: they are numbered afresh. */
  clear(): void {
    this.pairs = new TupleTable(2);
    this.actorByPair = [];
  }

  /** Actor id for the value of "user" at `at` and the keys that follow; −1 when it is not the usual JSON. */
  read(at: number): number {
    const { record, pair } = this;
    if (at + LOOK_AHEAD > record.end) return -1;
    const who = this.span(this.who, at, AFTER_USER, true);
    const middle = this.end;
    if (who < 0 || middle + LOOK_AHEAD > record.end) return -1;
    const whereFrom = this.span(this.whereFrom, middle, WHERE_FROM, false);
    if (whereFrom < 0) return -1;
    if (this.actorByPair.length > MAX_PAIRS) this.clear();
    pair[0] = who;
    pair[1] = whereFrom;
    const id = this.pairs.intern(pair);
    if (id < this.actorByPair.length) return this.actorByPair[id] as number;
    const actor = this.codes.actor(record.text(at, this.end));
    this.actorByPair.push(actor);
    return actor;
  }

  /** Number of the bytes from `at` — a value, if `hasValue`, then those of the keys that follow; sets `end`. */
  private span(memo: BlobMemo, at: number, keys: readonly Literal[], hasValue: boolean): number {
    const { record } = this;
    const guessKey = memo.keyAt(record, at);
    const guessed = memo.guess(record, at, guessKey);
    if (guessed >= 0 && !startsWithAny(record, memo.end, keys)) {
      this.end = memo.end;
      return guessed;
    }
    let p = hasValue ? record.value(at) : at;
    if (p < 0) return -1;
    for (const key of keys) {
      if (!key.isAt(record.view, p)) continue;
      p = record.value(p + key.length);
      if (p < 0) return -1;
    }
    this.end = p;
    if (p === at) return 0;
    if (p - at > MAX_SPAN_BYTES) return -1;
    if (memo.isFull) memo.clear();
    record.hashSpan(at, p);
    let span = memo.get(record, at, p);
    if (span < 0) {
      span = ++this.spans;
      memo.put(span);
    }
    memo.remember(record, guessKey, p);
    return span;
  }
}

function startsWithAny(record: RecordBytes, at: number, keys: readonly Literal[]): boolean {
  for (const key of keys) if (key.isAt(record.view, at)) return true;
  return false;
}
