import { isRaw } from "../events/exact-json.ts";
import { textOf } from "../events/json-values.ts";
import { MAX_NESTING, TOO_DEEP } from "../events/json.ts";
import { maskArguments } from "./command-line.ts";
import { isReference } from "./references.ts";
import { isContainer, secrecyOf } from "./secret-keys.ts";
import { isBenign, isOpaque } from "./values.ts";

/** Masks values of JSON by where they are; keys and shape stay. */

/** What a `value` beside a name that says so is called. */
const NAMED_VALUE = new Set(["value", "values", "val", "default", "stringValue", "content", "text", "data"]);
const NAMING = ["name", "key", "header", "field", "variable", "parameter", "param", "env", "title", "Name", "Key"];
/** Parts of an event that tell of the object it is about. */
const ABOUT_OBJECT = new Set(["requestObject", "responseObject", "responseStatus", "annotations"]);

export interface Inside {
  /** Within a body of Secrets: its `data` and `stringData` are secret, whatever their keys. */
  readonly isSecret: boolean;
}

export class TreeMasker {
  private readonly mask: string;
  private readonly text: (text: string, inside: Inside) => string;

  /** `text` masks a string that no key says anything about. */
  constructor(mask: string, text: (text: string, inside: Inside) => string) {
    this.mask = mask;
    this.text = text;
  }

  /** The original is not changed. */
  value(value: unknown, inside: Inside, depth = 0): unknown {
    if (typeof value === "string") return this.text(value, inside);
    if (value === null || typeof value !== "object" || isRaw(value)) return value;
    if (depth > MAX_NESTING) return TOO_DEEP;
    return Array.isArray(value) ? this.list(value, inside, depth) : this.object(value, inside, depth);
  }

  private list(list: readonly unknown[], inside: Inside, depth: number): unknown {
    const operations = list.length > 0 && list.every(isOperation);
    if (operations) return list.map((operation) => this.operation(operation, inside, depth + 1));
    const words = list.length > 1 && list.every((item) => typeof item === "string");
    const masked = words ? maskArguments(list, this.mask) : list;
    return masked.map((item, at) =>
      item === list[at] ? this.value(item, inside, depth + 1) : this.again(item, inside),
    );
  }

  /** A word that is masked in part may hold more. */
  private again(item: unknown, inside: Inside): unknown {
    return typeof item === "string" && item !== this.mask ? this.text(item, inside) : item;
  }

  private object(object: object, outer: Inside, depth: number): unknown {
    const fields = object as Readonly<Record<string, unknown>>;
    const kind = textOf(fields["kind"]);
    const inside = outer.isSecret || /^Secret(?:List)?$/.test(kind) ? { isSecret: true } : outer;
    const isItself = kind !== "SecretList" && kind !== "List" && kind !== "Status" && kind !== "Table";
    const named = NAMING.some((key) => typeof fields[key] === "string" && isSecretName(fields[key]));
    const ofSecrets = isAboutSecrets(fields["objectRef"]);
    const columns = kind === "Table" ? secretColumns(fields["columnDefinitions"]) : null;
    return mapEntries(object, (key, item) => {
      if (inside.isSecret && isItself && (key === "data" || key === "stringData")) return this.leaves(item, 0);
      if (named && NAMED_VALUE.has(key)) return this.leaves(item, 0);
      // Webhooks record their patches in annotations.
      if (inside.isSecret && key === "patch" && Array.isArray(item))
        return item.map((change: unknown) =>
          isOperation(change) ? this.operation(change, inside, depth + 1) : this.leaves(change, 0),
        );
      if (columns !== null && key === "rows") return this.rows(item, columns, inside, depth + 1);
      if (ofSecrets && ABOUT_OBJECT.has(key)) return this.value(item, { isSecret: true }, depth + 1);
      return this.field(key, item, inside, depth + 1);
    });
  }

  private field(key: string, item: unknown, inside: Inside, depth: number): unknown {
    const secrecy = secrecyOf(key);
    if (secrecy === "no") return this.value(item, inside, depth);
    if (secrecy === "maybe")
      return typeof item === "string" && isOpaque(item) ? this.mask : this.value(item, inside, depth);
    if (typeof item === "number") return isAmount(key) ? item : this.mask;
    if (typeof item === "string") return isBenign(item) ? item : this.mask;
    return isContainer(key) || isReference(item) ? this.value(item, inside, depth) : this.leaves(item, 0);
  }

  /** JSON Patch: the path says what the value is. */
  private operation(operation: object, inside: Inside, depth: number): unknown {
    const path = textOf((operation as { path?: unknown }).path)
      .split("/")
      .slice(1);
    const key = path.findLast((step) => !/^(?:\d+|-)$/.test(step)) ?? "";
    const isData = inside.isSecret && (path[0] === "data" || path[0] === "stringData");
    const isUnder = path.slice(0, -1).some((step) => secrecyOf(step) === "yes");
    return mapEntries(operation, (name, item) => {
      if (name !== "value") return this.value(item, inside, depth);
      if (isData || (isUnder && !isReference(item))) return this.leaves(item, 0);
      return this.field(key.replaceAll("~1", "/").replaceAll("~0", "~"), item, inside, depth);
    });
  }

  private rows(rows: unknown, columns: ReadonlySet<number>, inside: Inside, depth: number): unknown {
    if (!Array.isArray(rows)) return this.value(rows, inside, depth);
    return (rows as unknown[]).map((row) => {
      const cells = (row as { cells?: unknown } | null)?.cells;
      if (!Array.isArray(cells)) return this.value(row, inside, depth);
      return mapEntries(row as object, (key, item) =>
        key === "cells"
          ? cells.map((cell: unknown, at) => (columns.has(at) ? this.leaves(cell, 0) : this.value(cell, inside, depth)))
          : this.value(item, inside, depth),
      );
    });
  }

  /** Everything a leaf holds becomes the mask; references stay. */
  private leaves(value: unknown, depth: number): unknown {
    if (value === null || typeof value === "boolean" || value === "") return value;
    if (depth > MAX_NESTING || typeof value !== "object" || isRaw(value)) return this.mask;
    if (Array.isArray(value)) return value.map((item) => this.leaves(item, depth + 1));
    return mapEntries(value, (key, item) =>
      key.endsWith("Ref") && isReference(item) ? item : this.leaves(item, depth + 1),
    );
  }
}

/** `__proto__` stays an own key: fromEntries defines, it does not assign. */
function mapEntries(value: object, change: (key: string, item: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(key, item)]));
}

function isSecretName(name: unknown): boolean {
  return typeof name === "string" && name.length <= 200 && secrecyOf(name) === "yes";
}

function isAboutSecrets(reference: unknown): boolean {
  return typeof reference === "object" && (reference as { resource?: unknown } | null)?.resource === "secrets";
}

function isOperation(item: unknown): item is object {
  if (item === null || typeof item !== "object" || Array.isArray(item)) return false;
  const { op, path } = item as { op?: unknown; path?: unknown };
  return typeof op === "string" && typeof path === "string";
}

/** `maxTokens: 4096` counts. */
function isAmount(key: string): boolean {
  return /(?:^|[_.-])(?:max|min|num|n|total|count)|tokens$/i.test(key);
}

function secretColumns(definitions: unknown): ReadonlySet<number> {
  const columns = new Set<number>();
  if (!Array.isArray(definitions)) return columns;
  for (const [at, definition] of (definitions as unknown[]).entries())
    if (isSecretName((definition as { name?: unknown } | null)?.name)) columns.add(at);
  return columns;
}
