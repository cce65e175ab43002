import { actorClassOf } from "../events/actor-class.ts";
import { objectText, pathOf, resourceText } from "../events/object-key.ts";
import { LEVELS, STAGES } from "../events/vocabulary.ts";
import { whoOf } from "../events/who.ts";
import { ABSENT, type DictionaryView, OVERFLOW, type RequestIndex } from "../index/contract.ts";
import { TupleTable } from "../index/tuple-table.ts";
import { annotationValue } from "./annotation-value.ts";
import type { Dimension } from "./contract.ts";
import { codeClass } from "./outcome-tests.ts";
import { tableSize } from "./tuple-mask.ts";
import type { Table } from "./tuple-test.ts";

/** A dimension as small numbers: one code per tuple, so that grouping a row is an array lookup. */
export interface DimensionCodes {
  readonly table: Table | "source";
  /** By tuple id (or source number); valid after extend. */
  readonly codes: Uint32Array;
  /** Codes are below this. */
  readonly size: number;
  /** Covers every tuple the table has now. */
  extend(index: RequestIndex): void;
  text(index: RequestIndex, code: number): string;
}

/** `group` is a property of several values: its codes are group sets, and this tells a set's members. */
export const isManyValued = (dimension: Dimension): boolean => dimension === "group";

export function dimensionCodes(dimension: Dimension): DimensionCodes {
  if (dimension.startsWith("annotation:")) {
    const key = dimension.slice("annotation:".length);
    return new DerivedCodes("outcome", "annotations", (json) => annotationValue(json, key));
  }
  switch (dimension) {
    case "user":
    case "ip":
    case "useragent":
      return new ColumnCodes("actor", dimension);
    case "verb":
    case "decision":
      return new ColumnCodes("outcome", dimension);
    case "subresource":
    case "namespace":
    case "name":
      return new ColumnCodes("target", dimension);
    case "group":
      return new GroupSetCodes();
    case "actor":
      return new DerivedCodes("actor", "user", actorClassOf);
    case "path":
      return new DerivedCodes("target", "uri", pathOf);
    case "who":
      return new WhoCodes();
    case "resource":
      return new ResourceCodes();
    case "object":
      return new ObjectCodes();
    case "code":
      return new NumberCodes(
        ({ outcomes }, id) => outcomes.code[id] ?? 0,
        65_536,
        (code) => (code === 0 ? "" : String(code)),
      );
    case "class":
      return new NumberCodes(
        ({ outcomes }, id) => Math.floor((outcomes.code[id] ?? 0) / 100),
        656,
        (digit) => codeClass(digit * 100),
      );
    case "stage":
      return new NumberCodes(
        ({ outcomes }, id) => outcomes.stage[id] ?? 0,
        256,
        (stage) => STAGES[stage] ?? "",
      );
    case "level":
      return new NumberCodes(
        ({ outcomes }, id) => outcomes.level[id] ?? 0,
        256,
        (level) => LEVELS[level] ?? "",
      );
    case "apiserver":
      return new ApiserverCodes();
    default:
      throw new Error(`no such dimension: ${dimension}`);
  }
}

interface Columns {
  readonly actor: "user" | "ip" | "useragent";
  readonly target: "subresource" | "namespace" | "name" | "uri";
  readonly outcome: "verb" | "decision" | "annotations";
}

function columnOf<T extends Table>(index: RequestIndex, table: T, column: Columns[T]): Uint32Array {
  return (index[`${table}s`] as unknown as Readonly<Record<string, Uint32Array>>)[column] as Uint32Array;
}

/** The index's own codes. */
class ColumnCodes<T extends Table> implements DimensionCodes {
  readonly table: T;
  codes = new Uint32Array(0);
  size = 0;
  private readonly column: Columns[T];

  constructor(table: T, column: Columns[T]) {
    this.table = table;
    this.column = column;
  }

  extend(index: RequestIndex): void {
    this.codes = columnOf(index, this.table, this.column) as Uint32Array<ArrayBuffer>;
    this.size = index.dictionaries[this.column].size;
  }

  text(index: RequestIndex, code: number): string {
    return index.dictionaries[this.column].text(code);
  }
}

/** Texts numbered in the order of their first use. */
class TextCodes {
  readonly texts: string[] = [];
  private readonly byText = new Map<string, number>();

  codeOf(text: string): number {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    this.byText.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Computed per tuple, and only for tuples that are new. */
abstract class ComputedCodes implements DimensionCodes {
  readonly table: Table;
  codes = new Uint32Array(0);
  private filled = 0;

  constructor(table: Table) {
    this.table = table;
  }

  abstract get size(): number;
  abstract text(index: RequestIndex, code: number): string;
  protected abstract codeOf(index: RequestIndex, id: number): number;

  extend(index: RequestIndex): void {
    const size = tableSize(index, this.table);
    if (this.codes.length < size) {
      const grown = new Uint32Array(Math.ceil(size * 1.25) + 16);
      grown.set(this.codes);
      this.codes = grown;
    }
    for (let id = this.filled; id < size; id++) this.codes[id] = this.codeOf(index, id);
    this.filled = size;
  }
}

class NumberCodes extends ComputedCodes {
  readonly size: number;
  private readonly read: (index: RequestIndex, id: number) => number;
  private readonly print: (code: number) => string;

  constructor(read: (index: RequestIndex, id: number) => number, size: number, print: (code: number) => string) {
    super("outcome");
    this.size = size;
    this.read = read;
    this.print = print;
  }

  text(_index: RequestIndex, code: number): string {
    return this.print(code);
  }

  protected codeOf(index: RequestIndex, id: number): number {
    return this.read(index, id);
  }
}

/** A text derived from a dictionary's text, once per entry. Values beyond the cap keep their group's name. */
class DerivedTexts {
  private codes = new Uint32Array(64);
  private readonly texts: TextCodes;
  private readonly derive: (text: string) => string;

  constructor(texts: TextCodes, derive: (text: string) => string) {
    this.texts = texts;
    this.derive = derive;
  }

  codeOf(dictionary: DictionaryView, entry: number): number {
    if (entry >= this.codes.length) {
      const grown = new Uint32Array(Math.ceil(Math.max(dictionary.size, entry + 1) * 1.25));
      grown.set(this.codes);
      this.codes = grown;
    }
    const known = this.codes[entry] as number;
    if (known !== 0) return known - 1;
    const text = dictionary.text(entry);
    const code = this.texts.codeOf(entry === OVERFLOW ? text : this.derive(text));
    this.codes[entry] = code + 1;
    return code;
  }
}

class DerivedCodes<T extends Table> extends ComputedCodes {
  private readonly texts = new TextCodes();
  private readonly derived: DerivedTexts;
  private readonly column: Columns[T];

  constructor(table: T, column: Columns[T], derive: (text: string) => string) {
    super(table);
    this.column = column;
    this.derived = new DerivedTexts(this.texts, derive);
  }

  get size(): number {
    return this.texts.texts.length;
  }

  text(_index: RequestIndex, code: number): string {
    return this.texts.texts[code] ?? "";
  }

  protected codeOf(index: RequestIndex, id: number): number {
    const entry = columnOf(index, this.table as T, this.column)[id] ?? ABSENT;
    return this.derived.codeOf(index.dictionaries[this.column], entry);
  }
}

class WhoCodes extends ComputedCodes {
  private readonly texts = new TextCodes();
  private readonly byUser = new DerivedTexts(this.texts, (user) => whoOf(user, ""));
  private readonly byAgent = new DerivedTexts(this.texts, (useragent) => whoOf("", useragent));

  constructor() {
    super("actor");
  }

  get size(): number {
    return this.texts.texts.length;
  }

  text(_index: RequestIndex, code: number): string {
    return this.texts.texts[code] ?? "";
  }

  protected codeOf({ actors, dictionaries }: RequestIndex, id: number): number {
    const user = actors.user[id] ?? ABSENT;
    if (user !== ABSENT) return this.byUser.codeOf(dictionaries.user, user);
    return this.byAgent.codeOf(dictionaries.useragent, actors.useragent[id] ?? ABSENT);
  }
}

class ResourceCodes extends ComputedCodes {
  private readonly texts = new TextCodes();
  private readonly byPath = new DerivedTexts(this.texts, pathOf);
  private readonly byPair = new Map<number, number>();

  constructor() {
    super("target");
  }

  get size(): number {
    return this.texts.texts.length;
  }

  text(_index: RequestIndex, code: number): string {
    return this.texts.texts[code] ?? "";
  }

  protected codeOf({ targets, dictionaries }: RequestIndex, id: number): number {
    const resource = targets.resource[id] ?? ABSENT;
    if (resource === ABSENT) return this.byPath.codeOf(dictionaries.uri, targets.uri[id] ?? ABSENT);
    const sub = targets.subresource[id] ?? ABSENT;
    const pair = resource * 0x1_0000_0000 + sub;
    const known = this.byPair.get(pair);
    if (known !== undefined) return known;
    const text = resourceText(dictionaries.resource.text(resource), dictionaries.subresource.text(sub), "");
    const code = this.texts.codeOf(text);
    this.byPair.set(pair, code);
    return code;
  }
}

/** Objects by the codes of their parts: no text is made until one is shown. */
class ObjectCodes extends ComputedCodes {
  private readonly objects = new TupleTable(3);
  private readonly cells = new Uint32Array(3);

  constructor() {
    super("target");
  }

  get size(): number {
    return this.objects.size;
  }

  text({ dictionaries }: RequestIndex, code: number): string {
    const [resource, namespace, name] = this.objects.columns.map((column) => column[code] ?? ABSENT);
    return objectText(
      dictionaries.resource.text(resource ?? ABSENT),
      dictionaries.namespace.text(namespace ?? ABSENT),
      dictionaries.name.text(name ?? ABSENT),
    );
  }

  protected codeOf({ targets }: RequestIndex, id: number): number {
    const resource = targets.resource[id] ?? ABSENT;
    const name = targets.name[id] ?? ABSENT;
    if (resource === ABSENT || name === ABSENT) this.cells.fill(ABSENT);
    else {
      this.cells[0] = resource;
      this.cells[1] = targets.namespace[id] ?? ABSENT;
      this.cells[2] = name;
    }
    return this.objects.intern(this.cells);
  }
}

class GroupSetCodes implements DimensionCodes {
  readonly table = "actor";
  codes = new Uint32Array(0);
  size = 0;

  extend(index: RequestIndex): void {
    this.codes = index.actors.groups as Uint32Array<ArrayBuffer>;
    this.size = index.dictionaries.group.size;
  }

  text(index: RequestIndex, code: number): string {
    return index.dictionaries.group.text(code);
  }
}

/** By source number. */
class ApiserverCodes implements DimensionCodes {
  readonly table = "source";
  codes = new Uint32Array(0);
  private readonly texts = new TextCodes();

  get size(): number {
    return this.texts.texts.length;
  }

  extend({ sources }: RequestIndex): void {
    if (this.codes.length === sources.length) return;
    this.codes = Uint32Array.from(sources, ({ apiserver }) => this.texts.codeOf(apiserver));
  }

  text(_index: RequestIndex, code: number): string {
    return this.texts.texts[code] ?? "";
  }
}
