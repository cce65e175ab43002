import * as fc from "fast-check";

/** Logs whose every text is chosen by somebody who wants to be obeyed by a terminal, a spreadsheet or a browser. */

/** What a terminal would obey, what misleads a reader, what breaks a format. None of the sequences is one ktrail writes itself. */
const PIECES: readonly string[] = [
  "\u001b]0;owned\u0007",
  "\u001b]52;c;cm0gLXJmIC8=\u0007",
  "\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\",
  "\u001b[6n",
  "\u001b[5;31;47m",
  "\u001bc",
  "\u001bP1$r0m\u001b\\",
  "\u009b31m",
  "\u009d0;owned\u009c",
  "\u0085\u0090\u007f\u0000\u0007\u0008\u000e",
  "\r\n\t\u000b\u000c",
  "\u202egpj.exe\u202c",
  "\u2066iso\u2069\u2067x\u2068",
  "\u200e\u200f\u061c",
  "\u200b\u200d\ufeff\u00ad\u2060",
  "\u2028\u2029",
  "\ud800",
  "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
  "日本語ポッド",
  "👩‍👩‍👧‍👦",
  "مرحبا",
  "__proto__",
  "constructor",
  "=cmd|'/c calc'!A1",
  "+1",
  "@SUM(1)",
  "-2",
  "<script>alert(1)</script>",
  "[x](javascript:alert(1)) `a` | b | **c** $d$",
  "&lt;b&gt;",
  '"quoted", and; \\ back',
  "'; rm -rf /; $(reboot) `id`",
  "%s%n",
  "x".repeat(3_000),
  "\u{e0041}\u{e007f}",
];

const text: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
      { weight: 2, arbitrary: fc.constantFrom("pods", "alice", "kube-system", "nginx-7cd5", "/") },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(""));

function oneOf(known: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom(...known), text);
}

const tree: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.dictionary(text, tie("node"), { maxKeys: 4 }),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.double(),
    fc.constant(null),
  ),
})).node;

/** An object of Kubernetes as bodies carry it, so that lineage reads it; Events of core/v1 among them. */
const body: fc.Arbitrary<unknown> = fc.oneof(
  tree,
  fc.record({
    kind: fc.constantFrom("Pod", "ReplicaSet", "Deployment"),
    metadata: fc.record({
      name: text,
      namespace: text,
      uid: text,
      ownerReferences: fc.array(fc.record({ kind: text, name: text, uid: text, controller: fc.boolean() }), {
        maxLength: 2,
      }),
      labels: fc.dictionary(text, text, { maxKeys: 3 }),
      deletionTimestamp: fc.constantFrom(undefined, "2026-11-21T00:00:00Z"),
    }),
    spec: tree,
    status: fc.record({ phase: text, message: text, conditions: fc.array(tree, { maxLength: 2 }) }),
  }),
  fc.record({
    kind: fc.constant("Event"),
    metadata: fc.record({ name: text, namespace: text }),
    involvedObject: fc.record({ kind: text, name: text, namespace: text, uid: text }),
    type: oneOf(["Warning", "Normal"]),
    reason: text,
    message: text,
    source: fc.record({ component: text, host: text }),
    count: fc.integer({ min: 1, max: 1e9 }),
  }),
);

const START = Date.UTC(2026, 10, 21);

const event = fc
  .record({
    level: oneOf(["Metadata", "Request", "RequestResponse", "RequestResponse"]),
    auditID: text,
    stage: fc.constantFrom("ResponseComplete", "ResponseComplete", "ResponseStarted", "RequestReceived", "Panic"),
    requestURI: fc.tuple(fc.constantFrom("/api/v1/", "/", "/x?dryRun=All&"), text).map((parts) => parts.join("")),
    verb: oneOf(["get", "list", "watch", "create", "create", "patch", "delete", "deletecollection"]),
    user: fc.record({
      username: oneOf(["alice@example.com", "system:node:worker-1", "system:serviceaccount:kube-system:x"]),
      uid: text,
      groups: fc.array(text, { maxLength: 3 }),
      extra: fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
    }),
    impersonatedUser: fc.constantFrom(undefined, undefined, { username: "\u001b[5;31;47mimpersonated" }),
    sourceIPs: fc.array(text, { maxLength: 3 }),
    userAgent: text,
    objectRef: fc.record({
      resource: oneOf(["pods", "secrets", "events", "deployments"]),
      namespace: oneOf(["demo"]),
      name: text,
      uid: text,
      apiGroup: oneOf(["", "apps"]),
      apiVersion: text,
      subresource: oneOf(["", "", "status", "scale"]),
    }),
    responseStatus: fc.record({
      metadata: fc.constant({}),
      code: fc.constantFrom(200, 201, 401, 403, 404, 409, 422, 500, 504, 0, 999),
      reason: text,
      message: text,
      details: tree,
    }),
    requestObject: fc.option(body, { nil: undefined }),
    responseObject: fc.option(body, { nil: undefined }),
    annotations: fc.record({
      "authorization.k8s.io/decision": oneOf(["allow", "forbid"]),
      "authorization.k8s.io/reason": fc.oneof(
        text,
        text.map((name) => `RBAC: allowed by RoleBinding ${JSON.stringify(`${name}/x`)} of Role "r" to User "u"`),
      ),
      "apiserver.latency.k8s.io/etcd": oneOf(["1.2s", "700ms"]),
      "mutation.webhook.admission.k8s.io/round_0_index_0": text,
      "k8s.io/deprecated": text,
    }),
    extra: fc.dictionary(text, text, { maxKeys: 2 }),
    tookMs: fc.integer({ min: 0, max: 90_000 }),
  })
  .map(({ extra, tookMs, ...facts }) => ({ ...facts, annotations: { ...facts.annotations, ...extra }, tookMs }));

function line(facts: { readonly tookMs: number }, at: number): string {
  const { tookMs, ...rest } = facts;
  const time = (ms: number): string => new Date(START + ms).toISOString().replace("Z", "000Z");
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    ...rest,
    requestReceivedTimestamp: time(at * 137),
    stageTimestamp: time(at * 137 + tookMs),
  });
}

/** Lines that are no audit events, and bytes that are no text: they end up in notes and samples. */
const RUBBISH: readonly Buffer[] = [
  Buffer.from("\u001b]0;owned\u0007 no json \u009b31m \u202e\r"),
  Buffer.from('{"kind":"Event","auditID":"\u001bc raw control \u0007","stage":'),
  Buffer.concat([
    Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"'),
    Buffer.of(0x9b, 0xff, 0xc2),
    Buffer.from('"}'),
  ]),
  Buffer.from('{"kind":"\\u001b]0;owned\\u0007","apiVersion":"\\u202e"}'),
];

/** The same bytes for the same seed. */
export function hostileLog(seed: number, events: number): Buffer {
  const facts = fc.sample(event, { seed, numRuns: events });
  const parts: Buffer[] = facts.flatMap((one, at) => {
    const bytes = Buffer.from(`${line(one, at)}\n`);
    const junk = at % 11 === 3 ? [RUBBISH[at % RUBBISH.length] as Buffer, Buffer.from("\n")] : [];
    return [...junk, at % 5 === 2 ? withRawBytes(bytes) : bytes];
  });
  return Buffer.concat(parts);
}

/** C1 controls as single bytes and half characters, inside a string of otherwise valid JSON. */
function withRawBytes(bytes: Buffer): Buffer {
  const at = bytes.indexOf('"userAgent":"');
  if (at < 0) return bytes;
  const from = at + '"userAgent":"'.length;
  return Buffer.concat([bytes.subarray(0, from), Buffer.of(0x9b, 0x33, 0x6d, 0xe2, 0x80, 0xff), bytes.subarray(from)]);
}

/** Names for objects, users and files on the command line. */
export function hostileTexts(seed: number, count: number): string[] {
  return fc.sample(text, { seed, numRuns: count });
}

/**
 * What must not stand in anything a person reads: C0 (but the line feed a writer ends lines with), DEL, C1, bidi controls, and
 * line separators.
 */
export const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
