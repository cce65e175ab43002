import type { Format, Opened } from "./contract.ts";
import { isAuditEvent, isObject, type JsonObject } from "./shape/audit-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Deeper nothing is looked for: strangers choose the shape. */
const MAX_DEPTH = 8;
/** Base64 of what begins with `{"`, in either alphabet. */
const BASE64_OBJECT = /^eyJ[\w+/-]{40,}={0,2}$/;
const MENTION = "auditID";

/** An event that tells who did what to what: with less, some program only mentions one. */
function isWhole(value: JsonObject): boolean {
  const { verb, user, requestURI, objectRef } = value;
  const hasWhat = typeof requestURI === "string" || isObject(objectRef);
  return isAuditEvent(value) && typeof verb === "string" && isObject(user) && hasWhat;
}

/** Objects of the Kubernetes API are no wrappers, whatever their strings hold. */
function isApiObject({ kind, apiVersion }: JsonObject): boolean {
  return typeof kind === "string" && typeof apiVersion === "string";
}

function inText(text: string): Opened | null {
  if (/^\s*[{[]/.test(text)) return text.includes(MENTION) ? { text } : null;
  if (!BASE64_OBJECT.test(text)) return null;
  const packed = Buffer.from(text, "base64");
  return packed.includes(MENTION) ? { packed } : null;
}

/** Members that lead to the value; null behind an array, whose elements have no names. */
type Path = readonly string[] | null;

function* eventsIn(value: unknown, path: Path, depth: number): Generator<Opened> {
  if (typeof value === "string") {
    const found = inText(value);
    if (found !== null) yield found;
  } else if (Array.isArray(value)) {
    if (depth < MAX_DEPTH) for (const element of value as readonly unknown[]) yield* eventsIn(element, null, depth + 1);
  } else if (isObject(value)) {
    if (isWhole(value)) yield path === null ? { value } : { path };
    else if (depth < MAX_DEPTH && (!isApiObject(value) || Array.isArray(value["items"]))) {
      for (const [key, member] of Object.entries(value)) {
        yield* eventsIn(member, path === null ? null : [...path, key], depth + 1);
      }
    }
  }
}

export const nested: Format = {
  id: "nested",
  title: "Events somewhere in JSON",
  docs: "Events in any other JSON, as objects, as text or in base64, whatever the members around them are called: what message queues, stores and programs make of log lines.",
  open(value) {
    const [first, ...others] = eventsIn(value, [], 0);
    if (first === undefined) return null;
    // Bytes are found by a path only from the object itself.
    return others.length === 0
      ? first
      : { many: [first, ...others].map((one) => ("path" in one ? { value: at(value, one.path) } : one)) };
  },
  samples: () => {
    const line = (value: object): string => `${JSON.stringify(value)}\n`;
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    return [
      {
        name: "text of any name",
        text: line({ _line: V1_LIST, _host: "cp1" }) + line({ _line: V1_CREATE }),
        events: 2,
      },
      { name: "an object of any name", text: line({ ts: 1, json: JSON.parse(V1_LIST) }), events: 1 },
      {
        name: "records in lists of any name",
        text: line({ results: [{ hits: [{ value: JSON.parse(V1_LIST) }, { value: V1_CREATE }] }] }),
        events: 2,
      },
      {
        name: "Pub/Sub messages",
        text: line({ receivedMessages: [{ ackId: "a", message: { data: base64(V1_LIST), messageId: "1" } }] }),
        events: 1,
      },
      { name: "a command's output", text: line({ rc: 0, stdout: `${V1_LIST}\n${V1_CREATE}\n` }), events: 2 },
    ];
  },
};

function at(value: JsonObject, path: readonly string[]): JsonObject {
  return path.reduce<JsonObject>((inner, key) => inner[key] as JsonObject, value);
}
