import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "../../../src/lineage/json.ts";

export type StoryLevel = "Metadata" | "Request" | "RequestResponse";

export const DEPLOYMENT_CONTROLLER = "system:serviceaccount:kube-system:deployment-controller";
export const REPLICASET_CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller";
export const GARBAGE_COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector";
export const SCHEDULER = "system:kube-scheduler";

type Draft = Record<string, JsonValue>;

/** An object as the store has it; requests change it as the API server would. */
export interface Stored {
  readonly kind: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly metadata: Draft;
  spec: Draft;
  status: Draft;
  /** Fields of kinds without a spec: `data`, `endpoints`. */
  rest?: Draft;
}

interface Written {
  readonly verb: string;
  readonly object: Stored;
  readonly user: string;
  readonly subresource?: string;
  readonly code?: number;
  readonly query?: string;
  readonly request?: JsonValue;
  readonly response?: JsonValue;
  /** responseStatus of a failure. */
  readonly status?: JsonObject;
  /** The client left the name to the API server. */
  readonly unnamed?: boolean;
}

const START_MS = Date.parse("2026-11-21T08:00:00Z");

/** A made-up cluster's audit log: events in kube-apiserver's own order of fields, at one level of detail. */
export class Story {
  readonly lines: string[] = [];
  private readonly level: (user: string, verb: string) => StoryLevel;
  private readonly seed: string;
  private ms = START_MS;
  private version = 1_000;
  private made = 0;

  /** `level`: of the whole log, or by who did what. */
  constructor(level: StoryLevel | ((user: string, verb: string) => StoryLevel), seed: string) {
    this.level = typeof level === "string" ? () => level : level;
    this.seed = seed;
  }

  events(): JsonObject[] {
    return this.lines.map((line) => JSON.parse(line) as JsonObject);
  }

  wait(seconds: number): void {
    this.ms += seconds * 1_000;
  }

  time(): string {
    return new Date(Math.floor(this.ms / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
  }

  /** Stored by a request that is logged. `generated`: the name is its base and five letters of the API server's. */
  create(
    user: string,
    [resource, kind, apiVersion]: Kind,
    namespace: string,
    name: string,
    parts: {
      readonly spec?: Draft;
      readonly status?: Draft;
      readonly owner?: Stored;
      readonly annotations?: Draft;
      readonly finalizers?: readonly string[];
      readonly generated?: string;
    } = {},
  ): Stored {
    const base = parts.generated === undefined ? {} : { generateName: parts.generated };
    const own: Draft = {
      ...(parts.annotations === undefined ? {} : { annotations: parts.annotations }),
      ...(parts.owner === undefined ? {} : { ownerReferences: [ownerReference(parts.owner)] }),
      ...(parts.finalizers === undefined ? {} : { finalizers: parts.finalizers }),
    };
    const object: Stored = {
      kind,
      apiVersion,
      resource,
      metadata: {
        name,
        ...base,
        ...(namespace === "" ? {} : { namespace }),
        uid: this.id(),
        resourceVersion: this.nextVersion(),
        generation: 1,
        creationTimestamp: this.time(),
        ...own,
      },
      spec: parts.spec ?? {},
      status: parts.status ?? {},
    };
    const named = parts.generated === undefined ? { name } : base;
    const space = namespace === "" ? {} : { namespace };
    this.log({
      verb: "create",
      object,
      user,
      code: 201,
      unnamed: parts.generated !== undefined,
      request: { kind, apiVersion, metadata: { ...named, ...space, ...own }, spec: object.spec, status: {} },
      response: whole(object),
    });
    return object;
  }

  /** A create that was not stored. */
  refuse(
    user: string,
    [resource, kind, apiVersion]: Kind,
    namespace: string,
    generated: string,
    owner: Stored,
    status: JsonObject,
  ): void {
    const metadata = { generateName: generated, namespace, ownerReferences: [ownerReference(owner)] };
    this.log({
      verb: "create",
      object: { kind, apiVersion, resource, metadata: { name: "", namespace }, spec: {}, status: {} },
      user,
      code: Number(status["code"]),
      unnamed: true,
      request: { kind, apiVersion, metadata, spec: { containers: [container("app:1")] }, status: {} },
      response: { kind: "Status", apiVersion: "v1", metadata: {}, ...status },
      status,
    });
  }

  update(user: string, object: Stored, change: (object: Stored) => void, subresource = ""): void {
    const { resourceVersion = "", generation = 1 } = object.metadata;
    this.raise(object, () => change(object));
    const response = whole(object);
    const metadata = { ...(response["metadata"] as JsonObject), resourceVersion, generation };
    this.log({ verb: "update", object, user, subresource, request: { ...response, metadata }, response });
  }

  /** The API server counts changes of a spec. */
  private raise(object: Stored, change: () => void): void {
    const before = JSON.stringify(object.spec);
    change();
    if (JSON.stringify(object.spec) !== before)
      object.metadata["generation"] = Number(object.metadata["generation"] ?? 1) + 1;
    object.metadata["resourceVersion"] = this.nextVersion();
  }

  patch(user: string, object: Stored, patch: Draft, subresource = "", query = ""): void {
    this.raise(object, () => {
      const { annotations } = (patch["metadata"] ?? {}) as { readonly annotations?: Draft };
      if (annotations !== undefined)
        object.metadata["annotations"] = { ...(object.metadata["annotations"] as Draft | undefined), ...annotations };
      if (patch["operation"] !== undefined) object.rest = { ...object.rest, operation: patch["operation"] };
      for (const part of ["spec", "status"] as const) {
        const change = patch[part];
        if (typeof change === "object" && change !== null) object[part] = { ...object[part], ...(change as Draft) };
      }
      const { finalizers } = (patch["metadata"] ?? {}) as { readonly finalizers?: JsonValue };
      if (finalizers === null) delete object.metadata["finalizers"];
      else if (finalizers !== undefined) object.metadata["finalizers"] = finalizers;
    });
    this.log({ verb: "patch", object, user, subresource, query, request: patch, response: whole(object) });
  }

  /** A read of a name that has nothing. */
  miss(user: string, object: Stored): void {
    const status = { status: "Failure", message: "not found", reason: "NotFound", code: 404 };
    this.log({ verb: "get", object, user, code: 404, status });
  }

  evict(user: string, pod: Stored): void {
    const { name = "", namespace = "" } = pod.metadata;
    const request = { kind: "Eviction", apiVersion: "policy/v1", metadata: { name, namespace } };
    this.log({ verb: "create", object: pod, user, subresource: "eviction", code: 201, request });
  }

  /** A write that the API server refused. */
  fail(user: string, verb: string, object: Stored, request: JsonValue, status: JsonObject): void {
    const response = { kind: "Status", apiVersion: "v1", metadata: {}, ...status };
    this.log({ verb, object, user, code: Number(status["code"]), request, response, status });
  }

  scale(user: string, object: Stored, replicas: number): void {
    this.raise(object, () => (object.spec["replicas"] = replicas));
    const { name = "", namespace = "", uid = "" } = object.metadata;
    const body = {
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name, namespace, uid, resourceVersion: object.metadata["resourceVersion"] ?? "" },
      // A zero is left out.
      spec: replicas === 0 ? {} : { replicas },
      status: { replicas: 0 },
    };
    this.log({ verb: "update", object, user, subresource: "scale", request: body, response: body });
  }

  bind(object: Stored, node: string): void {
    object.spec["nodeName"] = node;
    const { name = "", namespace = "", uid = "" } = object.metadata;
    this.log({
      verb: "create",
      object,
      user: SCHEDULER,
      subresource: "binding",
      code: 201,
      request: {
        kind: "Binding",
        apiVersion: "v1",
        metadata: { name, namespace, uid },
        target: { kind: "Node", name: node },
      },
      response: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    });
  }

  /** Asks for removal: with a grace or finalizers it stays, Terminating. */
  remove(user: string, object: Stored, options: Draft = {}): void {
    const grace = Number(options["gracePeriodSeconds"] ?? (object.resource === "pods" ? 30 : 0));
    const before = object.metadata["deletionTimestamp"];
    // What is asked first counts: later requests only change the grace.
    const asked =
      typeof before === "string"
        ? Date.parse(before) - Number(object.metadata["deletionGracePeriodSeconds"]) * 1_000
        : Math.floor(this.ms / 1_000) * 1_000;
    object.metadata["deletionTimestamp"] = new Date(asked + grace * 1_000).toISOString().replace(".000Z", "Z");
    object.metadata["deletionGracePeriodSeconds"] = grace;
    object.metadata["resourceVersion"] = this.nextVersion();
    // A namespace is finalized when it is empty.
    const lingers = grace > 0 || object.metadata["finalizers"] !== undefined || object.resource === "namespaces";
    const { name = "", uid = "" } = object.metadata;
    const status = { metadata: {}, status: "Success", details: { name, kind: object.resource, uid } };
    this.log({
      verb: "delete",
      object,
      user,
      request: { kind: "DeleteOptions", apiVersion: "meta.k8s.io/__internal", ...options },
      response: lingers || object.resource === "pods" ? whole(object) : { kind: "Status", apiVersion: "v1", ...status },
      ...(lingers || object.resource === "pods" ? {} : { status }),
    });
  }

  /** The kubelet's last word on a pod. */
  finish(object: Stored, node: string): void {
    this.wait(1);
    const preconditions = { uid: object.metadata["uid"] ?? "" };
    this.remove(`system:node:${node}`, object, { gracePeriodSeconds: 0, preconditions });
  }

  private log({
    verb,
    object,
    user,
    subresource = "",
    code = 200,
    query = "",
    request,
    response,
    status,
    unnamed,
  }: Written): void {
    this.ms += 20;
    const [plural = "", ...groups] = object.resource.split(".");
    const group = groups.join(".");
    const namespace = String(object.metadata["namespace"] ?? "");
    const name = String(object.metadata["name"] ?? "");
    const version = object.apiVersion.split("/").at(-1) ?? "v1";
    // At RequestResponse level the API server fills the name in from its own answer only for the body.
    const isNamed = unnamed !== true;
    const path = [
      group === "" ? "/api" : `/apis/${group}`,
      version,
      ...(namespace === "" ? [] : ["namespaces", namespace]),
      plural,
      ...(isNamed ? [name] : []),
      ...(subresource === "" ? [] : [subresource]),
    ].join("/");
    const received = new Date(this.ms).toISOString();
    const level = this.level(user, verb);
    const event = {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level,
      auditID: this.id(),
      stage: "ResponseComplete",
      requestURI: `${path}${query}`,
      verb,
      user: { username: user, groups: ["system:authenticated"] },
      sourceIPs: ["10.0.0.7"],
      userAgent: agentOf(user),
      objectRef: {
        resource: plural,
        ...(namespace === "" ? {} : { namespace }),
        ...(isNamed ? { name } : {}),
        ...(group === "" ? {} : { apiGroup: group }),
        apiVersion: version,
        ...(verb === "update" ? { resourceVersion: baseOf(request) } : {}),
        ...(subresource === "" ? {} : { subresource }),
      },
      responseStatus: { metadata: {}, ...status, code },
      ...(level === "Metadata" || request === undefined ? {} : { requestObject: request }),
      ...(level !== "RequestResponse" || response === undefined ? {} : { responseObject: response }),
      requestReceivedTimestamp: `${received.slice(0, -1)}000Z`,
      stageTimestamp: `${received.slice(0, -1)}900Z`,
      annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
    };
    this.lines.push(JSON.stringify(event));
  }

  private nextVersion(): string {
    this.version += 1;
    return String(this.version);
  }

  private id(): string {
    this.made += 1;
    const hex = createHash("sha256")
      .update(`${this.seed} ${String(this.made)}`)
      .digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

/** Plural with group, kind, apiVersion. */
export type Kind = readonly [resource: string, kind: string, apiVersion: string];

export const POD: Kind = ["pods", "Pod", "v1"];
export const STATEFULSET: Kind = ["statefulsets.apps", "StatefulSet", "apps/v1"];
export const REVISION: Kind = ["controllerrevisions.apps", "ControllerRevision", "apps/v1"];
export const SERVICE: Kind = ["services", "Service", "v1"];
export const ENDPOINTS: Kind = ["endpoints", "Endpoints", "v1"];
export const CONFIGMAP: Kind = ["configmaps", "ConfigMap", "v1"];
export const NODE: Kind = ["nodes", "Node", "v1"];
export const DEPLOYMENT: Kind = ["deployments.apps", "Deployment", "apps/v1"];
export const REPLICASET: Kind = ["replicasets.apps", "ReplicaSet", "apps/v1"];
export const JOB: Kind = ["jobs.batch", "Job", "batch/v1"];
export const CRONJOB: Kind = ["cronjobs.batch", "CronJob", "batch/v1"];

export function container(image: string): Draft {
  return { name: "app", image, resources: {}, imagePullPolicy: "IfNotPresent" };
}

export function template(image: string): Draft {
  return { metadata: { labels: { app: "web" } }, spec: { containers: [container(image)] } };
}

function ownerReference({ apiVersion, kind, metadata }: Stored): Draft {
  const { name = "", uid = "" } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function whole({ kind, apiVersion, resource, metadata, spec, status, rest = {} }: Stored): JsonObject {
  const made = [{ manager: "test", operation: "Update", apiVersion, fieldsType: "FieldsV1", fieldsV1: {} }];
  const { managedFields = made, ...own } = metadata;
  const object = { kind, apiVersion, metadata: { ...own, managedFields }, ...rest, spec, status };
  const isCustom = /\.[^.]+\.[^.]+$/.test(resource) && !resource.endsWith(".k8s.io");
  return JSON.parse(JSON.stringify(isCustom ? inOrder(object) : object)) as JsonObject;
}

/** Custom resources are written with all keys in alphabetical order. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value as Record<string, unknown>).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}

function baseOf(request: JsonValue | undefined): string {
  const { metadata } = (request ?? {}) as { readonly metadata?: { readonly resourceVersion?: string } };
  return metadata?.resourceVersion ?? "";
}

function agentOf(user: string): string {
  if (user.startsWith("system:serviceaccount:kube-system:")) {
    return `kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/8e16b12/${user.slice(7)}`;
  }
  if (user === SCHEDULER) return "kube-scheduler/v1.36.2 (linux/amd64) kubernetes/8e16b12/scheduler";
  if (user.startsWith("system:node:")) return "kubelet/v1.36.2 (linux/amd64) kubernetes/8e16b12";
  return "kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12";
}
