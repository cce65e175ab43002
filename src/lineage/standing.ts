import { asObject, field, list, number, text, type JsonObject, type JsonValue } from "./json.ts";

/** Messages are for people: the first words tell. */
const MAX_MESSAGE = 120;
/** Names listed of many. */
const MAX_NAMES = 4;
/** A hostile body may list thousands. */
const MAX_READ = 1_024;

/** How an object is, in words, by what its body says of it: `NotReady: KubeletNotReady`, `Bound to pv-3`; "" where it says nothing. */
export function standingOf(resource: string, object: JsonObject): string {
  switch (resource) {
    case "nodes":
      return nodeStanding(list(object, "status", "conditions"));
    case "persistentvolumeclaims":
      return claimStanding(object);
    case "persistentvolumes":
      return text(object, "status", "phase");
    case "endpointslices.discovery.k8s.io":
      return field(object, "endpoints") === undefined ? "" : endpointStanding(list(object, "endpoints"));
    case "jobs.batch":
      return jobStanding(field(object, "status"));
    default:
      return resource === "horizontalpodautoscalers.autoscaling" ? autoscalerStanding(field(object, "status")) : "";
  }
}

/** Pressures and a missing network; Ready when nothing is wrong. */
function nodeStanding(conditions: readonly JsonValue[]): string {
  const wrong: string[] = [];
  let isTold = false;
  for (const condition of conditions.slice(0, MAX_READ)) {
    const type = text(condition, "type");
    const status = text(condition, "status");
    const reason = text(condition, "reason");
    if (type === "Ready") {
      isTold = true;
      if (status !== "True") wrong.unshift(`${status === "Unknown" ? "readiness unknown" : "NotReady"}: ${reason}`);
    } else if (status === "True" && /Pressure$|Unavailable$/.test(type)) wrong.push(type);
  }
  return !isTold && wrong.length === 0 ? "" : wrong.length === 0 ? "Ready" : wrong.slice(0, 8).join(", ");
}

function claimStanding(object: JsonObject): string {
  const phase = text(object, "status", "phase");
  const volume = text(object, "spec", "volumeName");
  return phase === "Bound" && volume !== "" ? `Bound to ${volume}` : phase;
}

function endpointStanding(endpoints: readonly JsonValue[]): string {
  const sorts = { ready: [] as string[], "not ready": [] as string[], terminating: [] as string[] };
  for (const endpoint of endpoints.slice(0, MAX_READ)) {
    const conditions = field(endpoint, "conditions");
    const sort =
      field(conditions, "terminating") === true
        ? "terminating"
        : field(conditions, "ready") === false
          ? "not ready"
          : "ready";
    sorts[sort].push(text(endpoint, "targetRef", "name") || "?");
  }
  const told = Object.entries(sorts).flatMap(([sort, names]) =>
    names.length === 0 ? [] : [`${String(names.length)} ${sort}: ${someOf(names.sort())}`],
  );
  return told.length === 0 ? "no endpoints" : told.join("; ");
}

function someOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}

function jobStanding(status: JsonValue | undefined): string {
  const counts = ["active", "succeeded", "failed"].flatMap((name) => {
    const count = number(status, name) ?? 0;
    return count === 0 ? [] : [`${String(count)} ${name}`];
  });
  for (const condition of list(status, "conditions").slice(0, MAX_READ)) {
    if (text(condition, "status") !== "True") continue;
    const type = text(condition, "type");
    if (type === "Complete") counts.push("complete");
    else if (type === "Failed") counts.push(`failed: ${text(condition, "reason")}`);
  }
  return counts.join(", ");
}

/** What it decided, and by which metric. */
function autoscalerStanding(status: JsonValue | undefined): string {
  for (const condition of list(status, "conditions").slice(0, MAX_READ)) {
    const isBlind = ["ScalingActive", "AbleToScale"].includes(text(condition, "type"));
    if (isBlind && text(condition, "status") === "False")
      return `cannot scale: ${text(condition, "reason")}: ${text(condition, "message").slice(0, MAX_MESSAGE)}`;
  }
  const wanted = number(status, "desiredReplicas");
  if (wanted === undefined) return "";
  const metrics = list(status, "currentMetrics").slice(0, 4).flatMap(metricWords).join(", ");
  return `wants ${String(wanted)} replicas${metrics === "" ? "" : ` (${metrics})`}`;
}

function metricWords(metric: JsonValue): string[] {
  const source = Object.values(asObject(metric) ?? {}).find((value) => asObject(field(value, "current")) !== null);
  const current = field(source, "current");
  const name = text(source, "name") || text(source, "metric", "name");
  const percent = number(current, "averageUtilization");
  const value =
    percent === undefined ? text(current, "averageValue") || text(current, "value") : `${String(percent)} %`;
  return name === "" || value === "" ? [] : [`${name} ${value}`];
}

/** What each container of a pod is in trouble with: waiting and why, how it ended, how often it was begun again. */
export function containersStanding(status: JsonValue | undefined): string {
  const containers = [...list(status, "initContainerStatuses"), ...list(status, "containerStatuses")];
  const told = containers.slice(0, 16).flatMap((container) => {
    const words = containerWords(container);
    return words === "" ? [] : [containers.length === 1 ? words : `${text(container, "name")} ${words}`];
  });
  return told.join("; ");
}

/** What every container goes through. */
const USUAL = new Set(["ContainerCreating", "PodInitializing"]);

/** Of a back-off only how long it is: the rest names the pod. */
const BACK_OFF = /^(back-off [\w.]{1,12}) restarting failed container.*$/s;

function containerWords(container: JsonValue): string {
  const waiting = field(container, "state", "waiting");
  const restarts = number(container, "restartCount") ?? 0;
  const before = endWords(field(container, "lastState", "terminated"));
  const again =
    restarts === 0 ? "" : `, restarted ×${String(restarts)}${before === "" ? "" : ` after it ended: ${before}`}`;
  const reason = text(waiting, "reason");
  if (reason !== "" && !USUAL.has(reason)) {
    const message = text(waiting, "message").replace(BACK_OFF, "$1").slice(0, MAX_MESSAGE);
    return `waiting: ${reason}${message === "" ? "" : `: ${message}`}${again}`;
  }
  const terminated = field(container, "state", "terminated");
  if (asObject(terminated) !== null) {
    const ended = endWords(terminated);
    return ended === "" && restarts === 0 ? "" : `ended: ${ended || "exit code 0"}${again}`;
  }
  return again === "" ? "" : again.slice(2);
}

/** `OOMKilled, exit code 137`; "" for a good end. */
function endWords(terminated: JsonValue | undefined): string {
  if (asObject(terminated) === null) return "";
  const code = number(terminated, "exitCode") ?? 0;
  const signal = number(terminated, "signal") ?? 0;
  const reason = text(terminated, "reason");
  if (code === 0 && signal === 0 && (reason === "" || reason === "Completed")) return "";
  const how = signal === 0 ? `exit code ${String(code)}` : `signal ${String(signal)}`;
  return reason === "" || reason === "Error" ? how : `${reason}, ${how}`;
}
