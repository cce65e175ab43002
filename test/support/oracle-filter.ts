import { resolveResource } from "../../src/events/resource-names.ts";
import type { Filter, ValueTest } from "../../src/queries/contract.ts";
import { dimensionValues } from "./oracle-groups.ts";
import { isLongRunning, latencyMs, microsOf, type OracleRequest } from "./oracle.ts";

/** Whether a filter selects a request, read from the language's description one term at a time. */
export function oracleMatches(filter: Filter, request: OracleRequest): boolean {
  if (filter.op === "not") return !oracleMatches(filter.term, request);
  if (filter.op !== "match") {
    return filter.op === "and"
      ? filter.terms.every((term) => oracleMatches(term, request))
      : filter.terms.some((term) => oracleMatches(term, request));
  }
  const { field, key, tests } = filter;
  return tests.some((test) => termMatches(field, key, test, request));
}

function termMatches(field: string, key: string | undefined, test: ValueTest, request: OracleRequest): boolean {
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
      return value(request.annotations[key ?? ""] ?? "");
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
      return ms !== null && test.kind === "compare" && compares(ms, test);
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
      return compares(text === "" ? Number.NaN : Number(text), test);
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

function compares(value: number, { operator, value: limit }: Extract<ValueTest, { kind: "compare" }>): boolean {
  if (Number.isNaN(value)) return false;
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
  if (test.kind === "compare") return code !== null && compares(code, test);
  return valueMatches(test, code === null ? "" : String(code));
}

/** v4 only: the logs have no others. */
function addressMatches(test: ValueTest, text: string): boolean {
  if (test.kind !== "cidr") return valueMatches(test, text);
  const [base = "", bits = ""] = test.text.split("/");
  const prefix = (ip: string): string =>
    ip
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("")
      .slice(0, Number(bits));
  return /^\d+\.\d+\.\d+\.\d+$/.test(text) && prefix(text) === prefix(base);
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
