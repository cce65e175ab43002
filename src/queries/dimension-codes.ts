import { actorClassOf } from "../events/actor-class.ts";
import { FIELDS } from "../events/fields.ts";
import { pathOf, resourceText } from "../events/object-key.ts";
import { LEVELS, STAGES } from "../events/vocabulary.ts";
import { whoOf } from "../events/who.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";
import { annotationValue } from "./annotation-value.ts";
import type { Dimension } from "./contract.ts";
import { ObjectCodes } from "./object-codes.ts";
import { codeClass } from "./outcome-tests.ts";
import { PairIds } from "./pair-ids.ts";
import { DerivedTexts, TextCodes } from "./derived-texts.ts";
import {
  ColumnCodes,
  ComputedCodes,
  DerivedCodes,
  type DimensionCodes,
  NumberCodes,
  ReadyCodes,
} from "./tuple-codes.ts";

/** `group` is a property of several values: its codes are group sets, and this tells a set's members. */
export const isManyValued = (dimension: Dimension): boolean => dimension === "group";

export function dimensionCodes(dimension: Dimension): DimensionCodes {
  if (dimension.startsWith("annotation:")) {
    const key = dimension.slice("annotation:".length);
    return new DerivedCodes({ table: "outcome", fact: "annotations" }, (json) => annotationValue(json, key));
  }
  const column = FIELDS.find((field) => field.dimension?.id === dimension)?.column;
  if (column !== undefined) return new ColumnCodes(column);
  switch (dimension) {
    case "group":
      return new GroupSetCodes();
    case "actor":
      return new DerivedCodes({ table: "actor", fact: "user" }, actorClassOf);
    case "path":
      return new DerivedCodes({ table: "target", fact: "uri" }, pathOf);
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
      return new SourceCodes(({ apiserver }) => apiserver);
    case "input":
      return new SourceCodes(({ path }) => path);
    default:
      throw new Error(`no such dimension: ${dimension}`);
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
  private readonly pairs = new PairIds();
  private readonly ofPair: number[] = [];

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
    return (this.ofPair[this.pairs.id(resource, sub)] ??= this.texts.codeOf(
      resourceText(dictionaries.resource.text(resource), dictionaries.subresource.text(sub), ""),
    ));
  }
}

class GroupSetCodes extends ReadyCodes {
  readonly table = "actor";
  readonly isDense = false;
  codes = new Uint32Array(0);
  size = 0;

  extend(index: RequestIndex): void {
    this.codes = index.actors.groups as Uint32Array<ArrayBuffer>;
    this.size = index.dictionaries.group.size;
  }

  of({ actors }: RequestIndex, id: number): number {
    return actors.groups[id] ?? ABSENT;
  }

  text(index: RequestIndex, code: number): string {
    return index.dictionaries.group.text(code);
  }
}

/** By source number. */
class SourceCodes extends ReadyCodes {
  readonly table = "source";
  readonly isDense = false;
  codes = new Uint32Array(0);
  private readonly texts = new TextCodes();
  private readonly textOf: (source: RequestIndex["sources"][number]) => string;

  constructor(textOf: (source: RequestIndex["sources"][number]) => string) {
    super();
    this.textOf = textOf;
  }

  get size(): number {
    return this.texts.texts.length;
  }

  extend({ sources }: RequestIndex): void {
    if (this.codes.length === sources.length) return;
    this.codes = Uint32Array.from(sources, (source) => this.texts.codeOf(this.textOf(source)));
  }

  of(index: RequestIndex, id: number): number {
    this.extend(index);
    return this.codes[id] ?? 0;
  }

  text(_index: RequestIndex, code: number): string {
    return this.texts.texts[code] ?? "";
  }
}
