import type { LineageEvent } from "../event.ts";
import { isKubernetesEvent } from "../../events/kubernetes-event.ts";
import { mayKeepBody } from "../kept-bodies.ts";
import { isApiServerOrder, isWrittenByServer, WEBHOOK_ANNOTATION } from "./event-bodies.ts";
import { PrunedReader } from "./pruned-json.ts";

const URI_PART = Buffer.from(',"requestURI":"');
const REFERENCE_PART = Buffer.from(',"objectRef":{');
const REQUEST_PART = Buffer.from(',"requestObject":{');
const RESPONSE_PART = Buffer.from(',"responseObject":{');
const MANAGED_PART = Buffer.from(',"managedFields":[');
const TIMES_PART = Buffer.from(',"requestReceivedTimestamp":"');
/** Levels and stages come before the URI, and an auditID of a client's own. */
const HEAD = 256;
const CLOSE_OBJECT = 0x7d;
const reader = new PrunedReader();

export type TrimFacts = Pick<LineageEvent, "verb" | "resource" | "subresource" | "level" | "code">;
type Part = readonly [start: number, end: number];

/**
 * Stretches [start, end) of an event as the API server writes it that lineage may read: without what the index has of it
 * (who, from where, when), without the request where the answer has it all, and without managedFields of bodies that
 * are not kept. Together they are JSON. The whole event where anything is unexpected.
 */
export function partsToKeep(bytes: Buffer, facts: TrimFacts): readonly Part[] {
  if (!isApiServerOrder(bytes)) return [[0, bytes.length]];
  const request = facts.level === "Metadata" ? -1 : bytes.indexOf(REQUEST_PART);
  const parts: Part[] = [];
  let from = 0;
  for (const [start, end] of [...head(bytes), ...bodies(bytes, request, facts), ...tail(bytes)]) {
    if (start < from) return [[0, bytes.length]];
    parts.push([from, start]);
    from = end;
  }
  parts.push([from, bytes.length]);
  return parts;
}

/** Who it was and how it was sent. In a string the quotes would be escaped. */
function head(bytes: Buffer): readonly Part[] {
  const start = bytes.indexOf(URI_PART);
  if (start < 0 || start > HEAD) return [];
  const end = bytes.indexOf(REFERENCE_PART, start);
  return end < 0 ? [] : [[start, end]];
}

function bodies(bytes: Buffer, request: number, facts: TrimFacts): readonly Part[] {
  if (request < 0 || facts.level !== "RequestResponse" || facts.code === null || facts.code >= 300) return [];
  try {
    const response = isWrittenByServer(facts)
      ? bytes.indexOf(RESPONSE_PART, request)
      : reader.skip(bytes, request + REQUEST_PART.length - 1, bytes.length);
    if (response < 0 || bytes.indexOf(RESPONSE_PART, response) !== response) return [];
    const left: readonly Part[] = isInAnswer(facts) ? [[request, response]] : [];
    const managed = mayKeepBody(facts) ? -1 : bytes.indexOf(MANAGED_PART, response);
    if (managed < 0) return left;
    return [...left, [managed, reader.skip(bytes, managed + MANAGED_PART.length - 1, bytes.length)]];
  } catch {
    return [];
  }
}

/** Times, and annotations unless webhooks are among them. */
function tail(bytes: Buffer): readonly Part[] {
  const start = bytes.lastIndexOf(TIMES_PART);
  return start < 0 || bytes.at(-1) !== CLOSE_OBJECT || bytes.includes(WEBHOOK_ANNOTATION, start)
    ? []
    : [[start, bytes.length - 1]];
}

/** Creates and updates are answered with what they led to; patches, bindings and tokens say more by themselves. */
function isInAnswer({ verb, resource, subresource }: TrimFacts): boolean {
  if (isKubernetesEvent(resource)) return verb === "create";
  if (verb === "update") return subresource === "" || subresource === "status";
  return verb === "create" && subresource === "";
}
