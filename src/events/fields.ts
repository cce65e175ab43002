import { ACTOR_CLASSES, LEVELS, STAGES } from "./vocabulary.ts";

/** Which values a field takes in the filter language. */
export type FieldKind =
  /** Exact, glob or regex. */
  | "text"
  /** As text, but unquoted words of `words` match in any case. */
  | "word"
  /** `pods`, `deploy`, `deployments.apps`, `pods/binding` */
  | "resource"
  /** `demo/deployments.apps/nginx`, `deploy/nginx`, `nodes/worker-1` */
  | "object"
  /** HTTP status: number, `4xx`, comparison */
  | "code"
  /** Comparison with a duration */
  | "duration"
  /** Comparison with a number of bytes: `64k`, `1.5MiB` */
  | "size"
  /** Address or CIDR block, v4 or v6 */
  | "address"
  /** RFC 3339, date, clock time, `15m`, `now-2h` */
  | "time"
  /** `true` or `false` */
  | "flag"
  /** `field:KEY=VALUE`, `field:KEY>=VALUE`; without an operator the key must be there. */
  | "keyed";

/** One row of the field table: feeds the filter parser, its suggestions, help and docs/fields.md. */
export interface Field {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: FieldKind;
  readonly title: string;
  readonly doc: string;
  readonly example: string;
  /** Values worth suggesting; the whole vocabulary for kind `word`. */
  readonly words?: readonly string[];
  /** Words that stand for several values. */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
}

const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "post",
  "put",
  "head",
  "options",
  "connect",
  "proxy",
];

export const FIELDS: readonly Field[] = [
  {
    id: "verb",
    aliases: [],
    kind: "word",
    title: "verb",
    doc: "What was asked; non-resource requests have the lower-case HTTP method. `verb:write` is create, update, patch, delete and deletecollection, `verb:read` get, list and watch.",
    example: "verb:delete,deletecollection",
    words: VERBS,
    classes: { write: ["create", "update", "patch", "delete", "deletecollection"], read: ["get", "list", "watch"] },
  },
  {
    id: "user",
    aliases: ["username"],
    kind: "text",
    title: "user",
    doc: "The effective user: the impersonated one where there is one. Empty after a failed authentication.",
    example: "user:system:serviceaccount:ci:*",
  },
  {
    id: "as",
    aliases: ["asfrom", "impersonation"],
    kind: "text",
    title: "impersonation",
    doc: 'Requests made by impersonation, by the name of either side: who asked for it, or who it ran as. `as:*` is any, `as:""` none.',
    example: "as:*",
  },
  {
    id: "who",
    aliases: [],
    kind: "text",
    title: "who",
    doc: "Identities collapsed: all nodes are `nodes`, a service account is `namespace/name`, no user its program.",
    example: "who:nodes",
  },
  {
    id: "group",
    aliases: ["groups"],
    kind: "text",
    title: "group",
    doc: 'Any group of the effective user; `group:""` is a user without groups.',
    example: "group:system:nodes",
  },
  {
    id: "cred",
    aliases: ["credential"],
    kind: "text",
    title: "credential",
    doc: "ID of the credential of who asked, `authentication.kubernetes.io/credential-id`: `X509SHA256=…` of a certificate, `JTI=…` of a token. Reads the original events.",
    example: "cred:JTI=*",
  },
  {
    id: "extra",
    aliases: [],
    kind: "keyed",
    title: "extra",
    doc: "What the authenticator added to the user, or impersonation to whom it runs as, by key, which may be a glob. Reads the original events.",
    example: "extra:authentication.kubernetes.io/pod-name=web-*",
  },
  {
    id: "actor",
    aliases: [],
    kind: "word",
    title: "actor class",
    doc: "What kind of client the user stands for.",
    example: "actor:human",
    words: ACTOR_CLASSES,
  },
  {
    id: "resource",
    aliases: ["res"],
    kind: "resource",
    title: "resource",
    doc: 'Plural with group, or any name kubectl knows. Without `/` it includes the subresources. A name that is a core resource means only that one (`pods`, `events`); any other bare name means that resource in every group. `resource:/healthz` is a non-resource request by its path, `resource:""` all of them.',
    example: "resource:pods/binding",
  },
  {
    id: "sub",
    aliases: ["subresource"],
    kind: "text",
    title: "subresource",
    doc: 'Subresource; `sub:""` is the main resource only.',
    example: "sub:status",
  },
  { id: "ns", aliases: ["namespace"], kind: "text", title: "namespace", doc: "Namespace.", example: "ns:kube-*" },
  { id: "name", aliases: [], kind: "text", title: "name", doc: "Name of the object.", example: "name:nginx*" },
  {
    id: "uid",
    aliases: [],
    kind: "text",
    title: "uid",
    doc: "UID of the object, where the request has it.",
    example: "uid:3f1c*",
  },
  {
    id: "object",
    aliases: ["obj"],
    kind: "object",
    title: "object",
    doc: "`namespace/resource/name`, or `resource/name` in any namespace; resources as kubectl knows them.",
    example: "object:demo/deploy/nginx",
  },
  {
    id: "code",
    aliases: ["status"],
    kind: "code",
    title: "status code",
    doc: 'HTTP status code: number, class, comparison or range (`200..299`); `code:""` has none.',
    example: "code:4xx,>=500",
  },
  {
    id: "class",
    aliases: [],
    kind: "word",
    title: "code class",
    doc: "First digit of the status code.",
    example: "class:5xx",
    words: ["1xx", "2xx", "3xx", "4xx", "5xx"],
  },
  {
    id: "latency",
    aliases: ["duration"],
    kind: "duration",
    title: "latency",
    doc: "stageTimestamp − requestReceivedTimestamp of a request that is answered; a bare number is ms, `10ms..20ms` a range. Watches count with their whole life: add `long:false` to leave them out.",
    example: "latency:>500ms",
  },
  {
    id: "long",
    aliases: ["longrunning"],
    kind: "flag",
    title: "long-running",
    doc: "watch, exec, attach, portforward, proxy, log -f: counted, but kept out of latency figures.",
    example: "long:false",
    words: ["true", "false"],
  },
  {
    id: "bytes",
    aliases: ["size"],
    kind: "size",
    title: "event size",
    doc: "Length of the event where it was read, in bytes, bodies included: the one of the latest stage. `k`, `M` and `G` are powers of 1,000, `Ki`, `Mi` and `Gi` of 1,024; a `B` behind them is welcome.",
    example: "bytes:>64k",
  },
  {
    id: "ua",
    aliases: ["useragent", "agent"],
    kind: "text",
    title: "user agent",
    doc: "User agent as the client sent it.",
    example: "ua:kubectl*",
  },
  {
    id: "ip",
    aliases: ["sourceip"],
    kind: "address",
    title: "source IP",
    doc: "The last of sourceIPs, the only one that cannot be forged; CIDR blocks too, each of its own family: `::/0` is all of IPv6, mapped IPv4 (`::ffff:10.0.0.1`) included.",
    example: "ip:10.2.0.0/16",
  },
  {
    id: "forwarded",
    aliases: ["xff"],
    kind: "address",
    title: "forwarded for",
    doc: "The other sourceIPs, as the client or a proxy claims them.",
    example: "forwarded:192.168.0.0/16",
  },
  {
    id: "stage",
    aliases: [],
    kind: "word",
    title: "stage",
    doc: "Latest stage seen.",
    example: "stage:Panic",
    words: STAGES,
  },
  {
    id: "level",
    aliases: [],
    kind: "word",
    title: "audit level",
    doc: "Audit level the request was logged at.",
    example: "level:RequestResponse",
    words: LEVELS,
  },
  {
    id: "decision",
    aliases: [],
    kind: "word",
    title: "decision",
    doc: "Decision of the authorizer.",
    example: "decision:forbid",
    words: ["allow", "forbid"],
  },
  {
    id: "reason",
    aliases: [],
    kind: "text",
    title: "status reason",
    doc: "responseStatus.reason.",
    example: "reason:AlreadyExists",
  },
  {
    id: "message",
    aliases: ["msg"],
    kind: "text",
    title: "status message",
    doc: "responseStatus.message. Reads the original events: slower than other fields, unless others select few.",
    example: "message:*quota*",
  },
  {
    id: "authreason",
    aliases: ["why"],
    kind: "text",
    title: "authorization reason",
    doc: "Why it was authorized.",
    example: "authreason:*ClusterRole*",
  },
  {
    id: "id",
    aliases: ["auditid"],
    kind: "text",
    title: "audit ID",
    doc: "auditID of the request.",
    example: "id:381acf6d-*",
  },
  {
    id: "apiserver",
    aliases: [],
    kind: "text",
    title: "API server",
    doc: "API server the event came from, where the input tells.",
    example: "apiserver:master-0",
  },
  {
    id: "input",
    aliases: ["file"],
    kind: "text",
    title: "input",
    doc: "File or stream the request was read from: its path or whole parts of it (a file's name, a directory); in quotes exactly this file, or what is below this directory.",
    example: "input:cp1/audit.log",
  },
  {
    id: "path",
    aliases: [],
    kind: "text",
    title: "path",
    doc: "Path of the request URI, without its query.",
    example: "path:/openapi*",
  },
  { id: "uri", aliases: [], kind: "text", title: "URI", doc: "The whole request URI.", example: "uri:*limit=500*" },
  {
    id: "annotation",
    aliases: ["ann"],
    kind: "keyed",
    title: "annotation",
    doc: 'Audit annotation by key, which may be a glob; without a value: has it. `=""` is absent or empty. Numbers and durations compare: `annotation:apiserver.latency.k8s.io/etcd>500ms`.',
    example: "annotation:k8s.io/deprecated=true",
  },
  {
    id: "body",
    aliases: [],
    kind: "keyed",
    title: "body",
    doc: 'A value in the bodies by dotted path: `requestObject.…`, `responseObject.…`, else either body. `[0]` picks an element, `[*]` or `*` any, `["a.b"]` a key with dots. Reads the original events: slower than other fields.',
    example: "body:spec.replicas>3",
  },
  {
    id: "since",
    aliases: ["from"],
    kind: "time",
    title: "since",
    doc: "Received at or after. Relative times count from now when following, else from the last event.",
    example: "since:15m",
  },
  {
    id: "until",
    aliases: ["to"],
    kind: "time",
    title: "until",
    doc: "Received before.",
    example: "until:2026-11-21T00:10:00Z",
  },
];

const byName = new Map<string, Field>();
for (const field of FIELDS) for (const name of [field.id, ...field.aliases]) byName.set(name, field);

/** Field by id or alias, in any case. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name.toLowerCase());
}

/** Every name a field answers to. */
export function fieldNames(): readonly string[] {
  return [...byName.keys()];
}
