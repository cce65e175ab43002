import * as fc from "fast-check";
import type { OracleRequest } from "./oracle.ts";
import { dimensionValues } from "./oracle-groups.ts";

/** Filters of the language, their values taken from real requests so that they select something. */
export function filterTexts(requests: readonly OracleRequest[]): fc.Arbitrary<string> {
  const request = fc.constantFrom(...requests);
  const term = fc.oneof(
    request.chain((from) =>
      fc.constantFrom(...TEXT_FIELDS).chain((field) => valueTerm(field, FIELD_VALUES[field](from))),
    ),
    request.chain((from) => fc.constantFrom(...dimensionTerms(from))),
    fc.constantFrom(
      "code:4xx",
      "code:5xx,404",
      "code:>=500",
      "code:<300",
      'code:""',
      "latency:>5ms",
      "latency:<=1ms",
      "latency:>0.5s,<2ms",
      "long:true",
      "long:false",
      "actor:human",
      "actor:node,controller",
      "class:2xx",
      "stage:responsecomplete",
      "level:Metadata",
      "ip:10.0.0.0/8",
      "ip:172.16.0.0/12,127.0.0.1",
      'forwarded:""',
      "as:*",
      'as:""',
      "resource:deploy",
      "resource:po",
      "resource:widgets",
      "resource:pods/binding",
      "resource:pods/*",
      "resource:/api*",
      'resource:""',
      "resource:/^pods$/",
      "object:deploy/nginx",
      "object:demo/deploy/nginx",
      "object:nginx*",
      "object:pods/nginx-*",
      "annotation:authorization.k8s.io/decision",
      "annotation:k8s.io/deprecated=true",
      'annotation:authorization.k8s.io/reason=""',
      "annotation:authorization.k8s.io/*",
      "annotation:*.k8s.io/re*=*RBAC*",
      'annotation:nobody.has/*=""',
      "annotation:apiserver.latency.k8s.io/*>=500ms",
      "annotation:apiserver.latency.k8s.io/etcd!=1ms",
      "code>=400",
      "code!=200",
      "code==404,409",
      "code:200..201",
      "code:..399,500..",
      "latency>5ms",
      "latency:1ms..20ms",
      "latency:..0.5",
      "bytes:>2k",
      "bytes<=1.5KiB",
      "bytes:1000..2KB,>8Ki",
      "verb=get",
      "verb!=get,list",
      "verb:write",
      "verb:Read,deletecollection",
      "ns!=demo",
      'user!=""',
      "ip:::/0",
      "ip:0.0.0.0/0",
      "kubectl",
      "NGINX",
      "nginx*abc",
      "/kube-(sys|pub)/",
      '"Linux/amd64"',
    ),
  );
  const signed = fc.tuple(fc.boolean(), term).map(([negated, text]) => (negated ? `-${text}` : text));
  const group = fc
    .tuple(
      fc.constantFrom("", "-", "NOT "),
      fc.array(signed, { minLength: 2, maxLength: 3 }),
      fc.constantFrom(" ", " OR ", " AND "),
    )
    .map(([sign, terms, joint]) => `${sign}(${terms.join(joint)})`);
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: signed }, { weight: 1, arbitrary: group }), { minLength: 1, maxLength: 4 })
    .chain((terms) => fc.constantFrom(" ", " ", " OR ", " AND ").map((joint) => terms.join(joint)));
}

/** Terms that only the original events can decide. */
export const EVENT_TERMS: readonly string[] = [
  "body:spec.replicas>3",
  "body:spec.replicas=>3",
  "body:spec.replicas>=2",
  "body:spec.replicas!=3",
  "body:spec.replicas=1..3",
  "body:requestObject.spec.replicas<2",
  "body:spec.containers[*].image=nginx*",
  "body:metadata.name",
  'body:metadata.namespace=""',
  "body:responseObject.status.phase=Running,Pending",
  "message:*forbidden*",
  'message:""',
  String.raw`message:/^secrets\sis.forbidden/`,
  'cred:JTI=*,""',
  "cred:X509SHA256=79d2425d0ea61b8d519b17e869e1933624c63cc1a6cffded2a4110ce7a4d81a3",
  "extra:authentication.kubernetes.io/pod-name",
  "extra:authentication.kubernetes.io/credential-id!=JTI=*",
  "extra:*/node-*=worker-1,worker-2",
  'extra:nobody.has/*=""',
];

const FIELD_VALUES = {
  verb: (request: OracleRequest) => request.verb,
  user: (request: OracleRequest) => request.user,
  who: (request: OracleRequest) => dimensionValues("who", request)[0] ?? "",
  group: (request: OracleRequest) => request.groups[0] ?? "",
  ns: (request: OracleRequest) => request.namespace,
  name: (request: OracleRequest) => request.name,
  uid: (request: OracleRequest) => request.uid,
  sub: (request: OracleRequest) => request.subresource,
  ua: (request: OracleRequest) => request.useragent,
  uri: (request: OracleRequest) => request.uri,
  path: (request: OracleRequest) => dimensionValues("path", request)[0] ?? "",
  ip: (request: OracleRequest) => request.sourceIPs.at(-1) ?? "",
  reason: (request: OracleRequest) => request.reason,
  object: (request: OracleRequest) => dimensionValues("object", request)[0] ?? "",
} as const;
const TEXT_FIELDS = Object.keys(FIELD_VALUES) as (keyof typeof FIELD_VALUES)[];

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A value as literal, glob, regex or one of several. */
function valueTerm(field: string, value: string): fc.Arbitrary<string> {
  const start = value.slice(0, Math.ceil(value.length / 2));
  const plain = /^[\w.:-]+$/.test(start);
  const pattern = start.replaceAll(/[^\w]/g, ".");
  return fc.constantFrom(
    `${field}:${quoted(value)}`,
    `${field}:${quoted(value)},${quoted("no such")}`,
    ...(plain && start !== ""
      ? [`${field}:${start}*`, `${field}:*${start.slice(1)}*`, `${field}:${start.slice(0, -1)}?*`]
      : []),
    ...(pattern === "" || field === "ip" ? [] : [`${field}:/^${pattern}/`, `${field}:/${pattern}$/i`]),
  );
}

function dimensionTerms(request: OracleRequest): string[] {
  return [`since:${request.received}`, `until:${request.received}`, `resource:${request.resource || "/"}`];
}
