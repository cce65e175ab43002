import { objectOfText } from "../events/object-key.ts";
import { objectName } from "../events/object-name.ts";
import { shortUser } from "../events/service-account.ts";
import { maskField } from "../masking/mask.ts";
import type { Keep } from "../models/display-width.ts";
import { dimensionNamed, dimensionsNear } from "../queries/dimension-names.ts";
import { DIMENSIONS, type Dimension, type PlainDimension } from "../queries/contract.ts";

interface DimensionName {
  /** Column title, singular. */
  readonly title: string;
  readonly plural: string;
  /** The question it answers. */
  readonly about: string;
  /** Key in the group-by pane. */
  readonly key: string;
}

const NAMES: Readonly<Record<PlainDimension, DimensionName>> = {
  user: { title: "user", plural: "users", about: "who called (the impersonated user where there is one)", key: "u" },
  who: { title: "who", plural: "callers", about: "users collapsed: all nodes, a workload's pods, a program", key: "w" },
  group: { title: "group", plural: "groups", about: "groups of the user; a request counts under each", key: "g" },
  actor: { title: "actor", plural: "actor classes", about: "human, node, service account, controller …", key: "a" },
  verb: { title: "verb", plural: "verbs", about: "what they do: get, list, watch, create …", key: "v" },
  resource: {
    title: "resource",
    plural: "resources",
    about: "on what: pods, deployments.apps, pods/binding …",
    key: "r",
  },
  subresource: { title: "subresource", plural: "subresources", about: "status, scale, exec, eviction …", key: "s" },
  namespace: { title: "namespace", plural: "namespaces", about: "where", key: "n" },
  name: { title: "name", plural: "names", about: "names of objects, whatever their resource", key: "m" },
  object: { title: "object", plural: "objects", about: "one object each: resource, namespace and name", key: "o" },
  code: { title: "code", plural: "codes", about: "status codes", key: "c" },
  class: { title: "class", plural: "code classes", about: "2xx, 3xx, 4xx, 5xx", key: "x" },
  ip: {
    title: "source IP",
    plural: "source IPs",
    about: "from which address (the one that cannot be forged)",
    key: "i",
  },
  useragent: { title: "user agent", plural: "user agents", about: "with which program", key: "e" },
  path: { title: "path", plural: "paths", about: "request path without its query", key: "p" },
  decision: { title: "decision", plural: "decisions", about: "allowed or forbidden by the authorizer", key: "d" },
  level: { title: "level", plural: "levels", about: "audit level the event was written at", key: "l" },
  stage: { title: "stage", plural: "stages", about: "audit stage the facts come from", key: "t" },
  reason: { title: "reason", plural: "reasons", about: "status reason: NotFound, AlreadyExists, Expired …", key: "R" },
  input: { title: "input", plural: "inputs", about: "which file or stream it was read from", key: "f" },
  apiserver: { title: "API server", plural: "API servers", about: "which API server wrote it", key: "y" },
};

export interface DimensionChoice extends DimensionName {
  readonly dimension: PlainDimension;
}

/** In the order of the group-by pane. */
export const DIMENSION_CHOICES: readonly DimensionChoice[] = Object.entries(NAMES).map(([dimension, name]) => ({
  dimension: dimension as PlainDimension,
  ...name,
}));

export function dimensionTitle(dimension: Dimension): string {
  return isPlain(dimension) ? NAMES[dimension].title : dimension.slice("annotation:".length);
}

/** A group's value as people see it: objects by their names, and a key that names a secret masks it (`annotation:x/token`). */
export function shownValue(dimension: Dimension, value: string): string {
  if (dimension === "object") {
    const object = objectOfText(value);
    return object === null ? value : objectName(object);
  }
  return isPlain(dimension) ? value : maskField(dimension.slice(dimension.indexOf(":") + 1), value);
}

/** The same in a table of the screen: users are shortened to what tells them apart. */
export function tableValue(dimension: Dimension, value: string): string {
  return dimension === "user" ? shortUser(value) : shownValue(dimension, value);
}

/** Names keep their tail when cut; of resources and programs the head tells them apart, groups and versions repeat. */
export function keepOf(dimension: Dimension): { readonly keep?: Keep } {
  if (dimension === "resource") return { keep: "ends" };
  if (dimension === "object") return { keep: "object" };
  return dimension === "useragent" || !isPlain(dimension) ? { keep: "head" } : {};
}

export function dimensionPlural(dimension: Dimension): string {
  return isPlain(dimension) ? NAMES[dimension].plural : "values";
}

function isPlain(dimension: Dimension): dimension is PlainDimension {
  return Object.hasOwn(NAMES, dimension);
}

/** `user,verb` → dimensions; throws a sentence that names what would fit. */
export function parseDimensions(text: string): Dimension[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  if (words.length > 2) throw new Error("at most two dimensions: user,verb");
  return words.map((word) => {
    const found = dimensionNamed(word);
    if (found !== null) return found;
    const near = dimensionsNear(word);
    const meant = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `${DIMENSIONS.join(" ")} annotation:KEY`;
    throw new Error(`no dimension “${word}”: ${meant}`);
  });
}

/** For parameters of a frame: what is not a dimension is passed over. */
export function dimensionsOf(text: string | undefined, fallback: readonly Dimension[]): readonly Dimension[] {
  try {
    const dimensions = parseDimensions(text ?? "");
    return dimensions.length === 0 ? fallback : dimensions;
  } catch {
    return fallback;
  }
}
