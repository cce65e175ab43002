import { type BodyStep, parseBodyPath } from "../../queries/body-path.ts";
import type { ValueTest } from "../../queries/contract.ts";
import { columnOf } from "../table/columns.ts";
import { anyTextSql } from "./text.ts";
import { FALSE } from "./logic.ts";
import type { SqlParams } from "./params.ts";

const BODIES: readonly string[] = ["requestObject", "responseObject"];

/** Whole numbers beyond 64 bits make a body unreadable for the server: they are read as texts, which have the same digits. */
const LONG_NUMBERS = String.raw`([:,\[]\s*)(-?\d{19,})(\s*[,}\]])`.replaceAll("\\", "\\\\");
const bodyOf = (column: string): string =>
  `if(${column} = '' OR isValidJSON(${column}), ${column}, replaceRegexpAll(${column}, '${LONG_NUMBERS}', '\\\\1"\\\\2"\\\\3'))`;

/** Values at the end of a path in the original event, as bodyValues: `requestObject.…` names its body, other paths try both. */
export function bodySql(path: string, tests: readonly ValueTest[], params: SqlParams): string {
  const steps = parseBodyPath(path);
  if (typeof steps === "string") return FALSE;
  const [first, ...rest] = steps;
  const isNamed = first !== undefined && "key" in first && BODIES.includes(first.key);
  const bodies = isNamed ? [nodesOf(first.key, rest, params)] : BODIES.map((body) => nodesOf(body, steps, params));
  const nodes = bodies.length === 1 ? (bodies[0] as string) : `arrayConcat(${bodies.join(", ")})`;
  return anyTextSql(tests, `arrayMap(n -> ${TEXT}, ${nodes})`, params);
}

/** A text as it is, anything else as JSON; slashes are escaped in what the server prints, and nothing else of it differs. */
const TEXT = String.raw`if(JSONType(n) = 'String', JSONExtractString(n), replaceAll(n, '\\/', '/'))`;

/** JSON texts of what stands at the end of the path. */
function nodesOf(body: string, steps: readonly BodyStep[], params: SqlParams): string {
  const keys: string[] = [];
  let at = 0;
  for (; at < steps.length; at++) {
    const step = steps[at] as BodyStep;
    if (!("key" in step) || isIndex(step.key)) break;
    keys.push(params.text(step.key));
  }
  const column = columnOf(body);
  const place = [bodyOf(column), ...keys].join(", ");
  const isThere = keys.length === 0 ? `${column} != ''` : `JSONHas(${place})`;
  let nodes = `if(${isThere}, [JSONExtractRaw(${place})], [])`;
  for (const step of steps.slice(at)) nodes = `arrayFlatten(arrayMap(n -> ${childrenOf(step, params)}, ${nodes}))`;
  return nodes;
}

function childrenOf(step: BodyStep, params: SqlParams): string {
  if ("any" in step) {
    const members = "arrayMap(m -> m.2, JSONExtractKeysAndValuesRaw(n))";
    return `multiIf(JSONType(n) = 'Array', JSONExtractArrayRaw(n), JSONType(n) = 'Object', ${members}, [])`;
  }
  if ("index" in step) return elementOf(step.index, params, "[]");
  const key = params.text(step.key);
  const member = `if(JSONType(n) = 'Object' AND JSONHas(n, ${key}), [JSONExtractRaw(n, ${key})], [])`;
  return isIndex(step.key) ? elementOf(Number(step.key), params, member) : member;
}

function elementOf(index: number, params: SqlParams, otherwise: string): string {
  const place = params.integer(index + 1);
  const element = `if(JSONLength(n) >= ${place}, [JSONExtractRaw(n, ${place})], [])`;
  return `if(JSONType(n) = 'Array', ${element}, ${otherwise})`;
}

/** `items.0.name`: a number among names picks an element of an array. */
function isIndex(key: string): boolean {
  return /^\d{1,9}$/.test(key);
}
