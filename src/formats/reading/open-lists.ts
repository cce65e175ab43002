import type { Facts } from "../contract.ts";
import type { Around } from "./contract.ts";
import type { ListFinder } from "./list-finder.ts";

/** Lists in each other; a deeper array is a record like any other. */
const MAX_LISTS = 64;

/** A list that is open around another. */
interface Enclosing {
  readonly elementDepth: number;
  readonly around: Around;
  readonly kind: string;
  readonly facts: Facts;
}

/** The lists that are open, and what their entries are told with. */
export class OpenLists {
  /** Depth of the entries of the innermost one; 0 outside of all. */
  elementDepth = 0;
  around: Around;
  private readonly finder: ListFinder;
  private readonly outer: Enclosing[] = [];

  constructor(finder: ListFinder, around: Around) {
    this.finder = finder;
    this.around = around;
  }

  get isFull(): boolean {
    return this.outer.length >= MAX_LISTS;
  }

  /** An array at this depth is a list: by itself, or as a member of the object the finder follows. */
  open(depth: number): void {
    const { around, elementDepth, finder } = this;
    const isBareArray = depth === elementDepth;
    const kind = isBareArray ? "" : finder.kind;
    const facts = isBareArray ? around.facts : finder.facts;
    this.outer.push({ elementDepth, around, kind, facts });
    const own = isBareArray ? "array" : kind === "List" ? "list" : "eventlist";
    const format = around.format === "" || around.format === "documents" ? own : around.format;
    this.around = { ...around, format, facts: { ...around.facts, ...facts } };
    this.elementDepth = depth + 1;
  }

  /** Back in the object the innermost list belongs to, if there is one: it may hold another list. */
  close(): void {
    const last = this.outer.pop();
    if (last === undefined) return;
    this.elementDepth = last.elementDepth;
    this.around = last.around;
    this.finder.resume(last.kind, last.facts);
  }
}
