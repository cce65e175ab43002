import type { RawRequest, RawStore } from "../bytes/contract.ts";
import { isPlainEvent } from "../formats/reading/open-reader.ts";
import type { RequestRing } from "../index/ring.ts";
import type { RowPlace } from "../queries/settle.ts";
import { OpenedWrappers } from "./opened-wrappers.ts";
import { OwnEvents } from "./own-event.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import type { SourceBook } from "./source-book.ts";

/** The original event of a row, or why it cannot be read any more. */
export type RawEvent = { readonly bytes: Uint8Array } | { readonly missing: string };

/** Reads the events behind rows again, from whichever input they came. */
export class RawEvents {
  private readonly raw: RawStore;
  private readonly book: SourceBook;
  private readonly own: OwnEvents;
  private readonly opened = new OpenedWrappers();
  private readonly passing: PassingBytes;

  constructor(raw: RawStore, book: SourceBook, ring: RequestRing, passing: PassingBytes) {
    this.raw = raw;
    this.book = book;
    this.own = new OwnEvents(ring);
    this.passing = passing;
  }

  async read(place: RowPlace): Promise<RawEvent> {
    const now = this.readNow(place);
    if (now === null) return this.eventOf(place, await this.raw.read(this.request(place)));
    // Whoever waits for it keeps it while its input goes on.
    return "bytes" in now ? { bytes: now.bytes.slice() } : now;
  }

  /** Like read, at once; null when it would take decompression or a search. Valid until its input goes on. */
  readNow(place: RowPlace): RawEvent | null {
    const { block, row } = place;
    const passing = this.passing.read(block.source(row), block.offset(row), block.bytes(row));
    const event = passing === null ? null : this.inBytes(place, passing);
    if (event !== null) return { bytes: event };
    const result = this.raw.readNow(this.request(place));
    return result === null ? null : this.eventOf(place, result);
  }

  /** Answers in the order of source and offset, so that every input is passed over once; `index` is the place's position. */
  async *readMany(
    places: readonly RowPlace[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly index: number; readonly event: RawEvent }, void, void> {
    const requests = places.map((place) => this.request(place));
    for await (const { index, result } of this.raw.readMany(requests, signal)) {
      yield { index, event: this.eventOf(places[index] as RowPlace, result) };
    }
  }

  private request({ block, row }: RowPlace): RawRequest {
    return {
      source: this.book.rawSource(block.source(row)),
      offset: block.offset(row),
      bytes: block.bytes(row),
    };
  }

  /** The row's own event in the bytes at its place, as they came; null when it is not there. */
  inBytes(place: RowPlace, bytes: Uint8Array): Uint8Array | null {
    if (beginsAsEvent(bytes)) return bytes;
    const event = this.eventOf(place, { bytes });
    return "bytes" in event ? event.bytes : null;
  }

  /** An event inside an envelope is stored by the envelope's place: it is opened again, and the row's own event picked. */
  private eventOf(place: RowPlace, result: RawEvent): RawEvent {
    if ("missing" in result) return result;
    const { block, row } = place;
    const { bytes } = result;
    const isAlone = beginsAsEvent(bytes) || isEvent(bytes);
    const context = this.book.context(block.source(row));
    const events = isAlone ? [bytes] : this.opened.eventsAt(bytes, block.offset(row), context, block.stageUs(row));
    const own = events.findLast((event) => this.own.has(place, event));
    return own === undefined
      ? { missing: "another event is in its place: the file was overwritten since" }
      : { bytes: own };
  }
}

/** As the API server begins every event. */
const BEGINNING = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/');

function beginsAsEvent(bytes: Uint8Array): boolean {
  for (let at = 0; at < BEGINNING.length; at += 1) if (bytes[at] !== BEGINNING[at]) return false;
  return true;
}

const AUDIT_ID = Buffer.from('"auditID"');

/** An event in another order. Escaped inside a wrapper the key reads `\\"auditID\\"`: most wrappers need not be parsed. */
function isEvent(bytes: Uint8Array): boolean {
  const json = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return json[0] === 0x7b && json.includes(AUDIT_ID) && isPlainEvent(json);
}
