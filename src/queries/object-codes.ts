import { objectText } from "../events/object-key.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";
import { TupleTable } from "../index/tuple-table.ts";
import { ComputedCodes } from "./tuple-codes.ts";
import { grown } from "./grown.ts";

const SLASH = 47;
const SPACE = 32;

/** The code of what names no object. */
export const NO_OBJECT = 0;

const RESOURCE = 0;
const NAMESPACE = 1;
const NAME = 2;
const FIRST_OBJECTS = 1_024;

/**
 * Objects by the codes of their parts: no text is made until one is shown. Most names belong to one object, which is found by
 * its name's code alone: names are numbered as they arrive, so that costs no cache miss; hashing, as of all others, costs two.
 */
export class ObjectCodes extends ComputedCodes {
  size = 1;
  /** Codes of the parts by object. */
  private columns = Array.from({ length: 3 }, () => new Uint32Array(FIRST_OBJECTS));
  /** First object of a name, by the name's code; NO_OBJECT: none yet. */
  private firstOfName = new Uint32Array(FIRST_OBJECTS);
  /** Objects that share their name with another, and their codes. */
  private readonly others = new TupleTable(3);
  private codesOfOthers = new Uint32Array(64);
  private readonly cells = new Uint32Array(3);

  constructor() {
    super("target");
  }

  text(index: RequestIndex, code: number): string {
    return objectText(...this.parts(index, code));
  }

  /** Resource, namespace and name. */
  parts({ dictionaries }: RequestIndex, code: number): [string, string, string] {
    const [resource, namespace, name] = this.columns as [Uint32Array, Uint32Array, Uint32Array];
    return [
      dictionaries.resource.text(resource[code] ?? ABSENT),
      dictionaries.namespace.text(namespace[code] ?? ABSENT),
      dictionaries.name.text(name[code] ?? ABSENT),
    ];
  }

  protected override compute(
    { targets }: RequestIndex,
    from: number,
    to: number,
    codes: Uint32Array,
    known: Uint8Array,
  ): void {
    const { resource, namespace, name } = targets;
    for (let id = from; id < to; id++) {
      if (known[id] !== 0) continue;
      codes[id] = this.object(resource[id] as number, namespace[id] as number, name[id] as number);
    }
  }

  /** Writes `namespace/name resource` in UTF-8, as far as there is room, without making a text of it; returns its length. */
  writeLabel({ dictionaries }: RequestIndex, code: number, into: Uint8Array): number {
    const [resources, namespaces, names] = this.columns as [Uint32Array, Uint32Array, Uint32Array];
    let at = dictionaries.namespace.copy(namespaces[code] ?? ABSENT, into, 0);
    if (at > 0) into[at++] = SLASH;
    at = dictionaries.name.copy(names[code] ?? ABSENT, into, Math.min(at, into.length));
    into[at++] = SPACE;
    return dictionaries.resource.copy(resources[code] ?? ABSENT, into, Math.min(at, into.length));
  }

  protected codeOf({ targets }: RequestIndex, id: number): number {
    return this.object(targets.resource[id] ?? ABSENT, targets.namespace[id] ?? ABSENT, targets.name[id] ?? ABSENT);
  }

  private object(resource: number, namespace: number, name: number): number {
    if (resource === ABSENT || name === ABSENT) return NO_OBJECT;
    const first = this.firstOfName[name] ?? NO_OBJECT;
    if (first === NO_OBJECT) {
      if (name >= this.firstOfName.length) this.firstOfName = grown(this.firstOfName, name + 1);
      return (this.firstOfName[name] = this.add(resource, namespace, name));
    }
    const [resources, namespaces] = this.columns as [Uint32Array, Uint32Array];
    if (resources[first] === resource && namespaces[first] === namespace) return first;
    this.cells[RESOURCE] = resource;
    this.cells[NAMESPACE] = namespace;
    this.cells[NAME] = name;
    const { size } = this.others;
    const other = this.others.intern(this.cells);
    if (other < size) return this.codesOfOthers[other] as number;
    if (other >= this.codesOfOthers.length) this.codesOfOthers = grown(this.codesOfOthers, other + 1);
    return (this.codesOfOthers[other] = this.add(resource, namespace, name));
  }

  private add(resource: number, namespace: number, name: number): number {
    const object = this.size++;
    if (object >= (this.columns[NAME] as Uint32Array).length)
      this.columns = this.columns.map((column) => grown(column, object + 1));
    const { columns } = this;
    (columns[RESOURCE] as Uint32Array)[object] = resource;
    (columns[NAMESPACE] as Uint32Array)[object] = namespace;
    (columns[NAME] as Uint32Array)[object] = name;
    return object;
  }
}
