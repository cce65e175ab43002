import { ByteDictionary } from "./byte-dictionary.ts";
import type { ActorTable, Dictionaries, OutcomeTable, OutcomeText, TargetTable } from "./contract.ts";
import {
  ACTOR_CELLS,
  OUTCOME_CELLS,
  SCANNED_DICTIONARIES,
  TARGET_CELLS,
  type ScannedDictionary,
} from "./event-batch.ts";
import { GroupSets } from "./group-sets.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { TupleTable } from "./tuple-table.ts";

/** Dictionary behind each cell of a tuple; null for plain numbers. */
export const ACTOR_DICTIONARIES: readonly ScannedDictionary[] = [
  "user",
  "user",
  "groupSet",
  "ip",
  "sourceIPs",
  "useragent",
];
export const TARGET_DICTIONARIES: readonly ScannedDictionary[] = [...TARGET_CELLS];
export const OUTCOME_DICTIONARIES: readonly (ScannedDictionary | null)[] = [
  "verb",
  null,
  null,
  null,
  "reason",
  "decision",
  "authReason",
  "annotations",
];

/** All distinct strings and tuples of a ring, by code. Replaced as a whole when codes are renumbered. */
export class Tables {
  readonly strings: Readonly<Record<ScannedDictionary, ByteDictionary>>;
  readonly group: ByteDictionary;
  readonly actorTuples: TupleTable;
  readonly targetTuples: TupleTable;
  readonly outcomeTuples: TupleTable;
  readonly dictionaries: Dictionaries;
  readonly actors: ActorTable;
  readonly targets: TargetTable;
  readonly outcomes: OutcomeTable;
  /** Members by code of strings.groupSet. */
  private readonly groupSets: GroupSets;

  /** `dictionaryBytes` bounds the text of each dictionary, `budget` everything. */
  constructor(dictionaryBytes: number, budget = new MemoryBudget()) {
    const strings = {} as Record<ScannedDictionary, ByteDictionary>;
    for (const name of SCANNED_DICTIONARIES) strings[name] = new ByteDictionary(dictionaryBytes, budget);
    this.strings = strings;
    this.group = new ByteDictionary(dictionaryBytes, budget);
    this.groupSets = new GroupSets(this.group, budget);
    this.actorTuples = new TupleTable(ACTOR_CELLS.length, budget);
    this.targetTuples = new TupleTable(TARGET_CELLS.length, budget);
    this.outcomeTuples = new TupleTable(OUTCOME_CELLS.length, budget);
    this.dictionaries = { ...strings, group: this.group };
    this.actors = new ActorColumns(this.actorTuples);
    this.targets = new TargetColumns(this.targetTuples);
    this.outcomes = new OutcomeColumns(this.outcomeTuples);
  }

  /** Members of a group set. */
  groupSet(code: number): Uint32Array {
    if (code >= this.groupSets.size) this.readGroupSets();
    return this.groupSets.members(code);
  }

  /** Splits group sets that came since the last call: each is the JSON text of its distinct names. */
  readGroupSets(): void {
    const sets = this.strings.groupSet;
    while (this.groupSets.size < sets.size) {
      this.groupSets.push(JSON.parse(sets.text(this.groupSets.size)) as string[]);
    }
  }

  /** Lets go what only new texts are looked up by, until there are some. */
  rest(): void {
    for (const name of SCANNED_DICTIONARIES) this.strings[name].rest();
    for (const tuples of [this.actorTuples, this.targetTuples, this.outcomeTuples]) tuples.rest();
  }

  /** A value of any dictionary did not fit. */
  get haveRefused(): boolean {
    return this.group.hasRefused || SCANNED_DICTIONARIES.some((name) => this.strings[name].hasRefused);
  }

  get memoryBytes(): number {
    let bytes = this.group.memoryBytes + this.groupSets.memoryBytes;
    for (const name of SCANNED_DICTIONARIES) bytes += this.strings[name].memoryBytes;
    return bytes + this.actorTuples.memoryBytes + this.targetTuples.memoryBytes + this.outcomeTuples.memoryBytes;
  }
}

interface Tuples {
  readonly tuples: TupleTable;
  readonly size: number;
}

/** Every cell of the tuples as a property, on a prototype that all tables of the kind share. */
function columnsOf<Cell extends string>(
  cells: readonly string[],
): new (tuples: TupleTable) => Tuples & Readonly<Record<Cell, Uint32Array>> {
  class Columns implements Tuples {
    readonly tuples: TupleTable;
    constructor(tuples: TupleTable) {
      this.tuples = tuples;
    }
    get size(): number {
      return this.tuples.size;
    }
  }
  for (const [at, cell] of cells.entries()) {
    Object.defineProperty(Columns.prototype, cell, {
      get(this: Columns) {
        return this.tuples.columns[at];
      },
    });
  }
  return Columns as never;
}

const ActorColumns = columnsOf<(typeof ACTOR_CELLS)[number]>(ACTOR_CELLS);
const TargetColumns = columnsOf<(typeof TARGET_CELLS)[number]>(TARGET_CELLS);
const OutcomeTexts = columnsOf<OutcomeText>(OUTCOME_CELLS);

/** Level, stage and code are narrow copies of their tuple columns, extended when somebody looks. */
class OutcomeColumns extends OutcomeTexts implements OutcomeTable {
  private copied = 0;
  private levels = new Uint8Array(0);
  private stages = new Uint8Array(0);
  private codes = new Uint16Array(0);

  get level(): Uint8Array {
    this.extend();
    return this.levels;
  }
  get stage(): Uint8Array {
    this.extend();
    return this.stages;
  }
  get code(): Uint16Array {
    this.extend();
    return this.codes;
  }
  private extend(): void {
    const { size, columns } = this.tuples;
    if (this.copied === size) return;
    if (this.levels.length < size) {
      const rows = (columns[0] as Uint32Array).length;
      const [levels, stages, codes] = [this.levels, this.stages, this.codes];
      this.levels = new Uint8Array(rows);
      this.stages = new Uint8Array(rows);
      this.codes = new Uint16Array(rows);
      this.levels.set(levels);
      this.stages.set(stages);
      this.codes.set(codes);
    }
    for (let id = this.copied; id < size; id++) {
      this.levels[id] = (columns[1] as Uint32Array)[id] as number;
      this.stages[id] = (columns[2] as Uint32Array)[id] as number;
      this.codes[id] = (columns[3] as Uint32Array)[id] as number;
    }
    this.copied = size;
  }
}
