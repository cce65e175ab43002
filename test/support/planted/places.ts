import type { Carried } from "./carriers.ts";
import type { Random } from "./random.ts";

/** Where in an audit event a secret can stand. Each makes the parts of an event that hold it. */

type Parts = Readonly<Record<string, unknown>> & { readonly objectRef?: object };

export interface TextPlace {
  readonly id: string;
  /** One line, without what a header or label can't hold. */
  readonly isLine?: true;
  event(carried: Carried, random: Random): Parts;
}

export interface KeyedPlace {
  readonly id: string;
  /** No place for spaces and signs. */
  readonly isPlain?: true;
  event(key: string, secret: string, random: Random): Parts;
}

const about = (resource: string, more: Parts = {}): Parts => ({
  verb: "create",
  objectRef: {
    resource,
    namespace: "demo",
    apiVersion: "v1",
    ...(more["objectRef"] as object | undefined),
  },
});
const body = (resource: string, requestObject: unknown, more: Parts = {}): Parts => ({
  ...about(resource),
  requestObject,
  ...more,
});
const config = (data: Parts, metadata: Parts = {}): Parts => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "planted", namespace: "demo", ...metadata },
  data,
});
const pod = (container: Parts): Parts => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "planted", namespace: "demo" },
  spec: { containers: [{ name: "app", image: "nginx:1.27", ...container }] },
});
const custom = (spec: Parts): Parts => ({
  kind: "Thing",
  apiVersion: "example.com/v1",
  metadata: { name: "planted" },
  spec,
});
const table = (columns: readonly string[], cells: readonly unknown[]): Parts => ({
  kind: "Table",
  apiVersion: "meta.k8s.io/v1",
  columnDefinitions: columns.map((name) => ({ name, type: "string" })),
  rows: [{ cells, object: { kind: "PartialObjectMetadata", metadata: { name: "planted" } } }],
});
const proxied = (query: string): Parts => ({
  verb: "get",
  requestURI: `/api/v1/namespaces/demo/services/http:web:80/proxy/api?${query}`,
  objectRef: { resource: "services", subresource: "proxy", namespace: "demo", name: "http:web:80", apiVersion: "v1" },
});

export const TEXT_PLACES: readonly TextPlace[] = [
  { id: "file in a ConfigMap", event: ({ text }) => body("configmaps", config({ "app.conf": text })) },
  {
    id: "answered ConfigMap",
    event: ({ text }) => ({ ...about("configmaps"), responseObject: config({ "app.conf": text }) }),
  },
  { id: "merge patch", event: ({ text }) => ({ ...body("configmaps", { data: { file: text } }), verb: "patch" }) },
  {
    id: "JSON patch",
    event: ({ text }) => ({ ...body("configmaps", [{ op: "add", path: "/data/file", value: text }]), verb: "patch" }),
  },
  { id: "variable", event: ({ text }) => body("pods", pod({ env: [{ name: "SETTINGS", value: text }] })) },
  { id: "argument", event: ({ text }) => body("pods", pod({ args: ["run", text] })) },
  { id: "shell command", event: ({ text }) => body("pods", pod({ command: ["sh", "-c", text] })) },
  {
    id: "annotation of an object",
    event: ({ text }) => body("configmaps", config({}, { annotations: { "example.com/note": text } })),
  },
  {
    id: "last applied configuration",
    event: ({ text }) =>
      body(
        "configmaps",
        config(
          {},
          { annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(config({ f: text })) } },
        ),
      ),
  },
  { id: "custom resource", event: ({ text }) => body("things", custom({ config: text, replicas: 2 })) },
  {
    id: "list in a custom resource",
    event: ({ text }) => body("things", custom({ items: [{ content: text }, { content: "x" }] })),
  },
  {
    id: "cell of a table",
    event: ({ text }) => ({ ...about("things"), responseObject: table(["Name", "Info"], ["planted", text]) }),
  },
  {
    id: "message of a Kubernetes Event",
    event: ({ text }) =>
      body("events", {
        kind: "Event",
        apiVersion: "v1",
        metadata: { name: "planted.1", namespace: "demo" },
        involvedObject: { kind: "Pod", namespace: "demo", name: "planted" },
        reason: "Failed",
        type: "Warning",
        message: text,
        count: 1,
        firstTimestamp: "2026-11-21T00:00:00Z",
        lastTimestamp: "2026-11-21T00:00:00Z",
      }),
  },
  {
    id: "status message",
    event: ({ text }) => ({
      ...about("pods"),
      responseStatus: { code: 422, status: "Failure", reason: "Invalid", message: text },
    }),
  },
  { id: "audit annotation", event: ({ text }) => ({ ...about("pods"), annotations: { "example.com/why": text } }) },
  {
    id: "patch of a webhook",
    event: ({ text }) => ({
      ...about("pods"),
      annotations: {
        "patch.webhook.admission.k8s.io/round_0_index_0": JSON.stringify({
          configuration: "c",
          webhook: "w",
          patch: [{ op: "add", path: "/metadata/annotations/x", value: text }],
          patchType: "JSONPatch",
        }),
      },
    }),
  },
  { id: "user agent", isLine: true, event: ({ text }) => ({ ...about("pods"), userAgent: `tool/1.0 ${text}` }) },
  {
    id: "extra of the user",
    isLine: true,
    event: ({ text }) => ({
      ...about("pods"),
      user: { username: "alice", groups: [], extra: { "example.com/note": [text] } },
    }),
  },
  { id: "parameter of a URI", isLine: true, event: ({ text }) => proxied(`page=1&note=${encodeURIComponent(text)}`) },
];

export const KEYED_PLACES: readonly KeyedPlace[] = [
  { id: "key of a ConfigMap", event: (key, secret) => body("configmaps", config({ mode: "fast", [key]: secret })) },
  { id: "variable", event: (key, secret) => body("pods", pod({ env: [{ name: key, value: secret }] })) },
  {
    id: "answered variable",
    event: (key, secret) => ({ ...about("pods"), responseObject: pod({ env: [{ name: key, value: secret }] }) }),
  },
  { id: "field of a custom resource", event: (key, secret) => body("things", custom({ db: { [key]: secret } })) },
  {
    id: "object under a key",
    event: (key, secret) => body("things", custom({ [key]: { current: secret, user: "app" } })),
  },
  { id: "list under a key", event: (key, secret) => body("things", custom({ [key]: ["first", secret] })) },
  {
    id: "list of objects under a key",
    event: (key, secret) => body("things", custom({ [key]: [{ v: secret, x: 1 }] })),
  },
  {
    id: "parameter by name",
    event: (key, secret) => body("things", custom({ params: [{ name: key, value: secret }] })),
  },
  {
    id: "JSON patch of a path",
    event: (key, secret) => ({
      ...body("things", [{ op: "replace", path: `/spec/db/${key.replaceAll("/", "~1")}`, value: secret }]),
      verb: "patch",
    }),
  },
  { id: "merge patch", event: (key, secret) => ({ ...body("things", { spec: { [key]: secret } }), verb: "patch" }) },
  {
    id: "annotation of an object",
    event: (key, secret) => body("pods", { ...pod({}), metadata: { annotations: { [`example.com/${key}`]: secret } } }),
  },
  { id: "label", event: (key, secret) => body("pods", { ...pod({}), metadata: { labels: { [key]: secret } } }) },
  {
    id: "column of a table",
    event: (key, secret) => ({ ...about("things"), responseObject: table(["Name", key], ["planted", secret]) }),
  },
  {
    id: "last applied configuration",
    event: (key, secret) =>
      body("pods", {
        ...pod({}),
        metadata: {
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(
              pod({ env: [{ name: key, value: secret }] }),
            ),
          },
        },
      }),
  },
  {
    id: "audit annotation",
    event: (key, secret) => ({ ...about("pods"), annotations: { [`example.com/${key}`]: secret } }),
  },
  {
    id: "extra of the user",
    event: (key, secret) => ({
      ...about("pods"),
      user: { username: "alice", groups: [], extra: { [`example.com/${key}`]: [secret] } },
    }),
  },
  {
    id: "parameter of a URI",
    event: (key, secret) => proxied(`page=1&${encodeURIComponent(key)}=${encodeURIComponent(secret)}`),
  },
  {
    id: "label selector of a URI",
    isPlain: true,
    event: (key, secret) => ({
      verb: "list",
      requestURI: `/api/v1/pods?labelSelector=app%3Dx%2C${encodeURIComponent(`${key}=${secret}`)}`,
      objectRef: { resource: "pods", apiVersion: "v1" },
    }),
  },
  {
    id: "user agent",
    isPlain: true,
    event: (key, secret) => ({ ...about("pods"), userAgent: `tool/1.0 (${key.replaceAll(" ", "")}=${secret})` }),
  },
];

/** A command by its words. */
export const WORD_PLACES: readonly { readonly id: string; event(words: readonly string[]): Parts }[] = [
  { id: "args", event: (words) => body("pods", pod({ args: words })) },
  { id: "command and args", event: ([first = "", ...rest]) => body("pods", pod({ command: [first, ...rest] })) },
  {
    id: "JSON patch of args",
    event: (words) => ({
      ...body("pods", [{ op: "add", path: "/spec/containers/0/args", value: words }]),
      verb: "patch",
    }),
  },
  {
    id: "exec URI",
    event: (words) => ({
      verb: "get",
      requestURI: `/api/v1/namespaces/demo/pods/web-0/exec?${words.map((word) => `command=${encodeURIComponent(word)}`).join("&")}&container=app&stdout=true`,
      objectRef: { resource: "pods", subresource: "exec", namespace: "demo", name: "web-0", apiVersion: "v1" },
    }),
  },
];

/** Values of Secrets, whatever their keys. */
export const SECRET_PLACES: readonly { readonly id: string; event(value: string): Parts }[] = [
  { id: "data", event: (value) => body("secrets", { kind: "Secret", apiVersion: "v1", data: { x: value } }) },
  {
    id: "stringData",
    event: (value) => body("secrets", { kind: "Secret", apiVersion: "v1", stringData: { "y.txt": value } }),
  },
  {
    id: "answer",
    event: (value) => ({ ...about("secrets"), verb: "get", responseObject: { kind: "Secret", data: { x: value } } }),
  },
  {
    id: "list",
    event: (value) => ({
      ...about("secrets"),
      verb: "list",
      responseObject: { kind: "SecretList", items: [{ data: { x: value } }] },
    }),
  },
  { id: "merge patch", event: (value) => ({ ...body("secrets", { data: { x: value } }), verb: "patch" }) },
  {
    id: "JSON patch",
    event: (value) => ({ ...body("secrets", [{ op: "replace", path: "/data/x", value }]), verb: "patch" }),
  },
  {
    id: "JSON patch of all data",
    event: (value) => ({
      ...body("secrets", [{ op: "add", path: "/stringData", value: { x: value } }]),
      verb: "patch",
    }),
  },
  {
    id: "last applied configuration",
    event: (value) =>
      body("secrets", {
        kind: "Secret",
        metadata: {
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
              kind: "Secret",
              stringData: { x: value },
            }),
          },
        },
      }),
  },
  {
    id: "objects of a table",
    event: (value) => ({
      ...about("secrets"),
      verb: "list",
      responseObject: {
        kind: "Table",
        columnDefinitions: [{ name: "Name" }],
        rows: [{ cells: ["x"], object: { kind: "Secret", data: { x: value } } }],
      },
    }),
  },
  {
    id: "patch of a webhook",
    event: (value) => ({
      ...about("secrets"),
      annotations: {
        "patch.webhook.admission.k8s.io/round_0_index_0": JSON.stringify({
          patch: [{ op: "add", path: "/data/x", value }],
        }),
      },
    }),
  },
  {
    id: "refused value",
    event: (value) => ({
      ...about("secrets"),
      responseStatus: {
        code: 422,
        message: `Secret "x" is invalid: data[x]: Invalid value: "${value}": must be base64`,
      },
    }),
  },
  {
    id: "issued token",
    event: (value) => ({
      ...about("serviceaccounts", { objectRef: { subresource: "token" } }),
      responseObject: {
        kind: "TokenRequest",
        spec: { audiences: ["api"] },
        status: { token: value, expirationTimestamp: "2026-11-21T01:00:00Z" },
      },
    }),
  },
  { id: "reviewed token", event: (value) => body("tokenreviews", { kind: "TokenReview", spec: { token: value } }) },
];
