import type { ActorClass } from "../events/vocabulary.ts";
import type { Tone } from "../models/view.ts";

/** Status codes by class. */
export function codeTone(code: number | null): Tone {
  if (code === null || !Number.isFinite(code)) return "muted";
  if (code >= 500) return "code5xx";
  if (code >= 400) return "code4xx";
  return code >= 300 ? "code3xx" : "code2xx";
}

const ACTOR_TONES: Readonly<Record<ActorClass, Tone>> = {
  human: "human",
  node: "node",
  serviceaccount: "serviceaccount",
  controller: "controller",
  scheduler: "controller",
  apiserver: "muted",
  anonymous: "danger",
  other: "normal",
};

export function actorTone(actorClass: string): Tone {
  return ACTOR_TONES[actorClass as ActorClass] ?? "normal";
}

/** Reason phrases of the codes an API server answers; "" for others. */
export function codeMeaning(code: number): string {
  return MEANINGS.get(code) ?? "";
}

const MEANINGS: ReadonlyMap<number, string> = new Map([
  [101, "Switching Protocols"],
  [200, "OK"],
  [201, "Created"],
  [202, "Accepted"],
  [204, "No Content"],
  [304, "Not Modified"],
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [406, "Not Acceptable"],
  [408, "Request Timeout"],
  [409, "Conflict"],
  [410, "Gone"],
  [413, "Too Large"],
  [415, "Unsupported Media"],
  [422, "Invalid"],
  [429, "Too Many Requests"],
  [499, "Client Closed"],
  [500, "Internal Error"],
  [501, "Not Implemented"],
  [502, "Bad Gateway"],
  [503, "Unavailable"],
  [504, "Timeout"],
]);
