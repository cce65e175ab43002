import { asObject, field, text, type JsonObject } from "../../../src/lineage/json.ts";
import { atMetadataLevel } from "../metadata-level.ts";
import { controllerName, isNodeUser, microseconds } from "./events.ts";

/** What becomes of logs on their way to whoever asks: left out, cut, stripped, reordered, and clocks that disagree. */
export interface Variant {
  readonly name: string;
  readonly damage: (events: readonly JsonObject[]) => JsonObject[];
  /** What users are called afterwards. */
  readonly renamed?: (user: string) => string;
}

type Events = readonly JsonObject[];

/** Small seeded generator: the same damage in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const keyOf = (event: JsonObject): string => `${text(event, "auditID")} ${text(event, "requestReceivedTimestamp")}`;

function withoutShare(share: number, seed: number) {
  return (events: Events): JsonObject[] => {
    const random = seeded(seed);
    const lost = new Map<string, boolean>();
    return events.filter((event) => {
      const key = keyOf(event);
      let isLost = lost.get(key);
      if (isLost === undefined) lost.set(key, (isLost = random() < share));
      return !isLost;
    });
  };
}

function cut(from: number, to: number) {
  return (events: Events): JsonObject[] => {
    const times = events.map((event) => microseconds(text(event, "stageTimestamp"))).sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
    const [fromUs, toUs] = [at(from), to >= 1 ? Number.POSITIVE_INFINITY : at(to)];
    return events.filter((event) => {
      const us = microseconds(text(event, "stageTimestamp"));
      return us >= fromUs && us < toUs;
    });
  };
}

/** Level Request: what clients sent, no answers. The API server fills in a generated name only from its answer. */
function requestsOnly(events: Events): JsonObject[] {
  return events.map((event) => {
    const { responseObject: _response, ...rest } = event;
    if (text(event, "level") !== "RequestResponse") return { ...rest };
    return { ...withoutGeneratedName(rest), level: "Request" };
  });
}

function withoutGeneratedName(event: JsonObject): JsonObject {
  const request = field(event, "requestObject");
  const isGenerated =
    text(event, "verb") === "create" &&
    text(event, "objectRef", "subresource") === "" &&
    text(request, "metadata", "generateName") !== "" &&
    text(request, "metadata", "name") === "";
  if (!isGenerated) return event;
  const { name: _name, uid: _uid, ...reference } = asObject(field(event, "objectRef")) ?? {};
  return { ...event, objectRef: reference };
}

function isPerson(event: JsonObject): boolean {
  const user = text(event, "user", "username");
  return user !== "" && !user.startsWith("system:");
}

/** Each event at the level one of two policies gives it. */
function mixed(isPoor: (event: JsonObject) => boolean, poor: (events: Events) => JsonObject[]) {
  return (events: Events): JsonObject[] => events.map((event) => (isPoor(event) ? (poor([event])[0] ?? event) : event));
}

function shuffled(windowUs: number, seed: number) {
  return (events: Events): JsonObject[] => {
    const random = seeded(seed);
    return events
      .map((event) => ({ event, at: microseconds(text(event, "stageTimestamp")) + (random() - 0.5) * windowUs }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event);
  };
}

/** Two API servers, the second with a clock that is `ms` ahead; `by` says which of them a request went to. */
function skewed(ms: number, by: "client" | "request", seed: number) {
  return (events: Events): JsonObject[] => {
    const random = seeded(seed);
    const servers = new Map<string, boolean>();
    const both = events.map((event) => {
      const key = by === "request" ? keyOf(event) : `${text(event, "user", "username")} ${text(event, "userAgent")}`;
      let second = servers.get(key);
      if (second === undefined) servers.set(key, (second = random() < 0.5));
      return second ? { ...later(event, ms), apiserver: "second" } : { ...event, apiserver: "first" };
    });
    return both.sort((a, b) => (text(a, "stageTimestamp") < text(b, "stageTimestamp") ? -1 : 1));
  };
}

function later(event: JsonObject, ms: number): JsonObject {
  const shift = (name: string): string => {
    const time = text(event, name);
    return time === "" ? "" : new Date(Date.parse(time) + ms).toISOString().replace("Z", `${time.slice(23, 26)}Z`);
  };
  return {
    ...event,
    requestReceivedTimestamp: shift("requestReceivedTimestamp"),
    stageTimestamp: shift("stageTimestamp"),
  };
}

const without =
  (isLost: (event: JsonObject) => boolean) =>
  (events: Events): JsonObject[] =>
    events.filter((event) => !isLost(event));

const userOf = (event: JsonObject): string => text(event, "user", "username");

export const LEVELS: readonly Variant[] = [
  { name: "as logged", damage: (events) => [...events] },
  { name: "Metadata", damage: atMetadataLevel },
  { name: "Request", damage: requestsOnly },
  {
    name: "controllers Metadata",
    damage: mixed((event) => controllerName(userOf(event)) !== "" || isNodeUser(userOf(event)), atMetadataLevel),
  },
  { name: "people Metadata", damage: mixed(isPerson, atMetadataLevel) },
  {
    name: "updates Request",
    damage: mixed((event) => ["update", "patch"].includes(text(event, "verb")), requestsOnly),
  },
  { name: "pods Metadata", damage: mixed((event) => text(event, "objectRef", "resource") === "pods", atMetadataLevel) },
  {
    name: "replicasets Metadata",
    damage: mixed((event) => text(event, "objectRef", "resource") === "replicasets", atMetadataLevel),
  },
];

export const LOSSES: readonly Variant[] = [
  { name: "1 % lost", damage: withoutShare(0.01, 1) },
  { name: "5 % lost", damage: withoutShare(0.05, 2) },
  { name: "20 % lost", damage: withoutShare(0.2, 3) },
  { name: "20 % lost, again", damage: withoutShare(0.2, 4) },
  { name: "first half", damage: cut(0, 0.5) },
  { name: "second half", damage: cut(0.5, 1) },
  { name: "only people", damage: without((event) => !isPerson(event)) },
  { name: "no garbage collector", damage: without((event) => userOf(event).endsWith(":generic-garbage-collector")) },
  { name: "no nodes", damage: without((event) => isNodeUser(userOf(event))) },
  { name: "no service accounts", damage: without((event) => userOf(event).startsWith("system:serviceaccount:")) },
];

export const ORDERS: readonly Variant[] = [
  { name: "shuffled 2 s", damage: shuffled(2_000_000, 5) },
  { name: "reversed", damage: (events) => events.toReversed() },
  ...[200, -200, 1_000, -1_000, 5_000, -5_000].map((ms) => ({
    name: `clients, skew ${String(ms / 1_000)} s`,
    damage: skewed(ms, "client", 6),
  })),
  ...[200, -1_000, 5_000, -5_000].map((ms) => ({
    name: `requests, skew ${String(ms / 1_000)} s`,
    damage: skewed(ms, "request", 7),
  })),
];

/** A truth with users as a variant calls them. */
export function calledIn<T extends { readonly by: string | null }>({ renamed }: Variant, told: T): T {
  return renamed === undefined || told.by === null ? told : { ...told, by: renamed(told.by) };
}

const ACCOUNT = "system:serviceaccount:kube-system:";
const MANAGER = "system:kube-controller-manager";
const SHARED = /-controller$|-collector$|-binder$|-publisher$|-autoscaler$/;

/** Controllers' own account, where they have one: its name. */
function accountOf(user: string): string {
  const name = user.startsWith(ACCOUNT) ? user.slice(ACCOUNT.length) : "";
  return SHARED.test(name) ? name : "";
}

function called(name: string, renamed: (user: string) => string, agent: (controller: string) => string): Variant {
  return {
    name,
    renamed,
    damage: (events) =>
      events.map((event) => {
        const user = userOf(event);
        const controller = accountOf(user);
        if (renamed(user) === user && controller === "") return event;
        const userAgent = controller === "" ? text(event, "userAgent") : agent(controller);
        return { ...event, user: { ...asObject(field(event, "user")), username: renamed(user) }, userAgent };
      }),
  };
}

const PROGRAM = "kube-controller-manager/v1.31.4 (linux/amd64) kubernetes/a78aa47";

/** The same cluster where the control plane goes by other names. */
export const IDENTITIES: readonly Variant[] = [
  called(
    "one account for all controllers",
    (user) => (accountOf(user) === "" ? user : MANAGER),
    (controller) => `${PROGRAM}/${controller}`,
  ),
  called(
    "one account, programs unnamed",
    (user) => (accountOf(user) === "" ? user : MANAGER),
    () => PROGRAM,
  ),
  called(
    "certificates without system:",
    (user) => (accountOf(user) === "" ? user.replace(/^system:(?=kube-)/, "") : "kube-controller-manager"),
    (controller) => `${PROGRAM}/${controller}`,
  ),
  called(
    "kubelets share a name",
    (user) => (isNodeUser(user) ? "kubelet" : user),
    (controller) => `${PROGRAM}/${ACCOUNT}${controller}`,
  ),
];

/** What samplers, and policies by verb, do to bodies. */
export const BODIES: readonly Variant[] = [
  { name: "half of the bodies", damage: sampled(0.5, 8) },
  {
    name: "creates Metadata",
    damage: mixed((event) => text(event, "verb") === "create", atMetadataLevel),
  },
  {
    name: "deletes Metadata",
    damage: mixed((event) => ["delete", "deletecollection"].includes(text(event, "verb")), atMetadataLevel),
  },
  {
    name: "statuses left out",
    damage: without((event) => text(event, "objectRef", "subresource") === "status"),
  },
];

function sampled(share: number, seed: number) {
  return (events: Events): JsonObject[] => {
    const random = seeded(seed);
    const poor = new Map<string, boolean>();
    return mixed((event) => {
      const key = keyOf(event);
      let isPoor = poor.get(key);
      if (isPoor === undefined) poor.set(key, (isPoor = random() < share));
      return isPoor;
    }, atMetadataLevel)(events);
  };
}
