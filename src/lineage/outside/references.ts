import { objectName } from "../../events/object-name.ts";
import { resourceOfKind } from "../../events/resource-names.ts";
import type { Evidence } from "../contract.ts";
import type { Families } from "../family.ts";
import type { Life } from "../lives.ts";
import type { Touch } from "../touch.ts";
import type { PodNeeds } from "./needs.ts";
import { SELECTING, selects, selectorWords } from "./selectors.ts";
import { callInFailure, WEBHOOK_CONFIGURATIONS, type WebhookCall } from "./webhooks.ts";

/** Something outside a trail that the trail's objects depend on, as bodies of the log say. */
export interface OutsideReference {
  readonly resource: string;
  /** "" for what is in none. */
  readonly namespace: string;
  readonly name: string;
  readonly how: readonly string[];
  readonly evidence: Evidence;
  /** It mattered in this time, µs. */
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Kinds a trail may depend on by name, by selector or by being in a namespace with them. */
export const BY_BODY: ReadonlySet<string> = new Set([
  "configmaps",
  "secrets",
  "persistentvolumeclaims",
  "serviceaccounts",
]);
export const LIMITS: ReadonlyMap<string, string> = new Map([
  ["resourcequotas", "limits what its namespace may have"],
  ["limitranges", "sets limits of containers in its namespace"],
]);
export const AUTOSCALERS = "horizontalpodautoscalers.autoscaling";
/** Kinds that say themselves which pods they are for. */
export const POINTING: ReadonlySet<string> = new Set([...SELECTING, AUTOSCALERS]);
const AROUND: ReadonlySet<string> = new Set([...POINTING, ...LIMITS.keys()]);

/** Objects of a trail: `below` the one it is about and what it owns, `above` its owners. */
export interface Tree {
  readonly below: readonly Life[];
  readonly above: readonly Life[];
  /** Requests of the trail, refused ones among them. */
  readonly touches: readonly Touch[];
}

/** What the trail's objects referred to, selected by, limited by and asked when they were written. */
export function referencesOf(tree: Tree, families: Families): OutsideReference[] {
  const found = new References();
  const needs = needsIn(tree.below);
  const [root] = tree.below;
  if (root === undefined) return [];
  const { namespace } = root.record;
  for (const { needs: told, fromUs, untilUs } of needs)
    for (const { resource, name, how } of told.references)
      found.add({ resource, namespace, name, how: [how], evidence: "uid", fromUs, untilUs });
  readStatefulSets(tree.below, namespace, found);
  if (needs.length > 0 || tree.below.some(({ record }) => RUNNING.has(record.resource)))
    readNamespace(tree, needs, families, found);
  readWebhooks(tree.touches, families, found);
  return found.all();
}

const RUNNING: ReadonlySet<string> = new Set([
  "pods",
  "deployments.apps",
  "replicasets.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "replicationcontrollers",
  "jobs.batch",
  "cronjobs.batch",
]);

class References {
  private readonly byName = new Map<string, OutsideReference>();

  add(reference: OutsideReference): void {
    const { resource, namespace, name } = reference;
    const key = `${namespace}/${resource}/${name}`;
    const known = this.byName.get(key);
    if (known === undefined) {
      this.byName.set(key, reference);
      return;
    }
    this.byName.set(key, {
      ...known,
      how: [...new Set([...known.how, ...reference.how])].slice(0, 4),
      evidence: known.evidence === "uid" ? "uid" : reference.evidence,
      fromUs: Math.min(known.fromUs, reference.fromUs),
      untilUs: Math.max(known.untilUs, reference.untilUs),
    });
  }

  all(): OutsideReference[] {
    return [...this.byName.values()];
  }
}

interface TimedNeeds {
  readonly needs: PodNeeds;
  fromUs: number;
  untilUs: number;
}

/** What bodies say of each life, from when on, and until another body said otherwise or it was gone. */
function needsIn(lives: readonly Life[]): readonly TimedNeeds[] {
  const told = new Map<PodNeeds, TimedNeeds>();
  for (const life of lives) {
    let current: PodNeeds | null = null;
    let fromUs = Number.NaN;
    const close = (untilUs: number): void => {
      if (current === null) return;
      const known = told.get(current);
      if (known === undefined) told.set(current, { needs: current, fromUs, untilUs });
      else {
        known.fromUs = Math.min(known.fromUs, fromUs);
        known.untilUs = Math.max(known.untilUs, untilUs);
      }
    };
    const { create, stitched, touches } = life;
    for (const touch of stitched && create !== null ? [create, ...touches] : touches) {
      const needs = touch.facts?.needs;
      if (needs === undefined || needs === current) continue;
      close(touch.timeUs);
      current = needs;
      fromUs = touch.timeUs;
    }
    close(life.goneUs ?? Number.POSITIVE_INFINITY);
  }
  return [...told.values()];
}

/** A StatefulSet's claims are called `<template>-<pod>`, at every level. */
function readStatefulSets(lives: readonly Life[], namespace: string, found: References): void {
  for (const { touches, record, goneUs } of lives) {
    if (record.resource !== "statefulsets.apps") continue;
    const claims = touches.findLast(({ facts }) => facts?.claims !== undefined)?.facts?.claims ?? [];
    const pods = lives.filter(({ record: { resource } }) => resource === "pods").map((pod) => pod.record.name);
    for (const claim of claims)
      for (const pod of new Set(pods.slice(0, 64)))
        found.add({
          resource: "persistentvolumeclaims",
          namespace,
          name: `${claim}-${pod}`,
          how: [`claimed for pod ${pod}`],
          evidence: "name",
          fromUs: touches[0]?.timeUs ?? 0,
          untilUs: goneUs ?? Number.POSITIVE_INFINITY,
        });
  }
}

/** Objects of the namespace that select its pods, scale it, or hold for all that is in it. */
function readNamespace(
  { below, above }: Tree,
  needs: readonly TimedNeeds[],
  families: Families,
  found: References,
): void {
  const [root] = below;
  if (root === undefined) return;
  const { namespace } = root.record;
  const scaled = new Set([...below, ...above].map(({ record }) => `${record.resource}/${record.name}`));
  const always = { fromUs: root.firstUs, untilUs: root.goneUs ?? Number.POSITIVE_INFINITY };
  for (const { record, touches } of families.of(namespace).ofKinds(AROUND)) {
    const { resource, name } = record;
    const about = { resource, namespace, name };
    const limits = LIMITS.get(resource);
    if (limits !== undefined) found.add({ ...about, how: [limits], evidence: "name", ...always });
    if (limits !== undefined) continue;
    for (const facts of new Set(touches.map((touch) => touch.facts))) {
      const [kind = "", target = ""] = (facts?.scaleTarget ?? "").split("/");
      const resourceScaled = resourceOfKind(kind, facts?.scaleApi ?? "apps/v1");
      if (target !== "" && scaled.has(`${resourceScaled}/${target}`)) {
        const how = `scales ${objectName({ resource: resourceScaled, namespace: "", name: target })}`;
        found.add({ ...about, how: [how], evidence: "uid", ...always });
      }
      const selector = facts?.selects;
      if (selector === undefined) continue;
      for (const { needs: told, fromUs, untilUs } of needs) {
        if (!selects(selector, told.labels)) continue;
        const does = resource === "services" ? "selects" : "guards";
        found.add({
          ...about,
          how: [`${does} its pods by ${selectorWords(selector)}`],
          evidence: "uid",
          fromUs,
          untilUs,
        });
      }
    }
  }
}

/** Only webhooks whose having been asked is logged: changes and failures are, mere consent is not. */
function readWebhooks(touches: readonly Touch[], families: Families, found: References): void {
  const calls = new Map<string, { readonly call: WebhookCall; fromUs: number; untilUs: number }>();
  for (const { timeUs, webhooks, failure } of touches) {
    const failed = failure === "" ? null : callInFailure(failure);
    for (const call of [...(webhooks ?? []), ...(failed === null ? [] : [failed])]) {
      const key = `${call.configuration}\0${call.webhook}\0${call.did}`;
      const known = calls.get(key);
      if (known === undefined) calls.set(key, { call, fromUs: timeUs, untilUs: timeUs });
      else known.untilUs = Math.max(known.untilUs, timeUs);
    }
  }
  if (calls.size === 0) return;
  for (const { record, touches: own } of families.of("").ofKinds(WEBHOOK_CONFIGURATIONS)) {
    const { resource, name } = record;
    const webhooks = new Set(own.flatMap(({ facts }) => facts?.webhooks ?? []));
    for (const { call, fromUs, untilUs } of calls.values()) {
      const isNamed = call.configuration === name && resource.startsWith("mutating");
      if (!isNamed && !webhooks.has(call.webhook)) continue;
      const how = `its webhook ${call.webhook} ${call.did}`;
      found.add({ resource, namespace: "", name, how: [how], evidence: isNamed ? "uid" : "name", fromUs, untilUs });
    }
  }
}
