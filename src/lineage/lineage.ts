import { isDryRun } from "../events/object-key.ts";
import { KnownActors } from "./actors.ts";
import { bodyFacts } from "./body-facts.ts";
import type { ServerSkew } from "./clocks.ts";
import type { TrailResult, WhyResult } from "./contract.ts";
import { fieldManagerOf, wants, type Bodies, type LineageEvent, type LineageFacts } from "./event.ts";
import { Families } from "./family.ts";
import { field, list, text } from "./json.ts";
import { isKubernetesEvent } from "../events/kubernetes-event.ts";
import { involvedObject } from "./kubernetes-events.ts";
import { KeptBodies } from "./kept-bodies.ts";
import { extend, hear, type LogExtent } from "./log-extent.ts";
import { findObject, namespacesOf } from "./object-text.ts";
import { ObjectStore } from "./object-store.ts";
import type { Reading } from "./reading.ts";
import { callsIn } from "./outside/webhooks.ts";
import { BodyScanner } from "./scan/event-bodies.ts";
import { trailOf } from "./trail.ts";
import type { KubernetesEventFacts, Facts, Touch } from "./touch.ts";
import { whyOf } from "./why.ts";

/** Resources whose delete only begins their end. */
const LINGERING = new Set(["pods", "namespaces", "customresourcedefinitions.apiextensions.k8s.io"]);
/** Items of one deletecollection that are followed up. */
const MAX_ITEMS = 5_000;
const MAX_FAILURE = 240;
/** Kubernetes allows 253; a refused request may have anything. */
const MAX_NAME = 512;
/** Verbs webhooks are asked about and may change. */
const ADMITTED = new Set(["create", "update", "patch"]);

/**
 * Objects, their lives, owners and causes, from requests in any order. Keeps facts, not events: what it knows outlives
 * the rows it was read from.
 */
export class Lineage {
  readonly store: ObjectStore;
  readonly families: Families;
  private readonly actors = new KnownActors();
  private readonly scanner = new BodyScanner();
  private readonly kept = new KeptBodies();
  private oldestSeq = Number.NEGATIVE_INFINITY;

  /** `maxTouches`: requests remembered in all; the rest is forgotten, the longest gone objects first. */
  constructor(maxTouches?: number, reading?: Reading) {
    this.store = new ObjectStore(maxTouches, reading);
    this.families = new Families(this.store);
  }

  /** Whether a request can matter: ask before fetching its bodies. */
  static wants(facts: LineageFacts): boolean {
    return wants(facts);
  }

  /** Rows below this one were evicted: steps stay, without their row. */
  evictedBelow(seq: number): void {
    this.oldestSeq = seq;
  }

  /** What the log covers beyond the requests taken in: what goes on is told until its end. */
  covers(extent: LogExtent): void {
    extend(this.store.extent, extent);
  }

  /** Puts all times, those taken in already too, onto one clock. */
  correct(skews: readonly ServerSkew[]): void {
    this.store.correct(skews);
  }

  /** Takes in one request; a later stage of it may follow and takes its place. */
  observe(event: LineageEvent): void {
    if (!Number.isFinite(event.receivedUs)) return;
    hear(this.store.extent, event);
    if (!wants(event)) return;
    const namespace = event.resource === "namespaces" ? "" : event.namespace;
    const bodies = this.bodiesOf(event, namespace);
    if (isKubernetesEvent(event.resource)) this.observeKubernetesEvent(event, bodies);
    else if (event.subresource === "token") this.observeToken(event, bodies);
    else if (event.verb === "deletecollection") this.observeCollection(event, namespace, bodies);
    else this.observeObject(event, namespace, bodies);
  }

  /** From the event's bytes where it has them; the scanner is good for one event at a time. */
  private bodiesOf(event: LineageEvent, namespace: string): Bodies {
    if (event.raw === undefined || event.raw === null) return event;
    const brief = event.subresource === "status" || event.verb === "delete";
    const described = brief && this.store.find(event.resource, namespace, event.name)?.described === true;
    this.scanner.open(event.raw, 0, event.raw.length, event, described);
    return this.scanner;
  }

  private observeObject(event: LineageEvent, namespace: string, bodies: Bodies): void {
    const touch = this.touch(event, bodyFacts(event, bodies), bodies);
    this.kept.take(event, touch, bodies);
    const answered = event.name === "" ? text(bodies.responseBody(), "metadata", "name") : event.name;
    const name = answered.length > MAX_NAME ? answered.slice(0, MAX_NAME) : answered;
    if (name !== "") this.store.add(event.resource, namespace, name, touch);
    else this.store.addUnnamed({ ...touch, resource: event.resource, namespace });
  }

  /** The life of an object and of what it owns; null when the log has no such object. */
  trail(objectText: string, namespace?: string): TrailResult | null {
    const found = findObject(objectText, namespace, this.store, this.families);
    if (found === null) return null;
    return trailOf(found, this.families, this.store, this.oldestSeq);
  }

  /** Namespaces in which requests taken in name the object; "" for what is in none. */
  namespacesOf(objectText: string): readonly string[] {
    return namespacesOf(objectText, this.store);
  }

  /** Why an object is gone, stuck or was never there; null when the log has nothing on the name. */
  why(objectText: string, namespace?: string): WhyResult | null {
    const found = findObject(objectText, namespace, this.store, this.families);
    return found === null ? null : whyOf(found, this.families, this.store, this.oldestSeq);
  }

  private touch(
    event: LineageEvent,
    facts: Facts | null,
    bodies: Bodies,
    uid = facts?.uid ?? (event.uid === "" ? (facts?.delete?.preconditionUid ?? "") : event.uid),
    about: KubernetesEventFacts | null = null,
  ): Touch {
    return {
      timeUs: event.receivedUs - this.store.aheadUs(event.apiserver),
      stageUs: event.stageUs - this.store.aheadUs(event.apiserver),
      apiserver: event.apiserver,
      seq: event.seq,
      auditID: event.auditID,
      verb: event.verb,
      subresource: event.subresource,
      code: event.code,
      level: event.level,
      actor: this.actors.intern(event),
      dryRun: isDryRun(event.uri),
      lingers: LINGERING.has(event.resource),
      uid,
      fieldManager: fieldManagerOf(event.uri),
      version: versionOf(event, facts),
      base: event.verb === "update" ? bodies.baseVersion() : Number.NaN,
      failure: failureOf(event, bodies),
      facts,
      event: about,
      webhooks: ADMITTED.has(event.verb) ? callsIn(bodies.annotations()) : null,
    };
  }

  private observeKubernetesEvent(event: LineageEvent, bodies: Bodies): void {
    if (event.code === null || event.code >= 400 || event.verb === "delete" || event.verb === "deletecollection")
      return;
    const involved = involvedObject(event, bodies);
    if (involved === null || involved.name === "") return;
    const touch = this.touch(event, null, bodies, involved.uid, involved.facts);
    this.store.add(involved.resource, involved.namespace, involved.name, touch);
  }

  /** A token for a pod is a step of the pod; others are steps of the service account. */
  private observeToken(event: LineageEvent, bodies: Bodies): void {
    const bound = field(bodies.requestBody(), "spec", "boundObjectRef");
    if (text(bound, "kind") === "Pod" && text(bound, "name") !== "") {
      const touch = this.touch(event, null, bodies, text(bound, "uid"));
      this.store.add("pods", event.namespace, text(bound, "name"), touch);
      return;
    }
    const touch = this.touch(event, null, bodies);
    if (event.name !== "") this.store.add(event.resource, event.namespace, event.name, touch);
  }

  /** Names are only in the answer's items; without them the request is kept for the whole collection. */
  private observeCollection(event: LineageEvent, namespace: string, bodies: Bodies): void {
    const facts = bodyFacts(event, bodies);
    const body = bodies.responseBody();
    const items = list(body, "items");
    for (const item of items.slice(0, MAX_ITEMS)) {
      const name = text(item, "metadata", "name");
      if (name === "") continue;
      const own: Facts = {
        uid: text(item, "metadata", "uid"),
        ...(facts?.delete === undefined ? {} : { delete: facts.delete }),
      };
      this.store.add(event.resource, namespace, name, this.touch(event, own, bodies));
    }
    const answered = Array.isArray(field(body, "items"));
    if (!answered) this.store.addUnnamed({ ...this.touch(event, facts, bodies), resource: event.resource, namespace });
  }
}

/** Events are kept in a store of their own on large clusters: their versions count something else. */
function versionOf(event: LineageEvent, facts: Facts | null): number {
  if (facts?.resourceVersion === undefined || event.code === null || event.code >= 400) return Number.NaN;
  return facts.resourceVersion;
}

function failureOf(event: LineageEvent, bodies: Bodies): string {
  if (event.code === null || event.code < 400) return "";
  const message = text(bodies.responseStatus(), "message");
  return (message === "" ? event.reason : message).slice(0, MAX_FAILURE);
}
