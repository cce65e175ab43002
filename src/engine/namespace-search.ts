import type { RequestBlock } from "../index/contract.ts";
import { askedObject, type AskedObject } from "../lineage/object-text.ts";
import { HeldEvents, type HeldEvent } from "./held-events.ts";
import type { LineageRows } from "./lineage-rows.ts";
import type { RowPlace } from "../queries/settle.ts";

/** Events kept, cut down, until the first namespace is found; beyond it they are read again. */
const HELD_BYTES = 128 * 1024 * 1024;
/** Names of what an object in no namespace owns: more make it a question about everything. */
const MAX_NAMES = 64;
/** Shorter names are in every other event by chance. */
const LEAST_NAME = 4;

const OWNERS = Buffer.from('"ownerReferences":[');
/** A few owners take this much. */
const OWNERS_BYTES = 1_024;

/** What to do with a request at hand: `look`: its bytes tell whether it matters. */
type Fate = "observe" | "hold" | "look" | "pass";

/**
 * Finds the namespaces of an object that is asked for without one, while requests are read, so that lineage need not take
 * in those of all others. What comes before the first that names the object is held, within bounds; what is passed over
 * and turns out to matter has to be read again. Of an object in no namespace what matters elsewhere mentions its name.
 */
export class NamespaceSearch {
  /** Those with requests that name the object. */
  readonly namespaces = new Set<string>();
  /** No namespace tells it all. */
  isEverywhere = false;
  /** Rows that may matter could not be had: everything has to be read again, from the first row on. */
  isLost = false;
  private readonly rows: LineageRows;
  private readonly asked: AskedObject;
  /** Those of which rows were passed over. */
  private readonly passed = new Set<string>();
  /** Of these namespaces rows before a row were passed over. */
  private missing = new Map<string, number>();
  /** What is read again now. */
  private replayed: ReadonlyMap<string, number> | null = null;
  private readonly held = new HeldEvents();
  private isHolding = true;
  /** Of an object in no namespace, and of what was seen to be its own. */
  private readonly names: Buffer[] = [];

  /** null when only lineage over everything can tell of the object. */
  static of(object: string, rows: LineageRows): NamespaceSearch | null {
    const asked = askedObject(object);
    if (asked.isClusterScoped && asked.name.length < LEAST_NAME) return null;
    return new NamespaceSearch(rows, asked);
  }

  private constructor(rows: LineageRows, asked: AskedObject) {
    this.rows = rows;
    this.asked = asked;
    if (asked.namespace !== undefined) this.found(asked.namespace, 0);
    if (asked.isClusterScoped) this.names.push(Buffer.from(asked.name));
  }

  get hasGaps(): boolean {
    return this.isLost || this.missing.size > 0;
  }

  /** One in no namespace. */
  get isClusterWide(): boolean {
    return this.names.length > 0;
  }

  /** Told for every relevant row, in order. Events of a namespace just found that were held come first: see `release`. */
  fateOf({ block, row }: RowPlace): Fate {
    if (this.isEverywhere) return "pass";
    const namespace = this.rows.namespaceOf(block, row);
    if (this.isClusterWide) return this.isOfAll(block, row) ? "observe" : "look";
    const isNamed = this.rows.names(block, row, this.asked);
    if (isNamed && !(namespace === "" && this.isOwn(namespace))) this.found(namespace, block.firstSeq + row);
    if (this.isLost || this.isEverywhere) return "pass";
    if (this.isOfThese(block, row)) return "observe";
    if (this.isHolding) return "hold";
    this.passed.add(namespace);
    return "pass";
  }

  /** Whether a row is to be read when rows are read again. */
  covers(block: RequestBlock, row: number): boolean {
    if (!this.rows.isRelevant(block, row, null)) return false;
    if (this.replayed === null) return ["observe", "look"].includes(this.fateOf({ block, row }));
    const until = this.replayed.get(this.rows.namespaceOf(block, row));
    if (until === undefined || block.firstSeq + row >= until) return false;
    return !this.rows.mayName(block, row, this.asked) && !this.rows.isOfDeployer(block, row);
  }

  /** Whether an event matters whose row alone does not tell. What is created under the name is looked for from then on. */
  matters({ block, row }: RowPlace, bytes: Uint8Array | null): boolean {
    if (!this.isClusterWide || this.isOfAll(block, row)) return true;
    if (bytes === null) return false;
    const event = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!this.names.some((name) => event.includes(name))) return false;
    const own = this.rows.ownerName(block, row);
    if (own.length >= LEAST_NAME && this.isOwned(event)) this.alsoLookFor(own);
    return true;
  }

  private isOwned(event: Buffer): boolean {
    const at = event.indexOf(OWNERS);
    if (at < 0) return false;
    const owners = event.subarray(at, at + OWNERS_BYTES);
    return this.names.some((name) => owners.includes(name));
  }

  private alsoLookFor(name: string): void {
    const bytes = Buffer.from(name);
    if (this.names.some((known) => known.equals(bytes))) return;
    if (this.names.length >= MAX_NAMES) this.isEverywhere = true;
    else this.names.push(bytes);
  }

  hold({ block, row }: RowPlace, bytes: Uint8Array): void {
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.held.add(this.rows.namespaceOf(block, row), block.firstSeq + row, this.rows.trimFacts(block, row), raw);
    if (this.held.bytes > HELD_BYTES) this.stopHolding();
  }

  /** What was held of the namespace found. */
  release(): readonly HeldEvent[] {
    if (this.isHolding || this.held.bytes === 0) return [];
    const [namespace = ""] = this.namespaces;
    const released = this.held.of(namespace);
    for (const other of this.held.namespaces) if (other !== namespace) this.passed.add(other);
    this.held.letGo();
    return released;
  }

  /** A row that may matter cannot be had while it passes by. */
  giveUp(): void {
    this.isLost = true;
    this.isHolding = false;
    this.held.letGo();
  }

  /** Rows are read again: those that were passed over, or all. */
  again(): void {
    this.replayed = this.isLost ? null : this.missing;
    this.missing = new Map();
    this.isLost = false;
  }

  /** Adds namespaces lineage knows to have the object. False: it had been looked for in all of them. */
  widen(namespaces: readonly string[]): boolean {
    for (const namespace of namespaces) if (!this.isOwn(namespace)) this.found(namespace, Number.POSITIVE_INFINITY);
    return this.hasGaps;
  }

  /** An object in no namespace is where it was looked for, and a namespace is looked for in itself. */
  private isOwn(namespace: string): boolean {
    return namespace === "" && (this.isClusterWide || this.asked.namespace !== undefined);
  }

  private found(namespace: string, seq: number): void {
    if (namespace === "") this.isEverywhere = true;
    if (this.namespaces.has(namespace)) return;
    if (this.passed.has(namespace)) this.missing.set(namespace, seq);
    this.namespaces.add(namespace);
    this.isHolding = false;
  }

  private stopHolding(): void {
    this.isHolding = false;
    for (const namespace of this.held.namespaces) this.passed.add(namespace);
    this.held.letGo();
  }

  /** Matters whatever is asked for. */
  private isOfAll(block: RequestBlock, row: number): boolean {
    return this.rows.isInNone(block, row) || this.rows.isOfDeployer(block, row);
  }

  /** Of one of the namespaces, of none, or such that only its bodies tell whether it names the object. */
  private isOfThese(block: RequestBlock, row: number): boolean {
    return (
      this.isOfAll(block, row) ||
      this.namespaces.has(this.rows.namespaceOf(block, row)) ||
      this.rows.mayName(block, row, this.asked)
    );
  }
}
