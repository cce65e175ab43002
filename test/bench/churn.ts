import { Readable } from "node:stream";

/** Pods created and deleted in a loop at RequestResponse level, as an audit log: one Deployment stays. */

export const CHURN_NAMESPACE = "churn";
/** Requests of one pod's life. */
export const REQUESTS_A_POD = 6;
const START_MS = Date.parse("2026-11-14T00:00:00Z");
const LINES_AT_ONCE = 600;
const CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller";
const OWNER_UID = "00000000-0000-4000-a000-000000000001";
const FOUNDER = "founder@example.com";

/** A Deployment by `founder@example.com`, then `pods` lives one after the other, spread over `days`. */
export function churnStream(pods: number, days: number): Readable {
  return Readable.from(blocks(pods, days), { objectMode: false, highWaterMark: 4 * 2 ** 20 });
}

export function podName(at: number): string {
  return `web-7c5ddbdf54-${at.toString(36).padStart(5, "0")}`;
}

function* blocks(pods: number, days: number): Generator<Buffer> {
  const stepMs = (days * 86_400_000) / (pods * REQUESTS_A_POD);
  let ms = START_MS;
  let block = [ownedDeployment(ms)];
  for (let at = 0; at < pods; at += 1) {
    for (const line of podLife(at)) {
      ms += stepMs;
      block.push(line(ms));
      if (block.length < LINES_AT_ONCE) continue;
      yield Buffer.from(block.join(""));
      block = [];
    }
  }
  yield Buffer.from(block.join(""));
}

function ownedDeployment(ms: number): string {
  const body = {
    kind: "Deployment",
    apiVersion: "apps/v1",
    metadata: { name: "web", namespace: CHURN_NAMESPACE, uid: OWNER_UID, creationTimestamp: second(ms) },
    spec: { replicas: 1 },
  };
  const path = `/apis/apps/v1/namespaces/${CHURN_NAMESPACE}/deployments`;
  const object = { resource: "deployments", namespace: CHURN_NAMESPACE, name: "web", apiGroup: "apps" };
  return event({ ms, id: "0", path, verb: "create", user: FOUNDER, object, code: 201, request: body, response: body });
}

function podLife(at: number): readonly ((ms: number) => string)[] {
  const name = podName(at);
  const node = `worker-${String(at % 50)}`;
  const uid = `${at.toString(16).padStart(8, "0")}-0000-4000-b000-000000000000`;
  const pods = `/api/v1/namespaces/${CHURN_NAMESPACE}/pods`;
  const object = { resource: "pods", namespace: CHURN_NAMESPACE, name };
  const body = (ms: number, parts: object, deleted: object = {}): object => ({
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      name,
      namespace: CHURN_NAMESPACE,
      uid,
      resourceVersion: String(Math.floor(ms - START_MS) + 1),
      creationTimestamp: second(ms),
      ...deleted,
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-7c5ddbdf54", uid: OWNER_UID, controller: true },
      ],
    },
    spec: { containers: [{ name: "app", image: "app:1" }], nodeName: node },
    ...parts,
  });
  const status = (phase: string, ready: boolean): object => ({
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  });
  const gone = (ms: number, seconds: number): object => ({
    deletionTimestamp: second(ms),
    deletionGracePeriodSeconds: seconds,
  });
  const kubelet = `system:node:${node}`;
  const id = (step: number): string => `${String(at)}-${String(step)}`;
  const options = (seconds: number): object => ({ kind: "DeleteOptions", gracePeriodSeconds: seconds });
  const patch = (ms: number, step: number, phase: string, ready: boolean): string => {
    const change = status(phase, ready);
    const request = { metadata: { uid }, ...change };
    const target = { ...object, subresource: "status" };
    const path = `${pods}/${name}/status`;
    const response = body(ms, change);
    return event({
      ms,
      id: id(step),
      path,
      verb: "patch",
      user: kubelet,
      object: target,
      code: 200,
      request,
      response,
    });
  };
  const remove = (ms: number, step: number, user: string, seconds: number): string => {
    const response = body(ms, status("Running", false), gone(ms, seconds));
    const path = `${pods}/${name}`;
    return event({
      ms,
      id: id(step),
      path,
      verb: "delete",
      user,
      object,
      code: 200,
      request: options(seconds),
      response,
    });
  };
  return [
    (ms) => {
      const response = body(ms, status("Pending", false));
      return event({
        ms,
        id: id(1),
        path: pods,
        verb: "create",
        user: CONTROLLER,
        object,
        code: 201,
        request: response,
        response,
      });
    },
    (ms) => {
      const target = { ...object, subresource: "binding" };
      const request = { kind: "Binding", metadata: { name, uid }, target: { kind: "Node", name: node } };
      const response = { kind: "Status", status: "Success", code: 201 };
      const path = `${pods}/${name}/binding`;
      const user = "system:kube-scheduler";
      return event({ ms, id: id(2), path, verb: "create", user, object: target, code: 201, request, response });
    },
    (ms) => patch(ms, 3, "Pending", false),
    (ms) => patch(ms, 4, "Running", true),
    (ms) => remove(ms, 5, `user-${String(at % 100)}@example.com`, 30),
    (ms) => remove(ms, 6, kubelet, 0),
  ];
}

interface Written {
  readonly ms: number;
  readonly id: string;
  readonly path: string;
  readonly verb: string;
  readonly user: string;
  readonly object: object;
  readonly code: number;
  readonly request: object;
  readonly response: object;
}

function event({ ms, id, path, verb, user, object, code, request, response }: Written): string {
  const time = new Date(ms).toISOString();
  return `${JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID: id,
    stage: "ResponseComplete",
    requestURI: path,
    verb,
    user: { username: user, groups: ["system:authenticated"] },
    sourceIPs: ["10.0.0.7"],
    userAgent: "bench/1.0",
    objectRef: { ...object, apiVersion: "v1" },
    responseStatus: { metadata: {}, code },
    requestObject: request,
    responseObject: response,
    requestReceivedTimestamp: time,
    stageTimestamp: time,
  })}\n`;
}

function second(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
