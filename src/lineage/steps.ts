import { KUBELET } from "./actors.ts";
import { objectName } from "../events/object-name.ts";
import { resourceOfKind } from "../events/resource-names.ts";
import type { TrailStep } from "./contract.ts";
import { tellChange, type BodyBefore } from "./kept-bodies.ts";
import type { Life } from "./lives.ts";
import { statusWords } from "./status-words.ts";
import { succeeded, templateChanged, type Facts, type OwnerReference, type Touch } from "./touch.ts";

/** One step before it is written out: times and the words depend on what came before it. */
export interface Step {
  readonly touch: Touch;
  readonly life: Life;
  readonly what: string;
  readonly sort: NonNullable<TrailStep["sort"]>;
}

/** What is known of an object while its steps are told in order. */
export interface Known {
  replicas: number | null;
  images: string | null;
  template: string | null;
  node: string | null;
  status: string;
  unschedulable: boolean | null;
  taints: string | null;
  finalizers: string | null;
  version: number | null;
}

export function nothingKnown(): Known {
  return {
    replicas: null,
    images: null,
    template: null,
    node: null,
    status: "",
    unschedulable: null,
    taints: null,
    finalizers: null,
    version: null,
  };
}

/** The steps of one life in time order, in words. */
export function stepsOf(life: Life): Step[] {
  const known = nothingKnown();
  const touches = life.stitched && life.create !== null ? [life.create, ...life.touches] : life.touches;
  let before: BodyBefore | null = null;
  return touches.map((touch) => {
    before = tellChange(touch, before, life.record.resource);
    if (touch.event !== null) return { touch, life, what: eventWords(touch), sort: "event" };
    if (touch.code === null || touch.code >= 400) return { touch, life, what: failureWords(touch), sort: "failure" };
    if (touch.dryRun) return { touch, life, what: `dry run, nothing changed: ${touch.verb}`, sort: "dry-run" };
    const what = requestWords(touch, life, known);
    learn(known, touch.facts);
    return { touch, life, what, sort: "request" };
  });
}

function eventWords(touch: Touch): string {
  const { event } = touch;
  if (event === null || event.reason === "") return "Kubernetes Event (its text needs Request level)";
  const again = event.count > 1 ? ` (×${String(event.count)})` : "";
  return `Event ${event.reason}${again}: ${event.message}`;
}

const REFUSED: Readonly<Record<number, string>> = {
  400: "bad request",
  401: "not authenticated",
  403: "denied",
  404: "not found",
  409: "conflict",
  410: "gone",
  422: "invalid",
  429: "too many requests",
  500: "server error",
  503: "unavailable",
  504: "timed out",
};

function failureWords(touch: Touch): string {
  const doing = touch.subresource === "" ? touch.verb : `${touch.verb} ${touch.subresource}`;
  if (touch.code === null) return `${doing}: no answer in the log`;
  const why = touch.failure === "" ? "" : `: ${touch.failure}`;
  if (touch.code === 403 && touch.failure.includes("exceeded quota")) return `rejected by quota 403 ${doing}${why}`;
  if (touch.code === 429 && touch.subresource === "eviction") return `eviction blocked 429${why}`;
  return `${REFUSED[touch.code] ?? "failed"} ${String(touch.code)} ${doing}${why}`;
}

function requestWords(touch: Touch, life: Life, known: Known): string {
  const { facts, subresource, verb } = touch;
  switch (subresource) {
    case "binding":
      return facts?.node === undefined ? "bound to a node" : `bound to ${facts.node}`;
    case "eviction":
      return "evicted";
    case "scale":
      return scaleWords(facts, known) ?? "scaled";
    case "status":
      return statusWords(touch, known) ?? "status updated";
    case "token":
      return "token issued";
    case "finalize":
      return "finalized";
    case "approval":
      return "approval set";
    case "ephemeralcontainers":
      return "ephemeral container added";
    case "exec":
      return "exec into a container";
    case "attach":
      return "attached to a container";
    case "portforward":
      return "port forwarded";
    case "log":
      return "logs read";
    case "resize":
      return "resized";
    case "":
      break;
    default:
      return `${verb} ${subresource}`;
  }
  if (verb === "create") return createWords(facts, life);
  if (verb === "delete") return deleteWords(touch);
  if (verb === "deletecollection") return "deleted with its collection";
  return changeWords(touch, known);
}

function createWords(facts: Facts | null, life: Life): string {
  const parts: string[] = [];
  if (facts?.replicas !== undefined) parts.push(`${String(facts.replicas)} ${plural("replica", facts.replicas)}`);
  const images = imageList(facts?.images);
  if (images !== "") parts.push(life.record.resource === "pods" ? `image ${images}` : images);
  const stitched = life.stitched ? " (name not in the log, matched by time)" : "";
  return parts.length === 0 ? `created${stitched}` : `created with ${parts.join(", ")}${stitched}`;
}

function deleteWords(touch: Touch): string {
  const propagation = touch.facts?.delete?.propagation ?? "";
  const grace = touch.facts?.delete?.graceSeconds ?? null;
  if (touch.actor.controller === KUBELET && grace === 0) return "removed for good by its kubelet";
  const how = [
    propagation === "" || propagation === "Background" ? "" : propagation.toLowerCase(),
    grace === null ? "" : `grace ${String(grace)} s`,
  ].filter((part) => part !== "");
  return how.length === 0 ? "deleted" : `deleted (${how.join(", ")})`;
}

export function scaleWords(facts: Facts | null, known: Known): string | null {
  const to = facts?.replicas;
  if (to === undefined || to === known.replicas) return null;
  return known.replicas === null ? `scaled to ${String(to)}` : `scaled ${String(known.replicas)} → ${String(to)}`;
}

/** What an update or patch changed of the things lineage follows. */
export function changeWords(touch: Touch, known: Known): string {
  const { facts } = touch;
  if (facts === null) {
    const by = touch.fieldManager === "" ? "" : ` (${touch.fieldManager})`;
    return touch.verb === "patch" ? `patched${by}` : `updated${by}`;
  }
  const parts: string[] = [];
  const scaled = scaleWords(facts, known);
  if (scaled !== null) parts.push(scaled);
  const images = imageChange(facts.images, known.images);
  if (images !== "") parts.push(images);
  else if (templateChanged(facts, known.template) && facts.change === undefined) parts.push("pod template changed");
  if (facts.change !== undefined) parts.push(facts.change);
  if (facts.unschedulable !== undefined && facts.unschedulable !== (known.unschedulable ?? false)) {
    parts.push(facts.unschedulable ? "cordoned" : "uncordoned");
  } else if (facts.taints !== undefined && facts.unschedulable === undefined && known.unschedulable === true) {
    parts.push("uncordoned");
  }
  const taints = facts.taints?.join(", ");
  if (taints !== undefined && taints !== (known.taints ?? ""))
    parts.push(taints === "" ? "taints removed" : `tainted ${taints}`);
  const finalizers = finalizerWords(facts, known);
  if (finalizers !== "") parts.push(finalizers);
  const { standing } = facts;
  if (standing !== undefined && standing !== known.status) {
    parts.push(standing);
    known.status = standing;
  }
  if (parts.length > 0) return parts.join(", ");
  if (facts.resourceVersion !== undefined && facts.resourceVersion === known.version)
    return `${touch.verb}: nothing changed`;
  return touch.verb === "patch" ? "patched" : "updated";
}

/** Of an object that is going. One without finalizers and grace goes with the very write that took off the last. */
function finalizerWords(facts: Facts, known: Known): string {
  if (facts.deleting !== true) return "";
  const left = facts.finalizers?.join(", ") ?? "";
  if (left === "" && facts.full === true && facts.deletionGrace === 0) return "last finalizer removed";
  if (known.finalizers === null || (facts.finalizers?.join(",") ?? "") === known.finalizers) return "";
  return left === "" ? "last finalizer removed" : `finalizers left: ${left}`;
}

/** "image nginx:1.25 → nginx:1.26" for every container whose image changed. */
export function imageChange(now: string | undefined, before: string | null): string {
  if (now === undefined || now === before) return "";
  const old = new Map((before ?? "").split(",").map((entry) => splitImage(entry)));
  const changes = now.split(",").flatMap((entry) => {
    const [container, image] = splitImage(entry);
    const was = old.get(container);
    if (was === image) return [];
    return [was === undefined || was === "" ? `image ${image}` : `image ${was} → ${image}`];
  });
  return changes.join(", ");
}

function splitImage(entry: string): [container: string, image: string] {
  const equals = entry.indexOf("=");
  return [entry.slice(0, equals), entry.slice(equals + 1)];
}

function imageList(images: string | undefined): string {
  return (images ?? "")
    .split(",")
    .map((entry) => splitImage(entry)[1])
    .filter((image) => image !== "")
    .join(", ");
}

export function learn(known: Known, facts: Facts | null): void {
  if (facts === null) return;
  if (facts.replicas !== undefined) known.replicas = facts.replicas;
  if (facts.images !== undefined) known.images = facts.images;
  if (facts.template !== undefined) known.template = facts.template;
  if (facts.node !== undefined) known.node = facts.node;
  if (facts.taints !== undefined) {
    known.taints = facts.taints.join(", ");
    known.unschedulable = facts.unschedulable ?? false;
  }
  if (facts.full === true) known.finalizers = facts.finalizers?.join(",") ?? "";
  if (facts.resourceVersion !== undefined) known.version = facts.resourceVersion;
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** `deploy/nginx -n demo` */
export function objectWords(life: Life): string {
  return objectName(life.record);
}

/** The same of an owner that is only named. */
export function ownerWords({ kind, apiVersion, name }: Pick<OwnerReference, "kind" | "apiVersion" | "name">): string {
  return objectName({ resource: resourceOfKind(kind, apiVersion), namespace: "", name });
}

export function isChange(touch: Touch): boolean {
  return touch.event === null && succeeded(touch);
}
