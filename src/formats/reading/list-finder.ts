import type { Facts } from "../contract.ts";
import { LIST_KEYS, LIST_KINDS } from "../shape/audit-event.ts";
import { NO_FACTS } from "./contract.ts";

/** Keys and kinds longer than this are none of those looked for. */
const CAPTURE_BYTES = 16;
/** What is beside a list and says something about its entries: CloudWatch's. */
const FACT_KEYS: readonly string[] = ["owner", "logGroup", "logStream"];
const FACT_BYTES = 512;

/** Follows an object's keys, in pieces, to tell where one of its members is a list of records. */
export class ListFinder {
  /** Whether the object may still turn out to be a list. */
  mayBeList = false;
  /** The object's kind; "" while it has told none. */
  kind = "";
  facts: Facts = NO_FACTS;
  #key = "";
  #isKey = false;
  readonly #captured = Buffer.alloc(FACT_BYTES);
  #length = 0;
  #limit = CAPTURE_BYTES;

  /** Whether an array at this place, the value of the last key, is a list of records. */
  get isListNext(): boolean {
    return this.mayBeList && (this.kind === "" || LIST_KINDS.includes(this.kind)) && LIST_KEYS.includes(this.#key);
  }

  /** An object begins. */
  begin(): void {
    this.mayBeList = true;
    this.kind = "";
    this.facts = NO_FACTS;
    this.#key = "";
  }

  /** The object goes on behind a list in it. */
  resume(kind: string, facts: Facts): void {
    this.begin();
    this.kind = kind;
    this.facts = facts;
  }

  /** A key or a string value of the object begins; true when its text matters. */
  beginString(isKey: boolean): boolean {
    this.#isKey = isKey;
    this.#length = 0;
    const isFact = !isKey && FACT_KEYS.includes(this.#key);
    this.#limit = isFact ? FACT_BYTES : CAPTURE_BYTES;
    return this.mayBeList && (isKey || isFact || this.#key === "kind");
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const room = this.#limit - this.#length;
    if (room > 0) this.#captured.set(bytes.subarray(start, Math.min(end, start + room)), this.#length);
    this.#length += end - start;
  }

  endString(): void {
    const text = this.#length <= this.#limit ? this.#captured.toString("utf8", 0, this.#length) : "";
    if (this.#isKey) {
      this.#key = text;
      if (text === "auditID") this.mayBeList = false;
    } else if (this.#key === "kind") {
      this.kind = text === "" ? "?" : text;
    } else {
      this.facts = { ...this.facts, [this.#key]: text.replaceAll("\\/", "/") };
    }
  }
}
