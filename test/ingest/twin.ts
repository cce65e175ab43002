/** The readable twin of the scanner: what JSON.parse says about a record, in the plainest form. */
import { LEVELS, STAGES } from "../../src/events/vocabulary.ts";
import { AuditIdHasher } from "../../src/index/audit-id.ts";
import { MARK, type EventBatch } from "../../src/index/event-batch.ts";
import type { RequestRing } from "../../src/index/ring.ts";

export interface PlainEvent {
  user: string;
  asFrom: string;
  groups: string[];
  ip: string;
  sourceIPs: string;
  useragent: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  uid: string;
  uri: string;
  verb: string;
  level: string;
  stage: string;
  code: number;
  reason: string;
  decision: string;
  authReason: string;
  annotations: string;
  receivedUs: number;
  stageUs: number;
  id: string;
  hasBody: boolean;
  isWrite: boolean;
}

type Json = Record<string, unknown>;

const own = (object: Json, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const text = (value: unknown): string => (typeof value === "string" ? value.toWellFormed() : "");
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v) => typeof v === "string").map(text) : [];

function micros(value: unknown): number {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-]\d\d):?(\d\d))?$/.exec(
    text(value),
  );
  if (match === null) return Number.NaN;
  const [, day, hour, minute, second, fraction = "", , offsetHours, offsetMinutes] = match;
  const zone = offsetHours === undefined ? "Z" : `${offsetHours}:${offsetMinutes}`;
  // Date.parse knows neither leap seconds nor more than milliseconds; it accepts 24:00 and Feb 30.
  if (Number(hour) > 23 || Number(second) > 60) return Number.NaN;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return Number.NaN;
  const base = midnight.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (Number(minute) > 59) return Number.NaN;
  const ahead =
    zone === "Z" ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60);
  return (base - ahead) * 1e6 + Number(`${fraction}000000`.slice(0, 6));
}

/** Null when the record is no audit event. `seed` is the ring's, for the id. */
export function plainEvent(record: Uint8Array, seed: readonly [number, number]): PlainEvent | null {
  let event: unknown;
  try {
    event = JSON.parse(Buffer.from(record).toString("utf8")) as unknown;
  } catch {
    return null;
  }
  if (!isObject(event) || typeof own(event, "auditID") !== "string") return null;
  const apiVersion = own(event, "apiVersion");
  const kind = own(event, "kind");
  if (kind !== undefined && kind !== "Event") return null;
  const claims = typeof apiVersion === "string" && apiVersion.startsWith("audit.k8s.io/");
  if (!claims && typeof own(event, "stage") !== "string") return null;
  // Where members are text the record is a row of a table, which has to be read as such.
  for (const key of ["user", "impersonatedUser", "objectRef", "responseStatus", "annotations", "sourceIPs"]) {
    const member = own(event, key) ?? {};
    if (
      !(isObject(member)
        ? key !== "sourceIPs" || own(event, key) === undefined || own(event, key) === null
        : Array.isArray(member) && key === "sourceIPs")
    )
      return null;
  }
  const impersonated = object(own(event, "impersonatedUser"));
  const isImpersonated = Object.keys(impersonated).length > 0;
  const user = object(own(event, "user"));
  const effective = isImpersonated ? impersonated : user;
  const ips = texts(own(event, "sourceIPs"));
  const ref = object(own(event, "objectRef"));
  let resource = text(own(ref, "resource"));
  let group = text(own(ref, "apiGroup"));
  if (group === "" && apiVersion === "audit.k8s.io/v1alpha1" && text(own(ref, "apiVersion")).includes("/")) {
    group = text(own(ref, "apiVersion")).split("/")[0] as string;
  }
  if (resource !== "" && group !== "") resource += `.${group}`;
  const status = object(own(event, "responseStatus"));
  const code = own(status, "code");
  const notes = object(own(event, "annotations"));
  const verb = text(own(event, "verb"));
  const stage = own(event, "stage") as (typeof STAGES)[number];
  const level = own(event, "level") as (typeof LEVELS)[number];
  const received = [
    own(event, "requestReceivedTimestamp"),
    own(event, "timestamp"),
    own(object(own(event, "metadata")), "creationTimestamp"),
  ];
  const ids = new AuditIdHasher(seed);
  ids.hashText(own(event, "auditID") as string);
  return {
    user: text(own(effective, "username")),
    asFrom: isImpersonated ? text(own(user, "username")) : "",
    groups: [...new Set(texts(own(effective, "groups")))],
    ip: ips.at(-1) ?? "",
    sourceIPs: ips.join(","),
    useragent: text(own(event, "userAgent")),
    resource,
    subresource: text(own(ref, "subresource")),
    namespace: text(own(ref, "namespace")),
    name: text(own(ref, "name")),
    uid: text(own(ref, "uid")),
    uri: text(own(event, "requestURI")),
    verb,
    level: LEVELS.includes(level) ? level : "",
    stage: STAGES.includes(stage) ? stage : "",
    code: typeof code === "number" && Number.isInteger(code) && code > 0 && code < 65_536 ? code : 0,
    reason: text(own(status, "reason")),
    decision: text(own(notes, "authorization.k8s.io/decision")),
    authReason: text(own(notes, "authorization.k8s.io/reason")),
    annotations: Object.keys(notes).length === 0 ? "" : JSON.stringify(notes).toWellFormed(),
    receivedUs: received.map(micros).find((us) => !Number.isNaN(us)) ?? Number.NaN,
    stageUs: micros(own(event, "stageTimestamp")),
    id: `${ids.high}:${ids.low}`,
    hasBody: isObject(own(event, "requestObject")) || isObject(own(event, "responseObject")),
    isWrite: ["create", "update", "patch", "delete", "deletecollection"].includes(verb),
  };
}

/** Event i of a batch that the ring has admitted. */
export function batchEvent(ring: RequestRing, batch: EventBatch, i: number): PlainEvent {
  const { actors, targets, outcomes, dictionaries: d } = ring;
  const [actor, target, outcome] = [batch.actor[i] as number, batch.target[i] as number, batch.outcome[i] as number];
  const marks = batch.marks[i] as number;
  return {
    user: d.user.text(actors.user[actor] as number),
    asFrom: d.user.text(actors.asFrom[actor] as number),
    groups: Array.from(ring.groupSet(actors.groups[actor] as number), (code) => d.group.text(code)),
    ip: d.ip.text(actors.ip[actor] as number),
    sourceIPs: d.sourceIPs.text(actors.sourceIPs[actor] as number),
    useragent: d.useragent.text(actors.useragent[actor] as number),
    resource: d.resource.text(targets.resource[target] as number),
    subresource: d.subresource.text(targets.subresource[target] as number),
    namespace: d.namespace.text(targets.namespace[target] as number),
    name: d.name.text(targets.name[target] as number),
    uid: d.uid.text(targets.uid[target] as number),
    uri: d.uri.text(targets.uri[target] as number),
    verb: d.verb.text(outcomes.verb[outcome] as number),
    level: (marks & MARK.noLevel) !== 0 ? "" : (LEVELS[outcomes.level[outcome] as number] as string),
    stage: (marks & MARK.noStage) !== 0 ? "" : (STAGES[outcomes.stage[outcome] as number] as string),
    code: outcomes.code[outcome] as number,
    reason: d.reason.text(outcomes.reason[outcome] as number),
    decision: d.decision.text(outcomes.decision[outcome] as number),
    authReason: d.authReason.text(outcomes.authReason[outcome] as number),
    annotations: d.annotations.text(outcomes.annotations[outcome] as number),
    receivedUs: batch.receivedUs[i] as number,
    stageUs: batch.stageUs[i] as number,
    id: `${batch.idHigh[i]}:${batch.idLow[i]}`,
    hasBody: (marks & MARK.body) !== 0,
    isWrite: (marks & MARK.write) !== 0,
  };
}
