import { LIST_KEYS, LIST_KINDS } from "./audit-event.ts";

/** Keys and kinds longer than this are none of those looked for. */
const CAPTURE_BYTES = 16;

/** Follows an object's keys, in pieces, to tell where one of its members is a list of records. */
export class ListFinder {
  /** Whether the object may still turn out to be a list. */
  mayBeList = false;
  #key = "";
  #isKey = false;
  #hasOtherKind = false;
  readonly #captured = Buffer.alloc(CAPTURE_BYTES);
  #length = 0;

  /** Whether an array at this place, the value of the last key, is a list of records. */
  get isListNext(): boolean {
    return this.mayBeList && !this.#hasOtherKind && LIST_KEYS.includes(this.#key);
  }

  /** An object begins, or goes on behind a list in it. */
  begin(): void {
    this.mayBeList = true;
    this.#key = "";
    this.#hasOtherKind = false;
  }

  /** A key or a string value of the object begins; true when its text matters. */
  beginString(isKey: boolean): boolean {
    this.#isKey = isKey;
    this.#length = 0;
    return this.mayBeList && (isKey || this.#key === "kind");
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const room = CAPTURE_BYTES - this.#length;
    if (room > 0) this.#captured.set(bytes.subarray(start, Math.min(end, start + room)), this.#length);
    this.#length += end - start;
  }

  endString(): void {
    const text = this.#length <= CAPTURE_BYTES ? this.#captured.toString("latin1", 0, this.#length) : "";
    if (!this.#isKey) {
      this.#hasOtherKind = !LIST_KINDS.includes(text);
      return;
    }
    this.#key = text;
    if (text === "auditID") this.mayBeList = false;
  }
}
