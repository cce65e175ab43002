import type { RecordReader, RecordSink } from "../../src/ingest/contract.ts";
import { openReader } from "../../src/formats/reading/open-reader.ts";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import { batchEvent, plainEvent, type PlainEvent } from "./twin.ts";

const SEED = [12_345, 67_890] as const;
/** Differences kept as examples. */
const SHOWN = 5;

/**
 * Reads a log of one event a line as the product does, beside JSON.parse of each line, and compares every column of every
 * event. Give it chunks of any size.
 */
export class Equality {
  /** Lines that are audit events according to JSON.parse. */
  events = 0;
  /** Of those, how many have the same columns here. */
  equal = 0;
  /** Events taken from lines that are no valid JSON: only their status or bodies may be damaged. */
  takenInvalid = 0;
  /** Events written over several lines, none of which is one: nothing here says what is in them. */
  overLines = 0;
  readonly differences: string[] = [];
  private ring = new RequestRing({ capacity: 10_000, idSeed: SEED });
  private readonly scanner = createScanner(this.ring.openScanner());
  private readonly reader: RecordReader;
  /** The unfinished line of the plain side, and where it starts. */
  private line: Uint8Array[] = [];
  private lineOffset = 0;
  private expected: { readonly offset: number; readonly bytes: number; readonly twin: PlainEvent | null }[] = [];

  constructor() {
    const source = this.ring.registerSource("log");
    const sink: RecordSink = {
      record: (buffer, start, end, offset, bytes) => this.scanner.scan(buffer, start, end, source, offset, bytes),
      reject: () => undefined,
      lines: (buffer, start, end, offset, other) =>
        this.scanner.scanLines(buffer, start, end, () => source, offset, other),
    };
    this.reader = openReader("jsonl", sink, 0);
  }

  /** Events that went through JSON.parse here too. */
  get fallbacks(): number {
    return this.scanner.fallbacks;
  }

  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      this.endLine(chunk.subarray(from, newline));
      this.lineOffset++;
      from = newline + 1;
    }
    if (from < chunk.length) this.line.push(chunk.slice(from));
    this.compare();
  }

  end(): void {
    this.reader.end();
    this.endLine(new Uint8Array(0));
    this.compare();
  }

  private endLine(rest: Uint8Array): void {
    const bytes = this.line.length === 0 ? rest : Buffer.concat([...this.line, rest]);
    let start = 0;
    let end = bytes.length;
    while (end > start && (bytes[end - 1] as number) <= 0x20) end--;
    while (start < end && (bytes[start] as number) <= 0x20) start++;
    if (start < end) {
      const twin = plainEvent(bytes.subarray(start, end), SEED);
      this.expected.push({ offset: this.lineOffset + start, bytes: end - start, twin });
    }
    this.line = [];
    this.lineOffset += bytes.length;
  }

  private compare(): void {
    const batch = this.scanner.takeBatch();
    let row = 0;
    for (const { offset, bytes, twin } of this.expected) {
      while (row < batch.count && goesOver(batch.offset[row] as number, batch.bytes[row] as number, offset, bytes)) {
        this.overLines++;
        row++;
      }
      const isHere = row < batch.count && batch.offset[row] === offset && batch.bytes[row] === bytes;
      const found = isHere ? batchEvent(this.ring, batch, row++) : null;
      if (twin === null) {
        if (found !== null) this.takenInvalid++;
        continue;
      }
      this.events++;
      const difference = found === null ? "missing" : differenceOf(found, twin);
      if (difference === "") this.equal++;
      else if (this.differences.length < SHOWN) this.differences.push(`offset ${offset}: ${difference}`);
    }
    while (row < batch.count && (batch.offset[row] as number) < this.lineOffset) {
      this.overLines++;
      row++;
    }
    if (row < batch.count) this.differences.push(`${batch.count - row} events from nowhere`);
    this.ring.append(batch);
    this.expected = [];
  }
}

/** Begins before a line that is looked at, or with it and goes on after it. */
function goesOver(at: number, length: number, line: number, bytes: number): boolean {
  return at < line || (at === line && length > bytes);
}

function differenceOf(found: PlainEvent, twin: PlainEvent): string {
  for (const name of Object.keys(twin) as (keyof PlainEvent)[]) {
    const [a, b] = name === "groups" ? [found.groups.join("\0"), twin.groups.join("\0")] : [found[name], twin[name]];
    if (!Object.is(a, b)) return `${name} is ${JSON.stringify(a)}, JSON.parse says ${JSON.stringify(b)}`;
  }
  return "";
}
