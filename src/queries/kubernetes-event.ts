import { type JsonObject, objectOf, textOf } from "../events/json-values.ts";
import {
  type InvolvedObject,
  type KubernetesEventBody,
  objectNamedBy,
  readKubernetesEvent,
} from "../events/kubernetes-event.ts";

/** What a core/v1 or events.k8s.io Event says, merged over the requests that wrote it. Empty strings: not in the log. */
export interface KubernetesEvent {
  /** The Event's own name. */
  readonly namespace: string;
  readonly name: string;
  /** RFC 3339; from the Event, else from the requests. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** `Warning`, `Normal`; "" without a body. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** How often it happened, as the Event counts. */
  readonly count: number;
  readonly object: InvolvedObject;
  /** Who reports it: `kubelet`, and from where. */
  readonly component: string;
  readonly host: string;
  /** Requests that wrote it, of those that were read. */
  readonly requests: number;
  /** The newest of them. */
  readonly seq: number;
  readonly auditID: string;
  /** `none`: the audit level keeps no bodies; the object is then guessed from the Event's name. */
  readonly body: "whole" | "partial" | "none";
}

/** A request that wrote an Event, and its original audit event where it can be read. */
export interface EventWrite {
  readonly seq: number;
  readonly receivedUs: number;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  /** Parsed JSON of the audit event; undefined when it can't be read any more or is no JSON. */
  readonly audit: unknown;
}

/** What one request says about its Event. */
interface Said extends Omit<KubernetesEventBody, "related"> {
  readonly auditID: string;
  readonly body: KubernetesEvent["body"];
}

/** The response has the Event as stored; of a refused or Request-level write the request must do. */
function bodyOf(audit: JsonObject): JsonObject {
  const response = objectOf(audit["responseObject"]);
  const isStored = Object.keys(response).length > 0 && response["kind"] !== "Status";
  return isStored ? response : objectOf(audit["requestObject"]);
}

function saidBy(write: EventWrite): Said {
  const audit = objectOf(write.audit);
  const body = bodyOf(audit);
  const { namespace, name, ...said } = readKubernetesEvent(body);
  return {
    ...said,
    auditID: textOf(audit["auditID"]),
    body: Object.keys(body).length === 0 ? "none" : said.object === null ? "partial" : "whole",
    namespace: namespace || write.namespace,
    name: name || write.name,
  };
}

/** Where no body tells. */
function guessedObject(namespace: string, name: string): InvolvedObject {
  return { kind: "", namespace, name: objectNamedBy(name) ?? name, uid: "", resource: "" };
}

/** Merges writes, in any order, to one entry an Event. Names that are unknown (a create by generateName) stand alone. */
export class KubernetesEvents {
  withoutBody = 0;
  unreadable = 0;
  private readonly longest: number;
  private readonly byName = new Map<string, Merged>();

  /** `longest`: characters kept of a text. */
  constructor(longest = Number.POSITIVE_INFINITY) {
    this.longest = longest;
  }

  add(write: EventWrite): void {
    if (write.audit === undefined) this.unreadable += 1;
    const said = saidBy(write);
    if (said.body === "none" && write.audit !== undefined) this.withoutBody += 1;
    const key = said.name === "" ? JSON.stringify([write.seq]) : JSON.stringify([said.namespace, said.name]);
    const known = this.byName.get(key);
    if (known === undefined) this.byName.set(key, new Merged(write, said));
    else known.add(write, said);
  }

  /** Warnings first, then the newest. */
  list(): KubernetesEvent[] {
    const rank = (event: KubernetesEvent): number => (event.type === "Warning" ? 0 : 1);
    return [...this.byName.values()]
      .map((merged) => shortened(merged.event(), this.longest))
      .sort((a, b) => rank(a) - rank(b) || compareTimes(b.lastSeen, a.lastSeen) || b.seq - a.seq);
  }
}

function shortened(event: KubernetesEvent, longest: number): KubernetesEvent {
  const cut = <T extends object>(value: T): T =>
    Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, typeof field === "string" ? field.slice(0, longest) : field]),
    ) as T;
  return Number.isFinite(longest) ? { ...cut(event), object: cut(event.object) } : event;
}

/** Texts of times differ in their digits after the second. */
function compareTimes(a: string, b: string): number {
  const [x, y] = [msOf(a), msOf(b)];
  return x === y ? 0 : x - y;
}

/** What is no time comes before all. */
function msOf(text: string): number {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? Number.NEGATIVE_INFINITY : ms;
}

class Merged {
  private newest: { readonly write: EventWrite; readonly said: Said };
  /** The one that tells the most: a patch that only counts up lacks the object. */
  private fullest: Said;
  private requests = 1;
  private count: number;
  private firstUs: number;
  private lastUs: number;
  private first: string;

  constructor(write: EventWrite, said: Said) {
    this.newest = { write, said };
    this.fullest = said;
    this.count = said.count;
    this.firstUs = write.receivedUs;
    this.lastUs = write.receivedUs;
    this.first = said.first;
  }

  add(write: EventWrite, said: Said): void {
    this.requests += 1;
    this.count = Math.max(this.count, said.count);
    if (!(write.receivedUs >= this.firstUs)) this.firstUs = write.receivedUs;
    if (!(write.receivedUs <= this.lastUs)) this.lastUs = write.receivedUs;
    if (said.first !== "" && (this.first === "" || compareTimes(said.first, this.first) < 0)) this.first = said.first;
    const isNewer = write.seq > this.newest.write.seq;
    if (RANK[said.body] > RANK[this.fullest.body] || (said.body === this.fullest.body && isNewer)) this.fullest = said;
    if (isNewer) this.newest = { write, said };
  }

  event(): KubernetesEvent {
    const { newest, fullest } = this;
    const { namespace, name } = fullest;
    return {
      namespace,
      name,
      firstSeen: this.first || isoText(this.firstUs),
      lastSeen: newest.said.last || fullest.last || isoText(this.lastUs),
      type: newest.said.type || fullest.type,
      reason: newest.said.reason || fullest.reason,
      message: newest.said.message || fullest.message,
      count: Math.max(1, this.count),
      object: fullest.object ?? guessedObject(namespace, name),
      component: fullest.component || newest.write.user,
      host: fullest.host,
      requests: this.requests,
      seq: newest.write.seq,
      auditID: newest.said.auditID,
      body: fullest.body,
    };
  }
}

const RANK: Readonly<Record<KubernetesEvent["body"], number>> = { none: 0, partial: 1, whole: 2 };

function isoText(us: number): string {
  const date = new Date(us / 1e3);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
