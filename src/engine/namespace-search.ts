import type { RequestBlock } from "../index/contract.ts";
import { askedObject, type AskedObject } from "../lineage/object-text.ts";
import type { LineageRows } from "./lineage-rows.ts";
import type { RowPlace } from "./raw-events.ts";

/** Events kept until the first namespace is found; beyond it they are read again. */
const HELD_BYTES = 64 * 1024 * 1024;
const SLAB_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(0);

interface HeldEvent {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** What to do with a request at hand. */
type Fate = "observe" | "hold" | "pass";

/**
 * Finds the namespaces of an object that is asked for without one, while requests are read, so that lineage need not take
 * in those of all others. What comes before the first that names the object is held, within bounds; what is passed over
 * and turns out to matter has to be read again.
 */
export class NamespaceSearch {
  /** Those with requests that name the object. */
  readonly namespaces = new Set<string>();
  /** Rows that matter were passed over: everything has to be read again, from the first row on. */
  hasGaps = false;
  /** No namespace tells it all. */
  isEverywhere = false;
  private readonly rows: LineageRows;
  private readonly asked: AskedObject;
  /** Those of which rows were passed over. */
  private readonly passed = new Set<string>();
  private readonly held = new Map<string, HeldEvent[]>();
  private heldBytes = 0;
  /** Where copies go. */
  private slab = NOTHING;
  private slabUsed = 0;
  private isHolding = true;

  /** null when only lineage over everything can tell of the object. */
  static of(object: string, rows: LineageRows): NamespaceSearch | null {
    const asked = askedObject(object);
    return asked === null ? null : new NamespaceSearch(rows, asked);
  }

  private constructor(rows: LineageRows, asked: AskedObject) {
    this.rows = rows;
    this.asked = asked;
    if (asked.namespace !== undefined) this.found(asked.namespace);
  }

  /** Told for every relevant row, in order. Events of a namespace just found that were held come first: see `release`. */
  fateOf({ block, row }: RowPlace): Fate {
    if (this.rows.names(block, row, this.asked)) this.found(this.rows.namespaceOf(block, row));
    if (this.hasGaps || this.isEverywhere) return "pass";
    if (this.isOfThese(block, row)) return "observe";
    if (this.isHolding) return "hold";
    this.passed.add(this.rows.namespaceOf(block, row));
    return "pass";
  }

  /** Whether a row is to be read when everything is read again. */
  covers(block: RequestBlock, row: number): boolean {
    return this.rows.isRelevant(block, row, null) && this.fateOf({ block, row }) === "observe";
  }

  hold(place: RowPlace, bytes: Uint8Array): void {
    const namespace = this.rows.namespaceOf(place.block, place.row);
    const held = { seq: place.block.firstSeq + place.row, bytes: this.copy(bytes) };
    const others = this.held.get(namespace);
    if (others === undefined) this.held.set(namespace, [held]);
    else others.push(held);
    this.heldBytes += bytes.length;
    if (this.heldBytes > HELD_BYTES) this.giveUp();
  }

  /** What was held of the namespace found. */
  release(): readonly HeldEvent[] {
    if (this.isHolding || this.held.size === 0) return [];
    const [namespace = ""] = this.namespaces;
    const released = this.held.get(namespace) ?? [];
    for (const other of this.held.keys()) if (other !== namespace) this.passed.add(other);
    this.letGo();
    return released;
  }

  /** A row that may matter cannot be kept, or had, while it passes by. */
  giveUp(): void {
    this.hasGaps = true;
    this.isHolding = false;
    this.letGo();
  }

  /** Everything is read again, for the namespaces known now. */
  again(): void {
    this.hasGaps = false;
  }

  /** Adds namespaces lineage knows to have the object. False: it had been looked for in all of them. */
  widen(namespaces: readonly string[]): boolean {
    for (const namespace of namespaces) this.found(namespace);
    return this.hasGaps;
  }

  private found(namespace: string): void {
    if (namespace === "") this.isEverywhere = true;
    if (this.namespaces.has(namespace)) return;
    if (this.passed.has(namespace)) this.hasGaps = true;
    this.namespaces.add(namespace);
    this.isHolding = false;
  }

  /** Of one of the namespaces, of none, or such that only its bodies tell whether it names the object. */
  private isOfThese(block: RequestBlock, row: number): boolean {
    const namespace = this.rows.namespaceOf(block, row);
    return namespace === "" || this.namespaces.has(namespace) || this.rows.mayName(block, row, this.asked);
  }

  /** Thousands of small buffers would cost more than what is in them. */
  private copy(bytes: Uint8Array): Uint8Array {
    if (this.slabUsed + bytes.length > this.slab.length) {
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes.length));
      this.slabUsed = 0;
    }
    const copy = this.slab.subarray(this.slabUsed, this.slabUsed + bytes.length);
    copy.set(bytes);
    this.slabUsed += bytes.length;
    return copy;
  }

  private letGo(): void {
    this.held.clear();
    this.slab = NOTHING;
  }
}
