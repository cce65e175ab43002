import { ByteDictionary } from "../../index/byte-dictionary.ts";
import type { RecordBytes } from "./record-bytes.ts";

/** Numbers known for byte spans seen before. A cache: it forgets everything when it has grown to `maxBytes`. */
export class BlobMemo {
  private dictionary = new ByteDictionary();
  private values: number[] = [0, 0];
  private readonly maxBytes: number;
  /** Key of the last get(), for put(). */
  private latest = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The number put for the bytes [start, end), whose hash is `record.hash`; −1 when there is none: put() it. */
  get(record: RecordBytes, start: number, end: number): number {
    if (this.dictionary.memoryBytes > this.maxBytes) this.clear();
    const known = this.dictionary.size;
    const code = this.dictionary.intern(record.view, record.bytes, start, end, record.hash);
    if (code >= known) this.values.push(-1);
    this.latest = code;
    return this.values[code] as number;
  }

  /** Sets the number for the bytes of the last get(), which was −1. */
  put(value: number): void {
    this.values[this.latest] = value;
  }

  clear(): void {
    this.dictionary = new ByteDictionary();
    this.values = [0, 0];
  }
}
