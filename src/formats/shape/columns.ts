/** Audit events as rows of a table: a column a member, objects as JSON in text, names in the store's own spelling. */
import { parseJson } from "../../events/json.ts";
import { isObject, type JsonObject } from "./audit-event.ts";
import { eventMembers, withInferred } from "./rebuilt-event.ts";

type Kind = "text" | "object" | "list" | "number" | "time" | "body";

const MEMBERS: Readonly<Record<string, Kind>> = {
  kind: "text",
  apiVersion: "text",
  level: "text",
  auditID: "text",
  stage: "text",
  requestURI: "text",
  verb: "text",
  user: "object",
  impersonatedUser: "object",
  sourceIPs: "list",
  userAgent: "text",
  objectRef: "object",
  responseStatus: "object",
  requestObject: "body",
  responseObject: "body",
  requestReceivedTimestamp: "time",
  stageTimestamp: "time",
  annotations: "object",
};

const OF_USER = { username: "text", uid: "text", groups: "list", extra: "object" } as const;
const NESTED: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  user: OF_USER,
  impersonatedUser: OF_USER,
  objectRef: {
    resource: "text",
    namespace: "text",
    name: "text",
    uid: "text",
    apiGroup: "text",
    apiVersion: "text",
    resourceVersion: "text",
    subresource: "text",
  },
  responseStatus: {
    metadata: "object",
    status: "text",
    message: "text",
    reason: "text",
    details: "object",
    code: "number",
  },
};

/** Other names of the same columns, in lower case: Azure's. */
const ALIASES: Readonly<Record<string, string>> = {
  requestreceivedtime: "requestReceivedTimestamp",
  stagereceivedtime: "stageTimestamp",
};

interface Place {
  readonly path: readonly string[];
  readonly kind: Kind;
}

/** Where a column goes, by its name in lower case with dots between the parts. */
const PLACES = new Map<string, Place>();
for (const [member, kind] of Object.entries(MEMBERS)) {
  PLACES.set(member.toLowerCase(), { path: [member], kind });
  for (const [inner, innerKind] of Object.entries(NESTED[member] ?? {})) {
    PLACES.set(`${member}.${inner}`.toLowerCase(), { path: [member, inner], kind: innerKind });
  }
}
for (const [alias, member] of Object.entries(ALIASES)) {
  PLACES.set(alias, { path: [member], kind: MEMBERS[member] as Kind });
}

/** When a store says a row was logged, for rows without the event's own times. */
const TIME_COLUMNS = ["@timestamp", "timestamp", "TimeGenerated", "TimeGenerated [UTC]", "time", "_time", "__time__"];

/** Members whose own members may be columns, whatever they are called. */
const OPEN_MEMBERS = /^(annotations|requestObject|responseObject|user\.extra)\.(.+)$/i;

/**
 * The audit event that a row holds; null when the columns do not tell who, what or which. `asked` is where a row without an
 * auditID comes from: it becomes its id, since every such row is a request by itself; null when it must have one.
 */
export function eventOfColumns(row: JsonObject, asked: string | null): JsonObject | null {
  const event: Record<string, unknown> = {};
  let hasUserColumn = false;
  for (const [column, cell] of Object.entries(row)) {
    hasUserColumn ||= /^(?:kubernetes\.audit\.)?user(?:[._]username)?$/i.test(column);
    if (cell === null || cell === undefined || cell === "") continue;
    place(event, column.replace(/^kubernetes\.audit\.| \[UTC\]$/g, ""), cell);
  }
  const { auditID, stage, verb, user, requestURI, objectRef } = event;
  const hasWhat = typeof requestURI === "string" || (isObject(objectRef) && typeof objectRef["resource"] === "string");
  if (typeof verb !== "string" || !hasWhat || !hasUserColumn) return null;
  const inferred: string[] = [];
  if (event["requestReceivedTimestamp"] === undefined && event["stageTimestamp"] === undefined) {
    const column = TIME_COLUMNS.find((name) => row[name] !== undefined && row[name] !== null && row[name] !== "");
    if (column !== undefined) {
      event["requestReceivedTimestamp"] = timeText(row[column]);
      inferred.push(`requestReceivedTimestamp from ${column}`);
    }
  }
  const members = withInferred(eventMembers({ kind: "Event", apiVersion: "audit.k8s.io/v1", ...event }), inferred);
  if (typeof auditID === "string") return members;
  const hasWho = isObject(user) && typeof user["username"] === "string";
  const hasTime = members["requestReceivedTimestamp"] !== undefined || members["stageTimestamp"] !== undefined;
  if (asked === null || !hasWho || !hasTime || stage === "RequestReceived") return null;
  return withInferred({ ...members, auditID: asked }, [...inferred, "auditID from the place of the row"]);
}

function place(event: Record<string, unknown>, column: string, cell: unknown): void {
  const known = PLACES.get(column.toLowerCase()) ?? PLACES.get(column.toLowerCase().replace("_", "."));
  if (known !== undefined) {
    const value = shaped(cell, known.kind);
    if (value !== undefined) put(event, known.path, value);
    return;
  }
  const open = OPEN_MEMBERS.exec(column);
  if (open !== null) {
    const [, member = "", rest = ""] = open;
    const home = [...(PLACES.get(member.toLowerCase())?.path ?? [])];
    // Names of annotations hold dots; those of members in a body do not.
    put(event, [...home, ...(home[0] === "annotations" || home.length > 1 ? [rest] : rest.split("."))], cell);
    return;
  }
  // `user.groups.0`, `sourceIPs.0`: entries of a list, in their order.
  const entry = /^(.+)\.\d{1,3}$/.exec(column);
  const list = entry === null ? undefined : PLACES.get((entry[1] as string).toLowerCase());
  if (list?.kind === "list") append(event, list.path, cell);
}

function put(event: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = event;
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(at, key) ? at[key] : undefined;
    if (isObject(inner)) at = inner as Record<string, unknown>;
    else at = set(at, key, Object.create(null)) as Record<string, unknown>;
  }
  const last = path.at(-1) as string;
  const old = Object.hasOwn(at, last) ? at[last] : undefined;
  set(at, last, isObject(old) && isObject(value) ? { ...value, ...old } : value);
}

function append(event: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: unknown = event;
  for (const key of path) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  put(event, path, Array.isArray(at) ? [...(at as unknown[]), value] : [value]);
}

/** Strangers choose names: `__proto__` is one like any other. */
function set(object: Record<string, unknown>, key: string, value: unknown): unknown {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

/** The cell as its member's type; undefined when it can not be one. */
function shaped(cell: unknown, kind: Kind): unknown {
  switch (kind) {
    case "text":
      return typeof cell === "string" ? cell : typeof cell === "number" ? String(cell) : undefined;
    case "number": {
      const number = Number(cell);
      return Number.isFinite(number) ? number : undefined;
    }
    case "time":
      return timeText(cell);
    case "object": {
      const value = parsed(cell);
      return isObject(value) ? value : undefined;
    }
    case "body":
      return parsed(cell);
    case "list": {
      const value = parsed(cell);
      if (Array.isArray(value)) return value;
      return typeof value === "string" ? value.split(",").map((part) => part.trim()) : undefined;
    }
  }
}

/** JSON in text, once or twice over; anything else as it is. */
function parsed(cell: unknown): unknown {
  let value = cell;
  for (let times = 0; times < 2 && typeof value === "string" && /^\s*[{["]/.test(value); times += 1) {
    try {
      value = parseJson(value);
    } catch {
      return value;
    }
  }
  return value;
}

const CLOCK = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(\.\d+)? ?([AP]M)?$/;

/** RFC 3339 of a time as stores write it: their own text, seconds to nanoseconds since the epoch, or Azure's US form. */
export function timeText(cell: unknown): string | undefined {
  if (typeof cell === "string" && !/^\d{9,19}(?:\.\d+)?$/.test(cell)) {
    const clock = CLOCK.exec(cell);
    if (clock === null) return cell;
    const [, month = "", day = "", year = "", hour = "", minute = "", second = "", fraction = "", half] = clock;
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === "PM" ? 12 : 0);
    const pad = (text: string | number): string => String(text).padStart(2, "0");
    return `${year}-${pad(month)}-${pad(day)}T${pad(hours)}:${minute}:${second}${fraction}Z`;
  }
  let number = Number(cell);
  if (!Number.isFinite(number) || number <= 0) return undefined;
  while (number > 1e11) number /= 1000;
  const whole = Math.floor(number);
  const micros = Math.round((number - whole) * 1e6);
  const seconds = new Date(whole * 1000);
  return `${seconds.toISOString().slice(0, 19)}.${String(Math.min(micros, 999_999)).padStart(6, "0")}Z`;
}
