import { parseJson } from "../events/json.ts";
import { actorClassOf } from "../events/actor-class.ts";
import type { RequestFacts } from "../events/request.ts";
import { isLongRunning, LEVELS, STAGES } from "../events/vocabulary.ts";
import type { RequestBlock, RequestIndex } from "./contract.ts";
import { OVERFLOW } from "./contract.ts";

/** A row as plain values. `auditID` is only in the original event and left "": see extractAuditID. */
export function factsOf(index: RequestIndex, block: RequestBlock, row: number): RequestFacts {
  const { actors, targets, outcomes, dictionaries } = index;
  const actor = block.actor[row] as number;
  const target = block.target[row] as number;
  const outcome = block.outcome[row] as number;
  const text = (dictionary: keyof typeof dictionaries, codes: Uint32Array, id: number): string =>
    dictionaries[dictionary].text(codes[id] as number);
  const user = text("user", actors.user, actor);
  const groups = Array.from(index.groupSet(actors.groups[actor] as number), (code) => dictionaries.group.text(code));
  const verb = text("verb", outcomes.verb, outcome);
  const subresource = text("subresource", targets.subresource, target);
  const uri = text("uri", targets.uri, target);
  const sourceIPs = text("sourceIPs", actors.sourceIPs, actor);
  const latencyUs = block.latencyUs(row);
  const hasEnded = index.hasEnded(actor, outcome);
  const cutOff = index.isCutOff(block, row);
  const code = outcomes.code[outcome] as number;
  const annotations = annotationsOf(index, outcomes.annotations[outcome] as number);
  const source = index.sources[block.source(row)];
  return {
    seq: block.firstSeq + row,
    auditID: "",
    receivedUs: block.receivedUs(row),
    stageUs: block.stageUs(row),
    latencyMs: hasEnded && latencyUs >= 0 ? latencyUs / 1000 : null,
    stage: STAGES[outcomes.stage[outcome] as number] ?? "",
    level: LEVELS[outcomes.level[outcome] as number] ?? "",
    verb,
    user,
    asFrom: text("user", actors.asFrom, actor),
    groups,
    resource: text("resource", targets.resource, target),
    subresource,
    namespace: text("namespace", targets.namespace, target),
    name: text("name", targets.name, target),
    uid: text("uid", targets.uid, target),
    code: code === 0 ? null : code,
    reason: text("reason", outcomes.reason, outcome),
    ip: text("ip", actors.ip, actor),
    sourceIPs: sourceIPs === "" ? [] : sourceIPs.split(","),
    useragent: text("useragent", actors.useragent, actor),
    decision: text("decision", outcomes.decision, outcome),
    authReason: text("authReason", outcomes.authReason, outcome),
    uri,
    annotations,
    actorClass: actorClassOf(user),
    longRunning: isLongRunning(verb, subresource, uri),
    inFlight: !hasEnded && !cutOff,
    cutOff,
    bodiesTruncated: annotations["audit.k8s.io/truncated"] === "true",
    apiserver: source?.apiserver ?? "",
    source: { path: source?.place ?? "", offset: block.offset(row), bytes: block.bytes(row) },
  };
}

/** Annotations of an outcome; empty when they did not fit under the byte cap. Values that are no strings are as JSON. */
export function annotationsOf(index: RequestIndex, code: number): Readonly<Record<string, string>> {
  const annotations: Record<string, string> = Object.create(null) as Record<string, string>;
  const json = code === OVERFLOW ? "" : index.dictionaries.annotations.text(code);
  if (json === "") return annotations;
  for (const [key, value] of Object.entries(parseJson(json) as Record<string, unknown>)) {
    annotations[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return annotations;
}

const AUDIT_ID_KEY = Buffer.from('"auditID":"');
const STAGE_KEY = Buffer.from(',"stage":');
/** The API server writes it near the front; an ID may be long. */
const HEAD_BYTES = 256;

/**
 * The auditID in the bytes of an event, "" when there is none. Looks at the usual place first and parses the event
 * otherwise; an event that is no JSON any more has none.
 */
export function extractAuditID(buffer: Uint8Array, start: number, end: number): string {
  const found = auditIDAtFront(buffer, start, Math.min(end, start + HEAD_BYTES));
  if (found !== null && !hasAnother(buffer, start, end)) return found;
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start);
  try {
    const event = parseJson(bytes.toString("utf8"));
    const id = typeof event === "object" && event !== null ? (event as Record<string, unknown>)["auditID"] : "";
    return typeof id === "string" ? id : "";
  } catch {
    return "";
  }
}

/** In the API server's order level comes before and nothing that nests: the first hit is at depth 1. */
function auditIDAtFront(buffer: Uint8Array, start: number, end: number): string | null {
  for (let at = start + 1; at < end; at++) {
    const byte = buffer[at] as number;
    if (byte === 0x7b) return null;
    if (byte !== 0x22 || !hasBytes(buffer, at, AUDIT_ID_KEY)) continue;
    const from = at + AUDIT_ID_KEY.length;
    for (let to = from; to < end; to++) {
      const next = buffer[to] as number;
      if (next === 0x5c || next >= 0x80) return null;
      if (next !== 0x22) continue;
      return hasBytes(buffer, to + 1, STAGE_KEY) ? asBuffer(buffer).toString("latin1", from, to) : null;
    }
    return null;
  }
  return null;
}

const KEY = Buffer.from('"auditID"');
const ESCAPE = Buffer.from("\\u00");
/** A letter of the key, escaped. */
const ESCAPED_LETTER = /\\u00(?:6[149]|7[45]|4[49])/i;

/** Whether the key may be there twice: as for all keys, the last one counts then. */
function hasAnother(buffer: Uint8Array, start: number, end: number): boolean {
  const event = asBuffer(buffer.subarray(start, end));
  const first = event.indexOf(KEY);
  if (first >= 0 && event.includes(KEY, first + 1)) return true;
  return event.includes(ESCAPE) && ESCAPED_LETTER.test(event.toString("latin1"));
}

function hasBytes(buffer: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (buffer[at + i] !== wanted[i]) return false;
  return true;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
