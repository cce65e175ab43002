/** The words of the audit API (audit.k8s.io): stages, levels, long-running verbs. Everything else is built on these. */

/** In rank order: a request's facts come from its highest-ranked stage. */
export const STAGES = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"] as const;
export type Stage = (typeof STAGES)[number];

export const LEVELS = ["None", "Metadata", "Request", "RequestResponse"] as const;
export type Level = (typeof LEVELS)[number];

/** Position for events that name no stage or level, or none we know: it is never guessed. */
export const UNKNOWN_STAGE = STAGES.length;
export const UNKNOWN_LEVEL = LEVELS.length;

/** Rank of a position in STAGES. An event of unknown stage counts as the end of its request. */
export function stageRank(stage: number): number {
  return stage === UNKNOWN_STAGE ? STAGES.indexOf("ResponseComplete") : stage;
}

export const ACTOR_CLASSES = [
  "human",
  "node",
  "serviceaccount",
  "controller",
  "scheduler",
  "apiserver",
  "anonymous",
  "other",
] as const;
export type ActorClass = (typeof ACTOR_CLASSES)[number];

/** Subresources whose connection stays open: counted, but kept out of latency figures. */
export const LONG_RUNNING_SUBRESOURCES: readonly string[] = ["exec", "attach", "portforward", "proxy"];

/** Watches, streams into pods and `log -f`: their duration says how long somebody listened, not how slow the server was. */
export function isLongRunning(verb: string, subresource: string, uri: string): boolean {
  if (verb === "watch" || LONG_RUNNING_SUBRESOURCES.includes(subresource)) return true;
  return subresource === "log" && /[?&]follow=(true|1)\b/.test(uri);
}

/** Those of the API, and the methods of non-resource requests. */
export const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "post",
  "put",
  "head",
  "options",
  "connect",
  "proxy",
];
