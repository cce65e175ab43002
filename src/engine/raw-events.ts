import type { RawRequest, RawStore } from "../bytes/contract.ts";
import { eventsIn, isPlainEvent } from "../formats/reading/open-reader.ts";
import type { RequestBlock } from "../index/contract.ts";
import { extractAuditID } from "../index/facts.ts";
import type { RequestRing } from "../index/ring.ts";
import type { SourceBook } from "./source-book.ts";

/** The original event of a row, or why it cannot be read any more. */
export type RawEvent = { readonly bytes: Uint8Array } | { readonly missing: string };

export interface RowPlace {
  readonly block: RequestBlock;
  readonly row: number;
}

/** Reads the events behind rows again, from whichever input they came. */
export class RawEvents {
  private readonly raw: RawStore;
  private readonly book: SourceBook;
  private readonly ring: RequestRing;

  constructor(raw: RawStore, book: SourceBook, ring: RequestRing) {
    this.raw = raw;
    this.book = book;
    this.ring = ring;
  }

  async read(place: RowPlace): Promise<RawEvent> {
    const request = this.request(place);
    return this.eventOf(place, this.raw.readNow(request) ?? (await this.raw.read(request)));
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

  /** The row's own event in the bytes at its place; null when it is not there. */
  inBytes(place: RowPlace, bytes: Uint8Array): Uint8Array | null {
    if (beginsAsEvent(bytes)) return bytes;
    const event = this.eventOf(place, { bytes });
    return "bytes" in event ? event.bytes : null;
  }

  /** An event inside an envelope is stored by the envelope's place: it is opened again, and the row's own event picked. */
  private eventOf({ block, row }: RowPlace, result: RawEvent): RawEvent {
    if ("missing" in result || beginsAsEvent(result.bytes) || isEvent(result.bytes)) return result;
    const events = eventsIn(result.bytes, block.offset(row), this.book.context(block.source(row)));
    const own = events.filter((event) => this.ring.auditIDTest(extractAuditID(event, 0, event.length))(block, row));
    const best = own[own.length - 1];
    return best === undefined ? { missing: "its record holds no such event any more" } : { bytes: best };
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
