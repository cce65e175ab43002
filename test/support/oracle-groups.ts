import { actorClassOf } from "../../src/events/actor-class.ts";
import { isLongRunning, latencyMs, microsOf, type OracleRequest } from "./oracle.ts";

/** Values of a dimension: one, but any number for `group`. */
export function dimensionValues(dimension: string, request: OracleRequest): readonly string[] {
  if (dimension.startsWith("annotation:")) return [request.annotations[dimension.slice(11)] ?? ""];
  const path = request.uri.split("?")[0] ?? "";
  const { resource, subresource, namespace, name, user } = request;
  switch (dimension) {
    case "group":
      return request.groups;
    case "resource":
      return [resource === "" ? path : [resource, subresource].filter((part) => part !== "").join("/")];
    case "object":
      return [
        resource === "" || name === "" ? "" : [namespace, resource, name].filter((part) => part !== "").join("/"),
      ];
    case "code":
      return [request.code === null ? "" : String(request.code)];
    case "class":
      return [request.code === null ? "" : `${String(request.code)[0]}xx`];
    case "ip":
      return [request.sourceIPs.at(-1) ?? ""];
    case "decision":
      return [request.annotations["authorization.k8s.io/decision"] ?? ""];
    case "path":
      return [path];
    case "actor":
      return [actorClassOf(user)];
    case "who":
      return [whoOf(user, request.useragent)];
    case "apiserver":
      return [""];
    case "input":
      return [request.input];
    case "user":
    case "verb":
    case "reason":
    case "subresource":
    case "namespace":
    case "name":
    case "useragent":
    case "stage":
    case "level":
      return [request[dimension]];
    default:
      throw new Error(`the oracle knows no dimension ${dimension}`);
  }
}

function whoOf(user: string, useragent: string): string {
  if (user === "") return /^[^/\s(]*/.exec(useragent)?.[0] || "unauthenticated";
  if (user.startsWith("system:node:")) return "nodes";
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return account === null ? user : `${account[1]}/${account[2]}`;
}

export interface OracleGroup {
  readonly key: Readonly<Record<string, string>>;
  requests: number;
  clientErrors: number;
  serverErrors: number;
  bytes: number;
  firstSeen: string;
  lastSeen: string;
  readonly latencies: number[];
  readonly members: OracleRequest[];
}

/** Groups by any dimensions, largest first, ties by key. */
export function oracleGroups(requests: readonly OracleRequest[], by: readonly string[]): OracleGroup[] {
  const groups = new Map<string, OracleGroup>();
  for (const request of requests) {
    for (const values of combinations(by.map((dimension) => dimensionValues(dimension, request)))) {
      const id = JSON.stringify(values);
      let group = groups.get(id);
      if (group === undefined) {
        group = {
          key: Object.fromEntries(by.map((dimension, i) => [dimension, values[i] ?? ""])),
          requests: 0,
          clientErrors: 0,
          serverErrors: 0,
          bytes: 0,
          firstSeen: request.received,
          lastSeen: request.received,
          latencies: [],
          members: [],
        };
        groups.set(id, group);
      }
      count(group, request);
    }
  }
  return [...groups.values()].sort((a, b) => b.requests - a.requests || compareKeys(a, b, by));
}

function count(group: OracleGroup, request: OracleRequest): void {
  group.requests++;
  group.members.push(request);
  group.bytes += request.bytes;
  const code = request.code ?? 0;
  if (code >= 400 && code < 500) group.clientErrors++;
  if (code >= 500 && code < 600) group.serverErrors++;
  if (microsOf(request.received) < microsOf(group.firstSeen)) group.firstSeen = request.received;
  if (microsOf(request.received) > microsOf(group.lastSeen)) group.lastSeen = request.received;
  const ms = latencyMs(request);
  if (ms !== null && !isLongRunning(request)) group.latencies.push(ms);
}

function combinations(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (all, list) => all.flatMap((values) => list.map((value) => [...values, value])),
    [[]],
  );
}

function compareKeys(a: OracleGroup, b: OracleGroup, by: readonly string[]): number {
  for (const dimension of by) {
    const [x = "", y = ""] = [a.key[dimension], b.key[dimension]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

export function nearestRank(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1] ?? Number.NaN;
}
