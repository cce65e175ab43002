import type { Bodies, LineageEvent } from "./event.ts";
import { deployFacts, DEPLOYERS } from "./deployers.ts";
import { fingerprint } from "./fingerprint.ts";
import { asObject, field, list, number, text, type JsonObject, type JsonValue } from "./json.ts";
import { needsOf } from "./outside/needs.ts";
import { SELECTING, selectorOf } from "./outside/selectors.ts";
import { WEBHOOK_CONFIGURATIONS, webhooksOf } from "./outside/webhooks.ts";
import { HASH_KEY } from "./scan/shape.ts";
import { sourceIn } from "./sources.ts";
import { standingOf } from "./standing.ts";
import { patchesCounts, podStatus, workloadStatus } from "./status-facts.ts";
import { versionNumber } from "./versions.ts";
import type { DeleteFacts, Facts, OwnerReference } from "./touch.ts";

const WORKLOADS = new Set([
  "deployments.apps",
  "replicasets.apps",
  "statefulsets.apps",
  "daemonsets.apps",
  "replicationcontrollers",
]);
/** A hostile body may list thousands of owners or finalizers. */
const MAX_LISTED = 16;

/** Everything lineage takes from the bodies of one request about one object; null when there are none. */
export function bodyFacts(event: LineageEvent, bodies: Bodies): Facts | null {
  if (event.code !== null && event.code >= 400) return requestedFacts(event, bodies);
  const facts: Facts = {};
  const { subresource, verb } = event;
  const removes = verb === "delete" || verb === "deletecollection";
  if (removes) facts.delete = deleteFacts(bodies.requestBody(), event.uri);
  if (subresource === "binding") readBinding(bodies.requestBody(), facts);
  else if (subresource === "eviction") {
    facts.delete = deleteFacts(field(bodies.requestBody(), "deleteOptions"), event.uri);
  } else {
    const response = verb === "deletecollection" ? null : answeredObject(bodies.responseBody());
    if (response !== null) readObject(event, response, facts);
    else if (!removes) readRequest(event, bodies.requestBody(), facts);
    if (DEPLOYERS.has(event.resource) && !removes && subresource === "") readDeployer(event, response, bodies, facts);
  }
  if (verb === "delete" && facts.uid === undefined) {
    const uid = text(bodies.responseStatus(), "details", "uid");
    if (uid !== "") facts.uid = uid;
  }
  for (const _ in facts) return facts;
  return null;
}

function readDeployer(event: LineageEvent, response: JsonObject | null, bodies: Bodies, facts: Facts): void {
  const isPatch = event.verb === "patch";
  const object = response ?? (isPatch ? null : asObject(bodies.requestBody()));
  const deploys = deployFacts(event.resource, object, isPatch ? bodies.requestBody() : null);
  if (deploys !== null) facts.deploys = deploys;
}

/** The object an answer carries; a Status, or nothing, is no object. */
function answeredObject(body: JsonValue): JsonObject | null {
  const object = asObject(body);
  return object === null || text(object, "kind") === "Status" ? null : object;
}

/** What a refused create asked for: enough to know whose child it would have been. Of a refused patch: who was to let go. */
function requestedFacts(event: LineageEvent, bodies: Bodies): Facts | null {
  if (event.subresource !== "") return null;
  if (event.verb === "patch") return releasedFacts(bodies);
  if (event.verb !== "create") return null;
  const metadata = field(bodies.requestBody(), "metadata");
  if (asObject(metadata) === null) return null;
  const facts: Facts = {};
  readOwners(metadata, facts);
  const generateName = text(metadata, "generateName");
  if (generateName !== "") facts.generateName = generateName;
  return facts;
}

function releasedFacts(bodies: Bodies): Facts | null {
  const entries = list(field(bodies.requestBody(), "metadata"), "ownerReferences").slice(0, MAX_LISTED);
  const releases = entries.flatMap((entry) => (isTakenOff(entry) ? [text(entry, "uid")] : []));
  return releases.length === 0 ? null : { releases };
}

/** An entry of a strategic merge patch that removes its like. */
function isTakenOff(entry: JsonValue): boolean {
  return text(entry, "$patch") === "delete";
}

function deleteFacts(options: JsonValue | undefined, uri: string): DeleteFacts {
  const orphan = field(options, "orphanDependents");
  return {
    propagation: text(options, "propagationPolicy") || (orphan === true ? "Orphan" : ""),
    graceSeconds: number(options, "gracePeriodSeconds") ?? graceOf(uri),
    preconditionUid: text(options, "preconditions", "uid"),
    selective: /[?&](label|field)Selector=[^&]/.test(uri),
  };
}

/** Delete options may also be query parameters. */
function graceOf(uri: string): number | null {
  const found = /[?&]gracePeriodSeconds=(\d+)/.exec(uri)?.[1];
  return found === undefined ? null : Number(found);
}

function readBinding(request: JsonValue, facts: Facts): void {
  const node = text(request, "target", "name");
  if (node !== "") facts.node = node;
  const uid = text(request, "metadata", "uid");
  if (uid !== "") facts.uid = uid;
}

/** Request level: a create or update has the whole object, a patch only what it changes. */
function readRequest(event: LineageEvent, request: JsonValue, facts: Facts): void {
  if (Array.isArray(request)) {
    readJsonPatch(request as readonly JsonValue[], facts);
    return;
  }
  const object = asObject(request);
  if (object === null) return;
  readObject(event, object, facts);
  // The version it was made from, not the one it led to.
  delete facts.resourceVersion;
  if (event.verb === "create") {
    // The client's copy has no uid or times yet.
    delete facts.uid;
    delete facts.createdUs;
  }
  if (event.verb !== "patch") return;
  facts.partial = true;
  facts.full = false;
  if (takesFinalizers(field(object, "metadata", "finalizers"))) facts.released = true;
  if (asObject(field(object, "spec", "template")) !== null) facts.templatePatched = true;
  delete facts.template;
  if (!patchesCounts(field(object, "status"))) delete facts.workload;
  // A patch names only what it changes.
  delete facts.needs;
  delete facts.selects;
}

/** `null` or `[]`, as the garbage collector and people write it. */
function takesFinalizers(value: JsonValue | undefined): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function readJsonPatch(operations: readonly JsonValue[], facts: Facts): void {
  facts.partial = true;
  for (const operation of operations.slice(0, 1_000)) {
    const path = text(operation, "path");
    const value = field(operation, "value");
    if (path === "/spec/replicas" && typeof value === "number") facts.replicas = value;
    else if (path === "/metadata/finalizers")
      facts.released = text(operation, "op") === "remove" || takesFinalizers(value);
    else if (path === "/spec/template" || path.startsWith("/spec/template/")) facts.templatePatched = true;
  }
}

function readObject(event: LineageEvent, object: JsonObject, facts: Facts): void {
  readMetadata(field(object, "metadata"), facts);
  if (event.subresource === "" || event.subresource === "status") {
    facts.full = facts.createdUs !== undefined || event.verb === "create";
  }
  if (event.subresource === "scale") {
    // The answer leaves a zero out; what a client's patch leaves out, it leaves alone.
    const spec = field(object, "spec");
    const replicas =
      number(spec, "replicas") ?? (text(object, "kind") === "Scale" && asObject(spec) !== null ? 0 : undefined);
    if (replicas !== undefined) facts.replicas = replicas;
    return;
  }
  // Other writes of a node repeat conditions that are minutes old.
  const standing =
    event.resource === "nodes" && event.subresource !== "status" ? "" : standingOf(event.resource, object);
  if (standing !== "") facts.standing = standing;
  const spec = field(object, "spec");
  if (event.resource === "pods") {
    readPod(spec, object, facts);
  } else if (WORKLOADS.has(event.resource)) {
    readWorkload(object, spec, facts);
  } else if (event.resource === "nodes") {
    readNode(spec, facts);
  } else if (SELECTING.has(event.resource)) {
    const selector = selectorOf(event.resource, spec);
    if (selector !== null) facts.selects = selector;
  } else if (WEBHOOK_CONFIGURATIONS.has(event.resource)) {
    facts.webhooks = webhooksOf(object);
  } else if (event.resource === "jobs.batch" || event.resource === "cronjobs.batch") {
    if (field(spec, "suspend") === true) facts.suspend = true;
    readJobStatus(field(object, "status"), facts);
  } else if (event.resource.startsWith("horizontalpodautoscalers")) {
    const target = field(spec, "scaleTargetRef");
    if (asObject(target) === null) return;
    facts.scaleTarget = `${text(target, "kind")}/${text(target, "name")}`;
    facts.scaleApi = text(target, "apiVersion");
  }
}

function readMetadata(metadata: JsonValue | undefined, facts: Facts): void {
  const uid = text(metadata, "uid");
  if (uid !== "") facts.uid = uid;
  const created = timeUs(text(metadata, "creationTimestamp"));
  if (!Number.isNaN(created)) facts.createdUs = created;
  readOwners(metadata, facts);
  const generateName = text(metadata, "generateName");
  if (generateName !== "") facts.generateName = generateName;
  if (text(metadata, "deletionTimestamp") !== "") {
    facts.deleting = true;
    facts.deletionGrace = number(metadata, "deletionGracePeriodSeconds") ?? 0;
    facts.askedUs = timeUs(text(metadata, "deletionTimestamp")) - facts.deletionGrace * 1_000_000;
  }
  const finalizers = list(metadata, "finalizers").flatMap((entry) => (typeof entry === "string" ? [entry] : []));
  if (finalizers.length > 0) facts.finalizers = finalizers.slice(0, MAX_LISTED);
  const annotations = field(metadata, "annotations");
  if (text(annotations, "kubernetes.io/config.mirror") !== "") facts.mirror = true;
  const source = sourceIn(metadata);
  if (source !== "") facts.source = source;
  const revision = text(annotations, "deployment.kubernetes.io/revision");
  if (revision !== "") facts.revision = revision;
  const desired = versionNumber(text(annotations, "deployment.kubernetes.io/desired-replicas"));
  if (!Number.isNaN(desired)) facts.desired = desired;
  const generation = number(metadata, "generation");
  if (generation !== undefined) facts.generation = generation;
  const version = versionNumber(text(metadata, "resourceVersion"));
  if (!Number.isNaN(version)) facts.resourceVersion = version;
}

/** Many objects are written more than once, and in bursts: times read lately, µs by text. */
const times = new Map<string, number>();
const TIMES_KEPT = 4_096;
const MAX_TIME = 40;

function timeUs(time: string): number {
  if (time === "") return Number.NaN;
  let us = times.get(time);
  if (us === undefined) {
    us = Date.parse(time) * 1_000;
    if (times.size >= TIMES_KEPT) times.clear();
    if (time.length <= MAX_TIME) times.set(time, us);
  }
  return us;
}

function readOwners(metadata: JsonValue | undefined, facts: Facts): void {
  const owners: OwnerReference[] = [];
  for (const entry of list(metadata, "ownerReferences").slice(0, MAX_LISTED)) {
    const uid = text(entry, "uid");
    if (uid === "" || isTakenOff(entry)) continue;
    owners.push({
      kind: text(entry, "kind"),
      apiVersion: text(entry, "apiVersion"),
      name: text(entry, "name"),
      uid,
      controller: field(entry, "controller") === true,
    });
  }
  if (owners.length > 0) facts.owners = owners;
}

function readPod(spec: JsonValue | undefined, object: JsonObject, facts: Facts): void {
  const node = text(spec, "nodeName");
  if (node !== "") facts.node = node;
  const images = imagesOf(spec);
  if (images !== "") facts.images = images;
  const needs = images === "" ? null : needsOf(field(object, "metadata"), spec);
  if (needs !== null) facts.needs = needs;
  const status = podStatus(field(object, "status"));
  if (status !== null) facts.pod = status;
}

function readWorkload(object: JsonObject, spec: JsonValue | undefined, facts: Facts): void {
  const replicas = number(spec, "replicas");
  if (replicas !== undefined) facts.replicas = replicas;
  const template = field(spec, "template");
  if (asObject(template) !== null) {
    facts.template = text(template, HASH_KEY) || `j${fingerprint(JSON.stringify(template))}`;
    const images = imagesOf(field(template, "spec"));
    if (images !== "") facts.images = images;
    const needs = needsOf(field(template, "metadata"), field(template, "spec"));
    if (needs !== null) facts.needs = needs;
    const claims = list(spec, "volumeClaimTemplates").slice(0, MAX_LISTED);
    if (claims.length > 0) facts.claims = claims.map((claim) => text(claim, "metadata", "name"));
  }
  const status = workloadStatus(field(object, "status"));
  if (status !== null) facts.workload = status;
}

function readNode(spec: JsonValue | undefined, facts: Facts): void {
  const unschedulable = field(spec, "unschedulable");
  if (typeof unschedulable === "boolean") facts.unschedulable = unschedulable;
  if (asObject(spec) === null) return;
  facts.taints = list(spec, "taints")
    .slice(0, MAX_LISTED)
    .map((taint) => {
      const value = text(taint, "value");
      return `${text(taint, "key")}${value === "" ? "" : `=${value}`}:${text(taint, "effect")}`;
    });
}

function readJobStatus(status: JsonValue | undefined, facts: Facts): void {
  for (const condition of list(status, "conditions")) {
    const type = text(condition, "type");
    // A Job that is to fail says so first, and is marked failed when its pods are gone.
    if (!OVER.has(type) || text(condition, "status") !== "True") continue;
    facts.over = type === "Complete" ? type : text(condition, "reason").slice(0, 64) || type;
  }
}

const OVER = new Set(["Complete", "Failed", "FailureTarget"]);

function imagesOf(podSpec: JsonValue | undefined): string {
  return list(podSpec, "containers")
    .slice(0, MAX_LISTED)
    .flatMap((container) => {
      const image = text(container, "image");
      return image === "" ? [] : [`${text(container, "name")}=${image}`];
    })
    .join(",");
}
