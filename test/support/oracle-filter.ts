import { isIPv4, isIPv6 } from "node:net";
import { resolveResource } from "../../src/events/resource-names.ts";
import type { Filter, Match, ValueTest } from "../../src/queries/contract.ts";
import { dimensionValues } from "./oracle-groups.ts";
import { type AuditEvent, isLongRunning, latencyMs, microsOf, type OracleRequest } from "./oracle.ts";

/** Whether a filter selects a request, read from the language's description one term at a time. */
export function oracleMatches(filter: Filter, request: OracleRequest): boolean {
  if (filter.op === "not") return !oracleMatches(filter.term, request);
  if (filter.op !== "match") {
    return filter.op === "and"
      ? filter.terms.every((term) => oracleMatches(term, request))
      : filter.terms.some((term) => oracleMatches(term, request));
  }
  return filter.tests.some((test) => termMatches(filter, test, request));
}

function termMatches({ field, key, keyGlob }: Match, test: ValueTest, request: OracleRequest): boolean {
  const value = (text: string): boolean => valueMatches(test, text);
  const values = (texts: readonly string[]): boolean => (texts.length === 0 ? value("") : texts.some(value));
  switch (field) {
    case "verb":
      return value(request.verb);
    case "user":
      return value(request.user);
    case "as":
      return request.asFrom === "" ? value("") : value(request.asFrom) || value(request.user);
    case "group":
      return values(request.groups);
    case "ns":
      return value(request.namespace);
    case "name":
      return value(request.name);
    case "uid":
      return value(request.uid);
    case "sub":
      return value(request.subresource);
    case "ua":
      return value(request.useragent);
    case "uri":
      return value(request.uri);
    case "stage":
      return value(request.stage);
    case "level":
      return value(request.level);
    case "reason":
      return value(request.reason);
    case "decision":
      return value(request.annotations["authorization.k8s.io/decision"] ?? "");
    case "authreason":
      return value(request.annotations["authorization.k8s.io/reason"] ?? "");
    case "annotation":
      if (keyGlob !== true) return value(request.annotations[key ?? ""] ?? "");
      return values(
        Object.entries(request.annotations).flatMap(([name, text]) =>
          regexOf(`^${globSource(key ?? "")}$`, "s").test(name) ? [text] : [],
        ),
      );
    case "message":
      return value(request.event.responseStatus?.message ?? "");
    case "cred":
      return values(request.event.user?.extra?.["authentication.kubernetes.io/credential-id"] ?? []);
    case "extra": {
      const isWanted = (name: string): boolean =>
        keyGlob === true ? regexOf(`^${globSource(key ?? "")}$`, "s").test(name) : name === key;
      const both = [request.event.user, request.event.impersonatedUser];
      return values(
        both.flatMap((user) => Object.entries(user?.extra ?? {}).flatMap(([name, own]) => (isWanted(name) ? own : []))),
      );
    }
    case "bytes":
      return isNumeric(test) && compares(request.bytes, test);
    case "body":
      return values(bodyTexts(request.event, key ?? ""));
    case "id":
      return value(request.auditID);
    case "ip":
      return addressMatches(test, request.sourceIPs.at(-1) ?? "");
    case "forwarded": {
      const others = request.sourceIPs.slice(0, -1);
      return others.length === 0 ? addressMatches(test, "") : others.some((ip) => addressMatches(test, ip));
    }
    case "path":
    case "who":
    case "actor":
    case "class":
      return value(dimensionValues(field, request)[0] ?? "");
    case "code":
      return codeMatches(test, request.code);
    case "latency": {
      const ms = latencyMs(request);
      return ms !== null && isNumeric(test) && compares(ms, test);
    }
    case "long":
      return value(String(isLongRunning(request)));
    case "since":
      return test.kind === "exact" && microsOf(request.received) >= microsOf(test.text);
    case "until":
      return test.kind === "exact" && microsOf(request.received) < microsOf(test.text);
    case "resource":
      return resourceMatches(test, request);
    case "object":
      return objectMatches(test, request);
    case "any":
      return searched(request).some((text) => searchMatches(test, text));
    default:
      throw new Error(`the oracle knows no field ${field}`);
  }
}

const regexes = new Map<string, RegExp>();

function regexOf(source: string, flags: string): RegExp {
  const key = `${flags} ${source}`;
  let regex = regexes.get(key);
  if (regex === undefined) regexes.set(key, (regex = new RegExp(source, flags)));
  return regex;
}

function valueMatches(test: ValueTest, text: string): boolean {
  switch (test.kind) {
    case "exact":
    case "literal":
      return text === test.text;
    case "glob":
      return text !== "" && regexOf(`^${globSource(test.text)}$`, "s").test(text);
    case "regex":
      return regexOf(test.source, test.ignoreCase === true ? "i" : "").test(text);
    case "contains":
      return text.toLowerCase().includes(test.text.toLowerCase());
    case "compare":
    case "range":
      return compares(numberOf(text), test);
    case "class":
    case "cidr":
      return false;
    default:
      return test satisfies never;
  }
}

function globSource(glob: string): string {
  return glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}

type Numeric = Extract<ValueTest, { kind: "compare" | "range" }>;

function isNumeric(test: ValueTest): test is Numeric {
  return test.kind === "compare" || test.kind === "range";
}

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, µs: 1e-3, us: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3_600e3 };

/** A number, or a duration as Go prints it, in ms. */
function numberOf(text: string): number {
  if (/^-?\d/.test(text) && !Number.isNaN(Number(text))) return Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-zµ]+)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return Number.NaN;
  return parts.reduce((sum, [, amount = "", unit = ""]) => sum + Number(amount) * (UNIT_MS[unit] ?? Number.NaN), 0);
}

function compares(value: number, test: Numeric): boolean {
  if (Number.isNaN(value)) return false;
  if (test.kind === "range")
    return !((test.from !== undefined && value < test.from) || (test.to !== undefined && value > test.to));
  const { operator, value: limit } = test;
  const difference = value - limit;
  return {
    ">": difference > 0,
    ">=": difference >= 0,
    "<": difference < 0,
    "<=": difference <= 0,
    "=": difference === 0,
  }[operator];
}

function codeMatches(test: ValueTest, code: number | null): boolean {
  if (test.kind === "class") return code !== null && Math.floor(code / 100) === test.digit;
  if (isNumeric(test)) return code !== null && compares(code, test);
  return valueMatches(test, code === null ? "" : String(code));
}

/** A family's addresses are the ones written its way; each as its bits. */
function addressMatches(test: ValueTest, text: string): boolean {
  const bits = bitsOf(text);
  if (test.kind === "cidr") {
    const [base = "", length = ""] = test.text.split("/");
    const wanted = bitsOf(base) ?? "";
    return bits?.length === wanted.length && bits.startsWith(wanted.slice(0, Number(length)));
  }
  return valueMatches(test, text) || (test.kind === "exact" && bits !== null && bits === bitsOf(test.text));
}

function bitsOf(text: string): string | null {
  const binary = (numbers: readonly number[], width: number): string =>
    numbers.map((number) => number.toString(2).padStart(width, "0")).join("");
  if (isIPv4(text)) return binary(text.split(".").map(Number), 8);
  if (!isIPv6(text)) return null;
  const hex = (text.split("%")[0] ?? "").replace(/[\d.]+$/, (v4) => {
    if (!v4.includes(".")) return v4;
    const [a = 0, b = 0, c = 0, d = 0] = v4.split(".").map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = "", tail] = hex.split("::").map((half) => half.split(":").filter(Boolean));
  const front = (head as readonly string[]).map((group) => Number.parseInt(group, 16));
  const back = (tail ?? []).map((group) => Number.parseInt(group, 16));
  return binary([...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back], 16);
}

/** Values at the end of a path of plain keys and `*`, in the body it names or in both; numbers as they are written. */
function bodyTexts(event: AuditEvent, path: string): string[] {
  const keys = path.split(/\.|(?=\[)/).map((key) => key.replace(/^\[(.*)\]$/, "$1"));
  const isNamed = keys[0] === "requestObject" || keys[0] === "responseObject";
  const roots: unknown[] = isNamed ? [event] : [event.requestObject, event.responseObject];
  const found = keys.reduce<unknown[]>(
    (nodes, key) =>
      nodes.flatMap((node) => {
        if (typeof node !== "object" || node === null) return [];
        if (key === "*") return Object.values(node) as unknown[];
        return Object.hasOwn(node, key) ? [(node as Record<string, unknown>)[key]] : [];
      }),
    roots,
  );
  return found.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
}

function namesOf(word: string): (resource: string) => boolean {
  const known = resolveResource(word);
  const [first = ""] = known;
  if (first !== "" && !first.includes(".")) return (resource) => resource === first;
  if (word.includes(".")) return (resource) => resource === word || known.includes(resource);
  const plurals = [word, ...known.map((resource) => resource.split(".")[0])];
  return (resource) => plurals.includes(resource.split(".")[0]);
}

function resourceMatches(test: ValueTest, request: OracleRequest): boolean {
  const { resource, subresource } = request;
  const label = dimensionValues("resource", request)[0] ?? "";
  switch (test.kind) {
    case "literal":
      if (test.text === "") return resource === "";
      return label === test.text || (!test.text.includes("/") && resource === test.text);
    case "exact": {
      if (test.text.startsWith("/")) return resource === "" && label === test.text;
      if (resource === "") return false;
      const [word = "", sub] = test.text.split("/");
      return namesOf(word)(resource) && (sub === undefined || sub === subresource);
    }
    case "glob":
      if (test.text.startsWith("/")) return resource === "" && valueMatches(test, label);
      return resource !== "" && valueMatches(test, test.text.includes("/") ? label : resource);
    case "regex":
    case "contains":
    case "compare":
    case "range":
    case "class":
    case "cidr":
      return valueMatches(test, label) || (resource !== "" && valueMatches(test, resource));
    default:
      return test satisfies never;
  }
}

function objectMatches(test: ValueTest, request: OracleRequest): boolean {
  const { resource, namespace, name } = request;
  const key = dimensionValues("object", request)[0] ?? "";
  if (test.kind === "glob") {
    const short = name === "" || resource === "" ? "" : `${resource}/${name}`;
    return test.text.includes("/")
      ? valueMatches(test, key) || valueMatches(test, short)
      : resource !== "" && valueMatches(test, name);
  }
  if (test.kind !== "exact") return valueMatches(test, key);
  if (resource === "") return false;
  const parts = test.text.split("/");
  if (parts.at(-1) !== name) return false;
  if (parts.length === 1) return true;
  if (!namesOf(parts.at(-2) ?? "")(resource)) return false;
  return parts.length === 2 || parts[0] === namespace;
}

function searched(request: OracleRequest): string[] {
  return [request.user, request.useragent, request.uri, dimensionValues("object", request)[0] ?? ""];
}

function searchMatches(test: ValueTest, text: string): boolean {
  if (test.kind !== "glob") return valueMatches(test, text);
  return text !== "" && regexOf(globSource(test.text), "is").test(text);
}
