import type { PolicyRule } from "../../src/rbac/objects.ts";
import type { AnswerFor, Ask, GivenRoles, ObjectState, RequestDetail } from "../../src/engine/contract.ts";
import type { ObjectsResult } from "../../src/store/store.ts";
import type { PolicyReport } from "../../src/engine/policy-report.ts";
import { SEVERITIES } from "../../src/findings/contract.ts";
import { quote } from "../../src/queries/print-filter.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import type { DiedWith, ObjectAt, TrailResult, WhyResult } from "../../src/lineage/contract.ts";
import { readPolicies } from "../../src/policy/read-policy.ts";
import type { Answers } from "../../src/panes/contract.ts";
import type { Access } from "../../src/rbac/access.ts";
import type { GroupRow } from "../../src/queries/contract.ts";
import { facts, groupRow, START_MS } from "./context.ts";

/** An answer to any ask with strangers' strings in every field that comes from a log. */

export const HOSTILE: readonly string[] = [
  "\u001b]0;owned\u0007\u001b[2J\u001b[31m",
  "line\nbreak\ttab\r",
  "\u202egnp.exe\u2066",
  "日本語のとても長い名前".repeat(20),
  "👩‍👩‍👧‍👦".repeat(30),
  `z${"\u0301".repeat(300)}`,
  "\ud800\udfffx\udc00",
  "\u009b2J\u007f\u0085",
  "x".repeat(20_000),
  "__proto__",
  "",
  "a'b\"c$(reboot)`id`\\",
  "مرحبا بالعالم",
  "\u200b\u200d\ufeff\u00ad",
];

const ISO = "2026-11-21T00:09:30.459Z";

function hostile(at: number): string {
  return HOSTILE[at % HOSTILE.length] ?? "";
}

export function hostileFacts(at: number): RequestFacts {
  return facts({
    seq: at,
    receivedUs: at % 7 === 0 ? Number.NaN : (START_MS + at * 137) * 1_000,
    verb: hostile(at),
    user: hostile(at + 1),
    asFrom: hostile(at + 10),
    groups: [hostile(at), hostile(at + 2)],
    resource: hostile(at + 3),
    subresource: hostile(at + 4),
    namespace: hostile(at + 5),
    name: hostile(at + 6),
    uid: hostile(at),
    code: at % 3 === 0 ? null : 200 + at * 31,
    reason: hostile(at + 7),
    ip: hostile(at + 8),
    sourceIPs: [hostile(at), hostile(at + 8)],
    useragent: hostile(at + 9),
    decision: at % 2 === 0 ? "allow" : "forbid",
    authReason:
      at % 2 === 0
        ? `RBAC: allowed by RoleBinding "${hostile(at)}/x" of Role "r" to User "${hostile(at + 1)}"`
        : hostile(at),
    uri: `/${hostile(at)}?${hostile(at + 1)}`,
    annotations: {
      [hostile(at)]: hostile(at + 1),
      "apiserver.latency.k8s.io/etcd": "1.2s",
      "patch.webhook.admission.k8s.io/x": hostile(at),
    },
    apiserver: hostile(at + 2),
    inFlight: at % 5 === 0,
    cutOff: at % 7 === 0,
    latencyMs: at % 5 === 0 ? null : at * 333.3,
    source: { path: hostile(at), offset: 1e12, bytes: 7e6 },
  });
}

function group(by: readonly string[], at: number): GroupRow {
  const key = Object.fromEntries(
    by.map((dimension, index) => [dimension, dimension === "code" ? String(400 + at) : hostile(at + index)]),
  );
  return groupRow(key, 10_000_000 >> at, {
    errors: { "4xx": at * 1_000_003, "5xx": at },
    latencyMs: at % 4 === 0 ? null : { p50: 0.001, p90: 1, p99: 123_456_789, max: 1e12, sum: 1e15 },
    firstSeen: at % 5 === 0 ? "" : ISO,
  });
}

function trail(): TrailResult {
  const nodes = HOSTILE.map((text, at): TrailResult["nodes"][number] => ({
    id: `n${at}`,
    kind: hostile(at),
    group: hostile(at + 1),
    namespace: hostile(at + 2),
    name: text,
    uid: at % 2 === 0 ? text : "",
    incarnation: at,
    owner: at === 0 ? null : { id: `n${at - 1}`, evidence: "name", confidence: "guess" },
    created: ISO,
    deleted: at % 3 === 0 ? null : ISO,
    createdBy: text,
    deletedBy: text,
    node: text,
    ownerUnseen: { kind: text, apiVersion: text, name: text, uid: text },
  }));
  return {
    object: hostile(0),
    nodes,
    died: died(),
    source: { name: hostile(3), revision: 1e9, by: hostile(4), confidence: "likely" },
    outside: HOSTILE.slice(0, 8).map((text, at) => ({
      id: `o${at}`,
      kind: text,
      resource: text,
      namespace: text,
      name: text,
      how: text,
      evidence: "uid",
      confidence: "certain",
      from: ISO,
      until: null,
      steps: [
        {
          t: ISO,
          atMs: -at * 1e6,
          actor: text,
          actorClass: text,
          verb: text,
          object: `o${at}`,
          subresource: text,
          code: null,
          latencyMs: at,
          what: text,
          auditID: text,
          seq: at,
        },
      ],
      stepsDropped: 1e6,
    })),
    steps: HOSTILE.map((text, at) => ({
      t: at % 4 === 0 ? "" : ISO,
      atMs: at * 1e6,
      actor: text,
      actorClass: text,
      verb: text,
      object: at % 2 === 0 ? `n${at}` : text,
      subresource: text,
      code: at * 100,
      latencyMs: at,
      what: text,
      auditID: "same",
      seq: at % 2 === 0 ? null : at,
      sort: "failure",
    })),
    phases: HOSTILE.map((text, at) => ({
      name: text,
      from: ISO,
      to: at % 2 === 0 ? "" : ISO,
      ms: at * 1e5,
      ...(at % 2 === 0 ? { rollout: 0 } : {}),
    })),
    evidence: { level: hostile(1), missing: [...HOSTILE] },
    otherLives: [{ id: hostile(2), created: null, deleted: ISO }],
    rollouts: [
      {
        revision: hostile(0),
        what: hostile(1),
        by: hostile(2),
        auditID: "",
        from: ISO,
        to: null,
        ms: null,
        replicaSet: null,
        pods: [],
        slowestPod: hostile(3),
      },
    ],
    stepsDropped: 5,
  };
}

function died(): DiedWith {
  return {
    objects: 1e9,
    kinds: HOSTILE.map((text, at) => ({ kind: text, resource: text, count: 1e9, left: at })),
    named: HOSTILE.map((text, at) => ({
      id: text,
      object: text,
      gone: ISO,
      ms: 1e12,
      isLeft: at % 2 === 0,
      isOwned: at % 3 === 0,
      finalizers: [...HOSTILE],
    })),
    ms: null,
  };
}

function why(): WhyResult {
  return {
    object: hostile(0),
    verdict: "rollout",
    died: died(),
    confidence: "guess",
    outside: {
      t: ISO,
      object: hostile(1),
      what: hostile(2),
      by: hostile(3),
      actorClass: hostile(4),
      auditID: hostile(5),
      seq: null,
      how: hostile(6),
      trouble: { t: ISO, object: hostile(7), what: hostile(0) },
      ms: 1e12,
      confidence: "likely",
    },
    chain: HOSTILE.map((text) => ({
      t: ISO,
      object: text,
      what: text,
      by: text,
      actorClass: text,
      auditID: text,
      because: text,
    })),
  };
}

function objectAt(): ObjectAt {
  const body = Object.fromEntries(HOSTILE.map((text) => [text, text]));
  const change = { atUs: 1e15, t: ISO, what: hostile(1), by: hostile(2), auditID: hostile(3), seq: 1 };
  return {
    object: hostile(0),
    resource: hostile(1),
    namespace: hostile(2),
    name: hostile(3),
    at: ISO,
    known: "partial",
    unknown: [...HOSTILE],
    state: body,
    from: { auditID: hostile(4), t: ISO },
    deleted: ISO,
    goneOwners: [...HOSTILE],
    changes: { number: 1e9, of: 1e9, last: change, previous: change, next: null },
  };
}

function state(): ObjectState {
  const before = Object.fromEntries(HOSTILE.map((text) => [text, text]));
  const { seq, verb, resource, subresource, namespace, name, user, actorClass, code, receivedUs } = hostileFacts(1);
  const request = {
    seq,
    verb,
    resource,
    subresource,
    namespace,
    name,
    user,
    actorClass,
    code: code ?? 200,
    receivedUs,
  };
  return {
    ...request,
    auditID: hostile(3),
    before,
    after: { x: before },
    outcome: "changed",
    changes: HOSTILE.map((text, at) => ({
      path: at % 2 === 0 ? `"${text}"` : `spec[name=${text}].x`,
      kind: at % 3 === 0 ? "added" : "changed",
      before: at % 3 === 0 ? undefined : text,
      after: { [text]: text },
    })),
    guessed: true,
    verified: false,
    patch: "strategic",
    missing: [...HOSTILE],
  };
}

function objects(): ObjectsResult {
  return {
    total: 1e9,
    rows: HOSTILE.map((text) => ({
      resource: text,
      namespace: text,
      name: text,
      label: `${text}/${text} ${text}`,
      requests: 1e12,
      errors: 1e9,
      firstSeen: ISO,
      lastSeen: "",
      lastSeq: 1e9,
      matches: [
        [0, 3],
        [2, 9],
        [5, 1e9],
      ] as const,
    })),
  };
}

function hostileAccess(at: number): Access {
  const { user, asFrom, groups, verb, resource, subresource, namespace, name, uri, code, decision, authReason } =
    hostileFacts(at);
  return {
    // Panes about alice are to have something to show.
    user: at % 3 === 0 ? "alice" : user,
    asFrom,
    groups,
    attributes: {
      isResourceRequest: at % 4 !== 3,
      verb,
      apiGroup: hostile(at + 9),
      apiVersion: "",
      resource,
      subresource,
      namespace,
      name,
      path: uri,
    },
    code,
    decision,
    authReason,
    starting: at % 5 === 0,
    usedPolicy: hostile(at),
    requests: 1e9 + at,
    firstUs: at % 2 === 0 ? Number.NaN : 0,
    lastUs: 1e18,
    seq: at,
    evidence: [],
  };
}

function hostilePolicy(path: string | null): PolicyReport {
  const volume = { in: { events: 1e9, bytes: 1e15 }, kept: { events: 3, bytes: 1e12 } };
  const [read] = readPolicies(
    `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- {level: Metadata, users: ${JSON.stringify(HOSTILE)}}\n`,
  );
  const place = { line: 4, column: 1 };
  const item = { rule: 0, place, severity: "warning" } as const;
  return {
    given:
      path === null
        ? null
        : {
            error: path === "missing" ? hostile(0) : null,
            problems: [],
            items: HOSTILE.map((text) => ({ ...item, id: text, message: text, instead: text })),
          },
    policy: read?.policy ?? null,
    replay: {
      ...volume,
      levels: { None: volume, Metadata: volume, Request: volume, RequestResponse: volume },
      rules: [
        { rule: 0, line: 4, level: "Metadata", ...volume },
        { rule: -1, line: null, level: "None", ...volume },
      ],
      resources: HOSTILE.map((key) => ({ key, ...volume })),
      users: HOSTILE.map((key) => ({ key, ...volume })),
      stagesOmitted: 1,
      lacking: 1e9,
      truncated: 1,
      unlogged: { RequestReceived: 1e9, ResponseStarted: 0 },
      loses: HOSTILE.map((text) => ({
        feature: text,
        title: text,
        subject: text,
        what: text,
        why: text,
        because: text,
        has: 1e9,
        lost: 1,
      })),
    },
    suggestion: {
      rules: HOSTILE.map((text) => ({
        about: [text],
        givesUp: text,
        rule: { level: "None", users: [text] },
        ...volume,
      })),
      ...volume,
      lacking: 5,
      isCapped: true,
    },
    suggestionText: HOSTILE.join("\n"),
    isKept: path === null,
  };
}

function hostileRoles(): Pick<GivenRoles, "roles" | "bindings"> {
  const ruleOf = (texts: readonly string[]): PolicyRule => ({
    verbs: texts,
    apiGroups: texts,
    resources: texts,
    resourceNames: texts,
    nonResourceURLs: texts,
  });
  return {
    roles: HOSTILE.map((name, at) => ({
      kind: "ClusterRole",
      namespace: "",
      name,
      // Every combination of a rule's lists is looked at: one of them is large.
      rules: [ruleOf(at === 0 ? HOSTILE.slice(0, 7) : [hostile(at), hostile(at + 1)])],
      labels: new Map([[name, name]]),
      aggregates: null,
      isLive: true,
    })),
    bindings: HOSTILE.map((name) => ({
      kind: "ClusterRoleBinding",
      namespace: "",
      name,
      subjects: [{ kind: "User", namespace: "", name: "alice" }],
      roleKind: "ClusterRole",
      roleName: name,
    })),
  };
}

export function hostileDetail(): RequestDetail {
  const body = Object.fromEntries(HOSTILE.map((text, at) => [`${text}${at}`, [text, { [text]: text, n: 1e300 }]]));
  return {
    facts: hostileFacts(1),
    raw: JSON.stringify({
      objectRef: { resource: "secrets" },
      responseStatus: { message: hostile(0) },
      user: { extra: body },
      requestObject: body,
      responseObject: [body],
    }),
    rawMissing: null,
    log: null,
    stagesSeen: [hostile(0), hostile(2)],
  };
}

function latencyReport(ask: Extract<Ask, { kind: "latency" }>): AnswerFor<"latency"> {
  const figures = { p50: 0.001, p90: 1, p99: 123_456_789, max: 1e12, sum: 1e15 };
  const numbers = Array.from({ length: ask.buckets }, (_, at) => (at % 3 === 0 ? 0 : at ** 4));
  return {
    by: ask.by,
    groups: 1e6,
    total: { requests: 1e9, latencyMs: figures },
    span: { from: ISO, to: "2026-11-21T00:19:30.459Z", seconds: 600 },
    rows: HOSTILE.map((_, at) => ({
      key: group(ask.by, at).key,
      requests: 10_000_000 >> at,
      errors: { "4xx": at, "5xx": 0 },
      latencyMs: figures,
      points: { requests: numbers, p50: numbers, p99: numbers.map((ms) => ms * 7) },
    })),
    slowest: HOSTILE.map((_, at) => hostileFacts(at)),
    layers: {
      requests: 1e9,
      sum: 1e12,
      rows: HOSTILE.map((name) => ({ name, requests: 1e6, p50: 1, p99: 2, max: 1e9, sum: 1e10 })),
    },
    longRunning: {
      requests: 1e9,
      open: 5,
      rows: HOSTILE.map((text, at) => ({
        key: { verb: text, resource: hostile(at + 1) },
        requests: 1e8,
        open: at,
        listenedMs: at % 2 === 0 ? null : { p50: 1, max: 1e15, sum: 1e18 },
      })),
    },
  };
}

function coverage(): AnswerFor<"coverage"> {
  const skipped = { foreign: 1, bad: 1e9, truncated: 0, fragment: 2, duplicate: 3 };
  const counts = Object.fromEntries(HOSTILE.map((text, at) => [text, 10 ** (at % 9)]));
  const part = { requests: 1e9, from: "", to: ISO, levels: counts, stages: counts, cutBodies: 1e9 };
  const signs = { failedLogins: 0, reasons: 3, noUser: 1, layers: 0, cutBodies: 1e9, kubelets: 0, controllers: 1 };
  return {
    requests: 1e9,
    span: { from: ISO, to: null, seconds: 1e300 },
    servers: HOSTILE.map((apiserver) => ({ apiserver, ...part })),
    kinds: HOSTILE.map((resource) => ({ resource, reads: counts, writes: { Metadata: 1e12, "": 3 } })),
    otherKinds: 7,
    signs,
    stages: counts,
    events: 1e12,
    inFlight: 1e9,
    cutOff: 2,
    evicted: 1e9,
    isOverflowing: true,
    clocks: [{ apiserver: hostile(0), of: hostile(2), aheadMs: -1e300, plusMinusMs: 1e9 }],
    inputs: HOSTILE.map((path) => ({ path, servers: [path, ""], ...part, events: 1e9, skipped, faults: [path] })),
    ...continuity(),
  };
}

function continuity(): AnswerFor<"continuity"> {
  const gap = { apiserver: hostile(0), from: ISO, to: "2026-11-21T00:12:30.459Z", seconds: 180 };
  const evidence = { kind: "cut-off" as const, what: hostile(2), requests: 1e9, query: hostile(3), from: ISO, to: "" };
  const restart = { ready: null, ended: null, confidence: "likely" as const, cutOff: 1e9, evidence: [evidence] };
  return {
    gaps: [gap, { apiserver: "", from: "", to: hostile(0), seconds: 1e300 }],
    restarts: [
      { ...gap, ...restart },
      { ...restart, apiserver: hostile(1), from: null, to: hostile(1), seconds: null },
    ],
  };
}

function cadence(ask: Extract<Ask, { kind: "cadence" }>): AnswerFor<"cadence"> {
  return {
    requests: 1e9,
    groups: 1e6,
    span: { from: ISO, to: ISO, seconds: 0 },
    rows: HOSTILE.map((text, at) => ({
      key: { verb: hostile(at + 1), [ask.per]: text },
      requests: 1e8 >> at,
      objects: at * 1e5,
      cadence:
        at % 3 === 0
          ? null
          : {
              calls: 9,
              beats: 5,
              periodMs: 1e13,
              jitterMs: 1e12 * at,
              kind: at % 2 === 0 ? ("regular" as const) : ("irregular" as const),
            },
      perObject: at % 4 === 0 ? null : { periodMs: 360_000, regular: 5, told: 7 },
      firstSeen: "",
      lastSeen: ISO,
      spark: Array.from({ length: ask.buckets }, (_, bucket) => (bucket * at) % 97),
    })),
  };
}

function findings(): AnswerFor<"findings"> {
  return {
    requests: 1e9,
    unread: 7,
    suppressed: [{ because: hostile(1), from: hostile(2), findings: 3, ids: [hostile(3)] }],
    findings: HOSTILE.map((text, at) => ({
      id: hostile(at + 1),
      severity: SEVERITIES[at % SEVERITIES.length] ?? "info",
      title: text,
      detail: hostile(at + 2),
      ...(at % 2 === 0 ? { why: hostile(at + 3) } : {}),
      count: at * 1e8,
      firstSeen: at % 3 === 0 ? null : ISO,
      lastSeen: at % 4 === 0 ? null : ISO,
      subject: { user: hostile(at + 4), object: `${hostile(at + 5)}/${hostile(at + 6)}/${text}` },
      evidence: { query: `user:${quote(text)}`, auditIDs: [] },
      advice: hostile(at + 7),
      references: [hostile(at + 8)],
    })),
  };
}

function kubernetesEvents(): AnswerFor<"kubernetesEvents"> {
  return {
    requests: 1e9,
    read: 5_000,
    withoutBody: 1e8,
    unreadable: 7,
    events: HOSTILE.map((text, at) => ({
      namespace: hostile(at + 1),
      name: text,
      firstSeen: at % 2 === 0 ? "" : ISO,
      lastSeen: at % 3 === 0 ? text : ISO,
      type: at % 3 === 0 ? "Warning" : hostile(at + 2),
      reason: hostile(at + 3),
      message: hostile(at + 4),
      count: 1e15,
      object: {
        kind: hostile(at + 5),
        namespace: hostile(at + 6),
        name: hostile(at + 7),
        uid: text,
        resource: hostile(at + 8),
      },
      component: hostile(at + 9),
      host: hostile(at + 10),
      requests: 1e6,
      seq: at,
      auditID: text,
      body: at % 4 === 0 ? "none" : "whole",
    })),
  };
}

function answer(ask: Ask): unknown {
  switch (ask.kind) {
    case "groups":
      return {
        requests: 1e9,
        groups: 1e6,
        by: ask.by,
        span: { from: ISO, to: ISO, seconds: 12 },
        rows: HOSTILE.map((_, at) => group(ask.by, at)),
      };
    case "compare": {
      const figures = { requests: 1e9, rate: 1e6, errors: { "4xx": 1e8, "5xx": 3 }, latencyMs: null };
      const span = { from: ISO, to: ISO, seconds: 1e9 };
      return {
        by: ask.by,
        groups: 1e6,
        sameLength: ask.sort === "p99",
        a: { ...figures, span },
        b: { ...figures, span: { from: null, to: null, seconds: 0 } },
        rows: HOSTILE.map((_, at) => {
          const { key, errors, latencyMs } = group(ask.by, at);
          return {
            key,
            change: at % 4 === 0 ? "new" : "more",
            significance: 1e9,
            rateChange: (at - 5) * 1e7,
            a: { ...figures, requests: at % 4 === 0 ? 0 : 1e9 },
            b: { requests: at % 5 === 0 ? 0 : 1e12, rate: 1e9, errors, latencyMs },
          };
        }),
      };
    }
    case "series":
      return {
        step: hostile(0),
        stepMs: 1_000,
        by: ask.by ?? null,
        points: Array.from({ length: 333 }, (_, at) => ({
          t: at % 9 === 0 ? "" : ISO,
          requests: at * 10,
          by: { "2xx": at * 8, "4xx": at, "5xx": at % 3, [hostile(at)]: at },
        })),
      };
    case "rows":
      return { total: 1e7, first: 1e6, at: 1e6, rows: Array.from({ length: 200 }, (_, at) => hostileFacts(at)) };
    case "request":
      return hostileDetail();
    case "neighbours":
      return {
        object: { others: 1e9, rows: HOSTILE.map((_, at) => hostileFacts(at + 1)) },
        client: { others: 3, rows: [hostileFacts(4)] },
      };
    case "bursts":
      return { stepMs: 1_000, bursts: [] };
    case "objects":
      return objects();
    case "trail":
      return trail();
    case "why":
      return why();
    case "object":
      return objectAt();
    case "state":
      return state();
    case "info":
      return {};
    case "latency":
      return latencyReport(ask);
    case "continuity":
      return continuity();
    case "coverage":
      return coverage();
    case "cadence":
      return cadence(ask);
    case "messages":
      return {
        requests: 1e9,
        read: 300,
        withoutMessage: 5,
        unreadable: 7,
        rows: HOSTILE.map((text, at) => ({ text, requests: 1e8, seq: at, lastUs: at % 3 === 0 ? Number.NaN : 1e15 })),
      };
    case "accesses":
      return { accesses: HOSTILE.map((_, at) => hostileAccess(at)), unread: 1e9, unknown: 3 };
    case "policy":
      return hostilePolicy(ask.path);
    case "roles":
      return { ...hostileRoles(), problems: [...HOSTILE] };
    case "kubernetesEvents":
      return kubernetesEvents();
    case "findings":
      return findings();
  }
}

export function hostileAnswers(asks: Readonly<Record<string, Ask>>): Answers {
  return Object.fromEntries(
    Object.entries(asks).map(([key, ask]) => [key, { value: answer(ask), stale: key.length % 2 === 0, error: null }]),
  );
}
