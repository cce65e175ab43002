import { objectText } from "../events/object-key.ts";
import { ABSENT, type RequestIndex } from "../index/contract.ts";
import { TupleTable } from "../index/tuple-table.ts";
import { ComputedCodes } from "./tuple-codes.ts";

/** The code of what names no object. */
export const NO_OBJECT = 0;

/**
 * Objects by the codes of their parts: no text is made until one is shown. Most names belong to one object, which is found by
 * its name's code alone: names are numbered as they arrive, so that costs no cache miss; hashing would cost two.
 */
export class ObjectCodes extends ComputedCodes {
  private readonly objects = new TupleTable(3);
  private readonly cells = new Uint32Array(3);
  /** First object of a name + 1, by the name's code. */
  private firstOfName = new Uint32Array(1_024);

  constructor() {
    super("target");
    this.objects.intern(this.cells);
  }

  get size(): number {
    return this.objects.size;
  }

  text(index: RequestIndex, code: number): string {
    return objectText(...this.parts(index, code));
  }

  /** Resource, namespace and name. */
  parts({ dictionaries }: RequestIndex, code: number): [string, string, string] {
    const [resource, namespace, name] = this.objects.columns.map((column) => column[code] ?? ABSENT);
    return [
      dictionaries.resource.text(resource ?? ABSENT),
      dictionaries.namespace.text(namespace ?? ABSENT),
      dictionaries.name.text(name ?? ABSENT),
    ];
  }

  protected codeOf({ targets, dictionaries }: RequestIndex, id: number): number {
    const resource = targets.resource[id] ?? ABSENT;
    const name = targets.name[id] ?? ABSENT;
    if (resource === ABSENT || name === ABSENT) return NO_OBJECT;
    const namespace = targets.namespace[id] ?? ABSENT;
    const first = this.firstOfName[name] ?? 0;
    if (first !== 0) {
      const [resources, namespaces] = this.objects.columns;
      if (resources?.[first - 1] === resource && namespaces?.[first - 1] === namespace) return first - 1;
    }
    this.cells[0] = resource;
    this.cells[1] = namespace;
    this.cells[2] = name;
    const object = this.objects.intern(this.cells);
    if (first === 0) {
      if (name >= this.firstOfName.length) this.growNames(Math.max(dictionaries.name.size, name + 1));
      this.firstOfName[name] = object + 1;
    }
    return object;
  }

  private growNames(names: number): void {
    const grown = new Uint32Array(Math.ceil(names * 1.25));
    grown.set(this.firstOfName);
    this.firstOfName = grown;
  }
}
