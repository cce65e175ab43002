import type { LineageEvent } from "../event.ts";
import { isKubernetesEvent } from "../kubernetes-events.ts";
import { PrunedReader } from "./pruned-json.ts";

const REQUEST_PART = Buffer.from(',"requestObject":{');
const RESPONSE_PART = Buffer.from(',"responseObject":{');
const MANAGED_PART = Buffer.from(',"managedFields":[');
const reader = new PrunedReader();

export type TrimFacts = Pick<LineageEvent, "verb" | "resource" | "subresource" | "level" | "code">;

/**
 * Stretches [start, end) of an event as the API server writes it that lineage may read: without the request where the
 * answer has it all, and without managedFields. The whole event where anything is unexpected.
 */
export function partsToKeep(bytes: Buffer, facts: TrimFacts): readonly (readonly [start: number, end: number])[] {
  const whole = [[0, bytes.length]] as const;
  if (facts.level !== "RequestResponse" || facts.code === null || facts.code >= 300) return whole;
  try {
    const request = bytes.indexOf(REQUEST_PART);
    if (request < 0) return whole;
    const response = reader.skip(bytes, request + REQUEST_PART.length - 1, bytes.length);
    if (bytes.indexOf(RESPONSE_PART, response) !== response) return whole;
    const head = isInAnswer(facts) ? request : response;
    const managed = bytes.indexOf(MANAGED_PART, response);
    if (managed < 0)
      return [
        [0, head],
        [response, bytes.length],
      ];
    const after = reader.skip(bytes, managed + MANAGED_PART.length - 1, bytes.length);
    return [
      [0, head],
      [response, managed],
      [after, bytes.length],
    ];
  } catch {
    return whole;
  }
}

/** Creates and updates are answered with what they led to; patches, bindings and tokens say more by themselves. */
function isInAnswer({ verb, resource, subresource }: TrimFacts): boolean {
  if (isKubernetesEvent(resource)) return verb === "create";
  if (verb === "update") return subresource === "" || subresource === "status";
  return verb === "create" && subresource === "";
}
