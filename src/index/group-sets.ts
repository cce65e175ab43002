import type { ByteDictionary } from "./byte-dictionary.ts";
import { OVERFLOW } from "./contract.ts";
import type { MemoryBudget } from "./memory-budget.ts";

/** Which groups each group set has, one behind the other: half a million sets are no objects of their own. */
export class GroupSets {
  size = 0;
  private readonly group: ByteDictionary;
  private readonly budget: MemoryBudget;
  private codes = new Uint32Array(64);
  /** Set i is codes[starts[i], starts[i + 1]). */
  private starts = new Uint32Array(64);

  constructor(group: ByteDictionary, budget: MemoryBudget) {
    this.group = group;
    this.budget = budget;
    budget.used += this.memoryBytes;
    this.add([]);
    this.add([OVERFLOW]);
  }

  get memoryBytes(): number {
    return this.codes.byteLength + this.starts.byteLength;
  }

  /** Codes of the members; none for a set that is not known. */
  members(set: number): Uint32Array {
    if (set >= this.size) return this.codes.subarray(0, 0);
    return this.codes.subarray(this.starts[set], this.starts[set + 1]);
  }

  /** Adds the next set; names that are there twice count once. */
  push(names: readonly string[]): void {
    this.add([...new Set(names.map((name) => this.group.internText(name)))]);
  }

  private add(members: readonly number[]): void {
    const from = this.starts[this.size] as number;
    this.codes = this.roomFor(this.codes, from + members.length);
    this.starts = this.roomFor(this.starts, this.size + 2);
    this.codes.set(members, from);
    this.size += 1;
    this.starts[this.size] = from + members.length;
  }

  private roomFor(column: Uint32Array<ArrayBuffer>, least: number): Uint32Array<ArrayBuffer> {
    if (least <= column.length) return column;
    const grown = new Uint32Array(Math.max(column.length * 2, least));
    grown.set(column);
    this.budget.used += grown.byteLength - column.byteLength;
    return grown;
  }
}
