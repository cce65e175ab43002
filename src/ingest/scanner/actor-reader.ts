import { HASH_START, hashStep } from "../../index/byte-hash.ts";
import { BlobMemo } from "./blob-memo.ts";
import { Literal } from "./literal.ts";
import type { ParsedEventReader } from "./parsed-event.ts";
import type { RecordBytes } from "./record-bytes.ts";

/** The keys that say who, in the API server's order; all but the first may be missing. */
const FOLLOWING = [
  new Literal(',"impersonatedUser":'),
  new Literal(',"authenticationMetadata":'),
  new Literal(',"sourceIPs":'),
  new Literal(',"userAgent":'),
];
const MAX_BLOB_BYTES = 64 * 1024;
/** Bounds the guesses to 8 MiB. */
const MAX_GUESS_BYTES = 2048;
const MEMO_BYTES = 4 * 1024 * 1024;
/** Guesses: recent blobs by the first 48 bytes of the user, which hold the name; sets × ways. */
const SETS = 256;
const WAYS = 16;
const KEY_BYTES = 48;

/**
 * Actor of the bytes from the user to the user agent. The same bytes come again and again, so they are compared as a
 * whole with what was seen last of this user; only bytes never seen before are parsed.
 */
export class ActorReader {
  /** Position behind the bytes read() took. */
  end = 0;
  private readonly record: RecordBytes;
  private readonly parsed: ParsedEventReader;
  private readonly memo = new BlobMemo(MEMO_BYTES);
  private readonly guessActor = new Uint32Array(SETS * WAYS);
  private readonly guessTail = new Float64Array(SETS * WAYS).fill(Number.NaN);
  private readonly guessBytes: Uint8Array[] = [];
  private readonly guessViews: DataView[] = [];
  private readonly nextWay = new Uint8Array(SETS);

  constructor(record: RecordBytes, parsed: ParsedEventReader) {
    this.record = record;
    this.parsed = parsed;
    for (let i = 0; i < SETS * WAYS; i++) {
      this.guessBytes.push(NOTHING);
      this.guessViews.push(NOTHING_VIEW);
    }
  }

  /** Forgets actor ids: the builder starts them afresh. */
  clear(): void {
    this.memo.clear();
    this.guessTail.fill(Number.NaN);
  }

  /** Actor id for the value of "user" at `at` and the keys that follow; −1 when it is not the usual JSON. */
  read(at: number): number {
    const { view, end } = this.record;
    if (at + KEY_BYTES > end) return -1;
    let state = HASH_START;
    for (let p = at; p < at + KEY_BYTES; p += 4) state = hashStep(state, view.getInt32(p, true));
    const set = (state ^ (state >>> 15)) & (SETS - 1);
    for (let guess = set * WAYS, last = guess + WAYS; guess < last; guess++) {
      const length = (this.guessBytes[guess] as Uint8Array).length;
      if (length === 0) break;
      if (at + length > end || view.getFloat64(at + length - 8, true) !== this.guessTail[guess]) continue;
      if (sameEights(view, at, this.guessViews[guess] as DataView, length)) {
        this.end = at + length;
        return this.guessActor[guess] as number;
      }
    }
    return this.lookUp(at, set);
  }

  private lookUp(at: number, set: number): number {
    const { record } = this;
    let p = record.value(at);
    if (p < 0) return -1;
    for (const key of FOLLOWING) {
      if (p + key.length > record.end || !key.isAt(record.view, p)) continue;
      p = record.value(p + key.length);
      if (p < 0) return -1;
    }
    this.end = p;
    if (p - at > MAX_BLOB_BYTES) return -1;
    record.hashSpan(at, p);
    let actor = this.memo.get(record, at, p);
    if (actor < 0) {
      actor = this.parse(at, p);
      this.memo.put(actor);
      if (actor < 0) return -1;
    }
    this.guess(set, at, p, actor);
    return actor;
  }

  private parse(start: number, end: number): number {
    try {
      const value = JSON.parse(`{"user":${this.record.text(start, end)}}`) as Readonly<Record<string, unknown>>;
      return this.parsed.actorOf(value["user"], value["impersonatedUser"], value["sourceIPs"], value["userAgent"]);
    } catch {
      return -1;
    }
  }

  private guess(set: number, start: number, end: number, actor: number): void {
    if (end - start < 8 || end - start > MAX_GUESS_BYTES) return;
    const way = this.nextWay[set] as number;
    this.nextWay[set] = (way + 1) % WAYS;
    const bytes = this.record.bytes.slice(start, end);
    const view = new DataView(bytes.buffer);
    const i = set * WAYS + way;
    this.guessBytes[i] = bytes;
    this.guessViews[i] = view;
    this.guessTail[i] = view.getFloat64(bytes.length - 8, true);
    this.guessActor[i] = actor;
  }
}

const NOTHING = new Uint8Array(0);
const NOTHING_VIEW = new DataView(NOTHING.buffer);

/** Whether `length` ≥ 8 bytes agree whose last eight are known to. Non-ASCII bytes may count as different (NaN). */
function sameEights(view: DataView, at: number, other: DataView, length: number): boolean {
  for (let i = 0; i < length - 8; i += 8) {
    if (view.getFloat64(at + i, true) !== other.getFloat64(i, true)) return false;
  }
  return true;
}
