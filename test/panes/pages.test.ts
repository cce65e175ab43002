import { describe, expect, it } from "vitest";
import type { ObjectsResult } from "../../src/store/store.ts";
import type { Filter } from "../../src/queries/contract.ts";
import type { TrailResult, WhyResult } from "../../src/lineage/contract.ts";
import { codesPane } from "../../src/panes/codes/index.ts";
import type { Pane, PaneContext } from "../../src/panes/contract.ts";
import { objectsPane } from "../../src/panes/objects/index.ts";
import { overviewPane } from "../../src/panes/overview/index.ts";
import { movers, moverWindows } from "../../src/panes/overview/movers.ts";
import { trailPane } from "../../src/panes/trail/index.ts";
import type { SeriesResult } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { answered, contextFor, drawn, groupRow, groups, START_MS, type ContextOptions } from "./context.ts";

const series: SeriesResult = {
  step: "30s",
  stepMs: 30_000,
  by: "class",
  points: Array.from({ length: 30 }, (_, at) => ({
    t: new Date(START_MS + at * 30_000).toISOString(),
    requests: 100 + at * 5 + (at === 20 ? 80 : 0),
    by: { "2xx": 100 + at * 5, ...(at === 20 ? { "4xx": 75, "5xx": 5 } : {}) },
  })),
};

const overviewAnswers = answered({
  series,
  classes: groups(
    ["class"],
    [groupRow({ class: "2xx" }, 8_000), groupRow({ class: "4xx" }, 740), groupRow({ class: "5xx" }, 79)],
  ),
  latency: groups(["stage"], [groupRow({ stage: "ResponseComplete" }, 8_700)]),
  errors: groups(
    ["code", "who", "resource"],
    [
      groupRow({ code: "429", who: "load/burst", resource: "configmaps" }, 706),
      groupRow({ code: "403", who: "ingress/traefik", resource: "secrets" }, 136),
    ],
  ),
  who: groups(["who"], [groupRow({ who: "nodes" }, 1_846), groupRow({ who: "load/burst" }, 1_446)]),
  resource: groups(["resource"], [groupRow({ resource: "pods" }, 1_785)]),
  verb: groups(["verb"], [groupRow({ verb: "list" }, 3_022)]),
  moversNow: groups(["who"], [groupRow({ who: "load/burst" }, 1_380), groupRow({ who: "new/one" }, 7)]),
  moversBefore: groups(["who"], [groupRow({ who: "load/burst" }, 66), groupRow({ who: "nodes" }, 800)]),
});

/** The command of a pane, run with what its view shows. */
function press(pane: Pane, context: PaneContext, answers: ReturnType<typeof answered>, key: string) {
  const view = pane.view(context, answers);
  const command = pane.commands.find((candidate) => candidate.keys.includes(key));
  return command?.run({ app: context.app, pane: context, view });
}

describe("overview", () => {
  const show = (width: number, height: number): string =>
    drawn(overviewPane.view(contextFor({ width, height, frame: { pane: "overview" } }), overviewAnswers));

  it("says whether it is on fire, who and since when, on any screen", () => {
    expect(show(60, 11)).toMatchInlineSnapshot(`
      "
      |▲ 9.3% errors (740 4xx, 79 5xx)
      |  worst 00:12:26: 80 in 30s
      |  Errors 2
      |  code  who                resource       requests     first
      |▸ 429   load/burst         configmaps          706  00:02:26
      |  403   ingress/traefik    secrets             136  00:02:26
      "
    `);
    expect(show(80, 20)).toMatchInlineSnapshot(`
      "
      |▲ 9.3% errors (740 4xx, 79 5xx)                   8,819 requests in 14m35s, 10/s
      |  worst 00:12:26: 80 in 30s         latency p50 1.20 ms, p99 32.0 ms, max 1.51 s
      |█ all  280                                             ▁▁███▂▂▂▂▂▂▂▃▃▃▃▄▄▄▄▄▅▅▅▅
      |           ▁▁▁▁▁▁▁▂▂▂▂▂▃▃▃▃▃▄▄▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇▇▇█████████████████████████████
      |           ██████████████████████████████████████████████▒▒▒████████████████████
      |▒ 4xx   75                                               ███                    
      |▓ 5xx    5                                               ███                    
      |   per 30s 00:02:26                                                 00:17:02 UTC
      |  Errors 2                                       Who 2
      |  code  who              resource    requests    who                   requests
      |▸ 429   load/burst       configmaps       706    nodes                    1,846
      |  403   ingress/traefik  secrets          136    load/burst               1,446
      |
      |  What changed  last 3m38s vs before        Resources
      |  who            change      now  before    resource    requests      p99  share
      |  load/burst    ▲ 20.9×    6.3/s   0.3/s    pods           1,785  32.0 ms  20.2%
      |  nodes            gone      0/s   3.7/s  
      |  new/one           new  0.032/s     0/s  
      "
    `);
    expect(show(120, 24)).toMatchInlineSnapshot(`
      "
      |▲ 9.3% errors (740 4xx, 79 5xx)                                                           8,819 requests in 14m35s, 10/s
      |  worst 00:12:26: 80 in 30s                                                 latency p50 1.20 ms, p99 32.0 ms, max 1.51 s
      |█ all  280                                                                          ████       ▁▁▁▁▁▁▁▂▂▂▂▂▂▂▂▃▃▃▃▃▃▃▄▄▄
      |                                            ▁▁▁▁▁▁▁▂▂▂▂▂▂▂▂▃▃▃▃▃▃▃▄▄▄▄▅▅▅▅▅▅▅▆▆▆▆▆▆▆████▇▇▇█████████████████████████████
      |           ▃▃▃▃▄▄▄▄▅▅▅▅▅▅▅▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇███████████████████████████████████████████████████████████████████████████████
      |           █████████████████████████████████████████████████████████████████████████▒▒▒▒████████████████████████████████
      |▒ 4xx   75                                                                          ████                                
      |▓ 5xx    5                                                                          ████                                
      |   per 30s 00:02:26                                                                                         00:17:02 UTC
      |  Errors 2                                                               Who 2
      |  code  who               resource      requests  last seen     first    who                    requests  share  errors
      |▸ 429   load/burst        configmaps         706   00:17:01  00:02:26    nodes                     1,846  20.9%       ·
      |  403   ingress/traefik   secrets            136   00:17:01  00:02:26    load/burst                1,446  16.4%       ·
      |
      |  What changed  last 3m38s vs before                              Resources
      |  who                                  change      now  before    resource                      requests      p99  share
      |  load/burst                          ▲ 20.9×    6.3/s   0.3/s    pods                             1,785  32.0 ms  20.2%
      |  nodes                                  gone      0/s   3.7/s  
      |  new/one                                 new  0.032/s     0/s  
      "
    `);
  });

  it("opens the requests a row counted, those of a change within its window", () => {
    const selection = (cursorId: string) =>
      overviewPane.view(contextFor({ frame: { pane: "overview", cursorId } }), overviewAnswers).selection;
    expect(selection('errors|["403","ingress/traefik","secrets"]').enter?.chips).toEqual([
      "code:403",
      'who:"ingress/traefik"',
      'resource:"secrets" sub:""',
    ]);
    const mover = selection('movers|["load/burst"]').enter?.chips ?? [];
    expect(mover).toEqual([
      'who:"load/burst"',
      "since:2026-11-21T00:13:24.000000Z",
      "until:2026-11-21T00:17:02.000000Z",
    ]);
  });

  it("compares the last quarter with as long before it", () => {
    const now = groups(["who"], [groupRow({ who: "a" }, 10), groupRow({ who: "new" }, 3)]);
    const before = groups(["who"], [groupRow({ who: "a" }, 100), groupRow({ who: "gone" }, 5)]);
    const windows = moverWindows(contextFor({}));
    if (windows === null) throw new Error("nothing to compare");
    expect(movers(windows, now, before).map((mover) => mover.who)).toEqual(["a", "gone", "new"]);
    expect(windows.seconds).toBe(218);
    expect(windows?.before.toUs).toBe(windows?.now.fromUs);
    expect(moverWindows(contextFor({ status: { to: "2026-11-21T00:02:30.000Z" } }))).toBeNull();
  });

  it("compares a window with as long before it, or with what the log has of that", () => {
    const us = (text: string): number => Date.parse(`2026-11-21T${text}Z`) * 1_000;
    const minute = { fromUs: us("00:10:00"), toUs: us("00:11:00") };
    const expected = { now: minute, before: { fromUs: us("00:09:00"), toUs: us("00:10:00") }, isWindow: true };
    expect(moverWindows(contextFor({ app: { window: minute } }))).toMatchObject({ ...expected, secondsBefore: 60 });
    const filter = parseQuery("ns:demo since:00:10 until:2026-11-21T00:11:00Z");
    expect(moverWindows(contextFor({ filter }))).toMatchObject({ ...expected, filter: parseQuery("ns:demo") });
    const early = { fromUs: us("00:02:50"), toUs: us("00:11:00") };
    const windows = moverWindows(contextFor({ app: { window: early } }));
    expect(windows?.before.fromUs).toBe(Date.parse(contextFor({}).status.from ?? "") * 1_000);
    expect(windows?.secondsBefore).toBeLessThan(30);
    const [now, before] = [490, 20].map((requests) => groups(["who"], [groupRow({ who: "a" }, requests)]));
    if (windows === null || now === undefined || before === undefined) throw new Error("nothing to compare");
    expect(movers(windows, now, before)[0]).toMatchObject({
      now: 490 / windows.seconds,
      before: 20 / windows.secondsBefore,
    });
    expect(moverWindows(contextFor({ app: { window: { fromUs: 0, toUs: us("00:11:00") } } }))).toBeNull();
  });

  it("jumps from table to table", () => {
    const context = contextFor({ frame: { pane: "overview" } });
    expect(press(overviewPane, context, overviewAnswers, "l")).toMatchObject([
      { type: "cursor", id: 'who|["nodes"]', index: 2 },
    ]);
  });
});

const codes = groups(
  ["code"],
  [
    groupRow({ code: "200" }, 6_454),
    groupRow({ code: "401" }, 18),
    groupRow({ code: "403" }, 192, { errors: { "4xx": 192, "5xx": 0 } }),
    groupRow({ code: "500" }, 77),
    groupRow({ code: "" }, 38),
  ],
);
const breakdown = {
  pairs: groups(
    ["user", "verb", "resource"],
    [groupRow({ user: "system:serviceaccount:ingress:traefik", verb: "list", resource: "secrets" }, 136)],
  ),
  ip: groups(["ip"], [groupRow({ ip: "127.0.0.60" }, 136)]),
  useragent: groups(["useragent"], []),
  namespace: groups(["namespace"], [groupRow({ namespace: "" }, 136)]),
  why: groups(
    ["annotation:authorization.k8s.io/reason"],
    [groupRow({ "annotation:authorization.k8s.io/reason": "" }, 136)],
  ),
  who: groups(["who"], [groupRow({ who: "ingress/traefik" }, 136)]),
};

describe("status codes", () => {
  const view = (options: ContextOptions, params: Record<string, string> = {}, cursorId: string | null = null) =>
    codesPane.view(
      contextFor({ ...options, frame: { pane: "codes", params, cursorId } }),
      answered({ codes, ...breakdown }),
    );

  it("lists errors first and breaks down the one under the cursor", () => {
    expect(drawn(view({ width: 80, height: 20 }, {}, "403"))).toMatchInlineSnapshot(`
      "
      |Status codes                                   3.3% of 8,819 requests are errors
      |  code                  requests   share  over time · ░▒▓█ (log scale)
      |  ≥400  all errors           287    3.3%       ▓▓▓▓███████████████████████▓▓▓▓
      |  401   Unauthorized          18    0.2%       ░░░░▒▒▒▒▒▓▓▓▓█████▓▓▓▓▒▒▒▒▒░░░░
      *▸ 403   Forbidden            192    2.2%       ░░░░▒▒▒▒▒▓▓▓▓█████▓▓▓▓▒▒▒▒▒░░░░
      |  500   Internal Error        77    0.9%       ░░░░▒▒▒▒▒▓▓▓▓█████▓▓▓▓▒▒▒▒▒░░░░
      |  -     no answer yet         38    0.4%       ░░░░▒▒▒▒▒▓▓▓▓█████▓▓▓▓▒▒▒▒▒░░░░
      |  200   OK                 6,454   73.2%       ░░░░▒▒▒▒▒▓▓▓▓█████▓▓▓▓▒▒▒▒▒░░░░
      |
      |403 Forbidden  192 requests, first 00:02:26, last 00:17:01
      |  Who, on what                                      From where
      |  user              verb      resource  requests    source IP          requests
      |  …ingress/traefik  list      secrets        136    127.0.0.60              136
      "
    `);
    expect(drawn(view({ width: 120, height: 16, unicode: false }))).toMatchInlineSnapshot(`
      "
      |Status codes                                                                           3.3% of 8,819 requests are errors
      |  code                        requests   share  over time . :+*# (log scale)
      *▸ ≥400  all errors                 287    3.3%          ********########################################********
      |  401   Unauthorized                18    0.2%          ::::::::++++++++********########********++++++++::::::::
      |  403   Forbidden                  192    2.2%          ::::::::++++++++********########********++++++++::::::::
      |  500   Internal Error              77    0.9%          ::::::::++++++++********########********++++++++::::::::
      |  -     no answer yet               38    0.4%          ::::::::++++++++********########********++++++++::::::::
      |  200   OK                       6,454   73.2%          ::::::::++++++++********########********++++++++::::::::
      |
      |all errors  287 requests, first 00:02:26, last 00:17:01
      |  Which code, who                                                                 From where
      |  code  user                     resource        requests  last seen     first    source IP         requests  last seen
      |  -     sa:ingress/traefik       secrets              136   00:17:01  00:02:26    127.0.0.60             136   00:17:01
      "
    `);
    expect(view({}).rows.ids).toEqual(["errors", "401", "403", "500", "none", "200"]);
  });

  it("gives one code the whole page", () => {
    expect(drawn(view({ width: 120, height: 16 }, { code: "403" }))).toMatchInlineSnapshot(`
      "
      |403 Forbidden  192 requests, first 00:02:26, last 00:17:01  2.2% of all
      |          ▁▁▁▁▁▁▁▁▂▂▂▂▂▂▂▂▄▄▄▄▄▄▄▄████████▄▄▄▄▄▄▄▄▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁
      |  Who, on what                                                                           From where
      |  user                                verb      resource           requests     first    source IP             requests
      |▸ sa:ingress/traefik                  list      secrets                 136  00:02:26    127.0.0.60                 136
      |
      |  What they were told                                                                 Which reason
      |  message                                                      requests  last seen    reason        requests  last seen
      |  reading …                                                                           counting …
      "
    `);
    const chips = view({}, { code: "403" }).selection.enter?.chips;
    expect(chips).toEqual([
      "code:403",
      'user:"system:serviceaccount:ingress:traefik"',
      'verb:"list"',
      'resource:"secrets" sub:""',
    ]);
    expect(view({}, { code: "403" }).commandLine).toBe("ktrail top audit.log --by user,verb,resource -q code:403");
  });

  it("asks about the code under the cursor", () => {
    const asks = codesPane.asks(contextFor({ frame: { pane: "codes", cursorId: "401" } }));
    expect(Object.keys(asks)).toEqual(["codes", "ip", "pairs"]);
    expect(JSON.stringify(asks["ip"])).toContain("401");
    expect(codesPane.params?.("403")).toEqual({ code: "403" });
    expect(() => codesPane.params?.("4o3")).toThrow("403, 5xx, errors");
  });
});

describe("objects", () => {
  const objects: ObjectsResult = {
    total: 860,
    rows: [
      {
        resource: "deployments.apps",
        namespace: "demo",
        name: "nginx",
        label: "demo/nginx deployments.apps",
        requests: 131,
        errors: 16,
        firstSeen: "2026-11-21T00:09:30.183Z",
        lastSeen: "2026-11-21T00:14:25.574Z",
        lastSeq: 7,
        matches: [[5, 8]],
      },
    ],
  };
  const context = (app: ContextOptions["app"] = {}, params: Record<string, string> = { search: "ngi" }) =>
    contextFor({ width: 80, height: 8, app, frame: { pane: "objects", params } });

  it("marks what matched and opens the trail", () => {
    const view = objectsPane.view(context(), answered({ objects }));
    expect(drawn(view)).toMatchInlineSnapshot(`
      "
      |Objects  find ngi                                               1 of 860 objects
      |  object                                 requests  errors  first seen  last seen
      *▸ deploy/nginx -n demo                        131      16  00:09:30    00:14:25
      "
    `);
    expect(view.lines[2]?.find((span) => span.tone === "match")?.text).toBe("ngi");
    expect(view.selection).toMatchObject({
      term: 'object:"demo/deployments.apps/nginx"',
      object: { name: "deployments.apps/nginx", namespace: "demo" },
      enter: { frame: { pane: "trail", params: { object: "deployments.apps/nginx", namespace: "demo" } } },
    });
  });

  it("searches while one types, and says when nothing fits", () => {
    const typing = context({ prompt: { kind: "narrow", text: "web", cursor: 3, error: null } });
    expect(objectsPane.asks(typing)).toMatchObject({ objects: { kind: "objects", text: "web", limit: 300 } });
    expect(drawn(objectsPane.view(typing, answered({ objects: { total: 860, rows: [] } })))).toContain(
      "No object fits.",
    );
  });

  it("are those of the filtered requests, and says when the filters leave none", () => {
    const filter: Filter = { op: "match", field: "ns", tests: [{ kind: "exact", text: "nosuch" }] };
    const narrowed = { ...context({ chips: [{ text: "ns:nosuch" }] }, {}), filter };
    expect(objectsPane.asks(narrowed)["objects"]).toMatchObject({ filter });
    expect(drawn(objectsPane.view(narrowed, answered({ objects: { total: 0, rows: [] } })))).toContain(
      "No request matches the filters.",
    );
  });
});

describe("trail", () => {
  const at = (ms: number): string => new Date(START_MS + ms).toISOString();
  const trail: TrailResult = {
    object: "deploy/nginx -n demo",
    nodes: [
      {
        id: "d",
        kind: "Deployment",
        group: "apps",
        namespace: "demo",
        name: "nginx",
        uid: "d",
        incarnation: 1,
        owner: null,
        created: at(0),
        deleted: at(90_000),
        createdBy: "alice@example.com",
        deletedBy: "alice@example.com",
        node: null,
        resource: "deployments.apps",
      },
      {
        id: "r",
        kind: "ReplicaSet",
        group: "apps",
        namespace: "demo",
        name: "nginx-7cd5",
        uid: "r",
        incarnation: 1,
        owner: { id: "d", evidence: "uid", confidence: "certain" },
        created: at(115),
        deleted: null,
        createdBy: "deployment-controller",
        deletedBy: null,
        node: null,
      },
      {
        id: "p",
        kind: "Pod",
        group: "",
        namespace: "demo",
        name: "nginx-7cd5-q4wl6",
        uid: "",
        incarnation: 2,
        owner: { id: "r", evidence: "name", confidence: "guess" },
        created: at(160),
        deleted: null,
        createdBy: "replicaset-controller",
        deletedBy: null,
        node: "worker-1",
      },
    ],
    steps: [
      {
        t: at(0),
        atMs: 0,
        actor: "alice@example.com",
        actorClass: "human",
        verb: "create",
        object: "d",
        subresource: "",
        code: 201,
        latencyMs: 71.3,
        what: "created with 2 replicas",
        auditID: "a1",
        seq: 7,
        controller: "",
      },
      {
        t: at(115),
        atMs: 115,
        actor: "system:kube-controller-manager",
        actorClass: "controller",
        verb: "create",
        object: "r",
        subresource: "",
        code: 201,
        latencyMs: 4.15,
        what: "created with 2 replicas",
        auditID: "a2",
        seq: null,
        controller: "deployment-controller",
      },
      {
        t: at(200),
        atMs: 200,
        actor: "system:kube-scheduler",
        actorClass: "scheduler",
        verb: "create",
        object: "p",
        subresource: "binding",
        code: 409,
        latencyMs: 2,
        what: "conflict 409",
        auditID: "a2",
        seq: 9,
        sort: "failure",
      },
    ],
    phases: [
      { name: "ReplicaSet created", from: at(0), to: at(115), ms: 115, rollout: 0 },
      { name: "pods created", from: at(115), to: at(160), ms: 45, rollout: 0 },
    ],
    evidence: { level: "RequestResponse", missing: ["the kubelet's delete"] },
    otherLives: [{ id: "old", created: null, deleted: at(-5_000) }],
    rollouts: [
      {
        revision: "1",
        what: "created with 2 replicas",
        by: "alice@example.com",
        auditID: "a1",
        from: at(0),
        to: null,
        ms: null,
        replicaSet: "r",
        pods: ["p"],
        slowestPod: null,
      },
    ],
  };
  const why: WhyResult = {
    object: "deploy/nginx -n demo",
    verdict: "deleted",
    confidence: "certain",
    chain: [
      {
        t: at(90_000),
        object: "deploy/nginx -n demo",
        what: "deleted",
        by: "alice@example.com",
        actorClass: "human",
        auditID: "a9",
        because: "",
      },
    ],
  };
  const view = (options: ContextOptions, params: Record<string, string> = {}, cursorId: string | null = null) =>
    trailPane.view(
      contextFor({
        ...options,
        frame: { pane: "trail", params: { object: "deploy/nginx", namespace: "demo", ...params }, cursorId },
      }),
      answered({ trail, why }),
    );

  it("tells the story on small and large screens", () => {
    expect(drawn(view({ width: 80, height: 18 }))).toMatchInlineSnapshot(`
      "
      |Trail of deploy/nginx -n demo  level RequestResponse · 1 other life of this name
      |Why gone  deleted by alice@example.com  00:03:56                     W the chain
      |Not in the log  the kubelet's delete
      |Roll-out 1/1 · not seen available · 1 failure · 00:02:26  created with 2 replic…
      |  object                                      node      created  Ready  gone
      |  deploy/nginx                                            +0 ms         00:03:56
      |  └─ rs/nginx-7cd5                                      +115 ms         -
      |     └─ pod/nginx-7cd5-q4wl6                  worker-1  +160 ms         -
      |
      |         +  actor            object         code  what
      *▸    +0 ms  alice@example.…  nginx          201   created with 2 replicas
      |   +115 ms  deployment ctrl  nginx-7cd5     201   created with 2 replicas
      |   +200 ms  …kube-scheduler  …x-7cd5-q4wl6  409   conflict 409
      "
    `);
    expect(drawn(view({ width: 160, height: 16 }))).toMatchInlineSnapshot(`
      "
      |Trail of deploy/nginx -n demo                                                                                  level RequestResponse · 1 other life of this name
      |Why gone  deleted by alice@example.com  00:03:56                                                                                                     W the chain
      |Not in the log  the kubelet's delete
      |Roll-out 1/1 · not seen available · 1 failure · 00:02:26  created with 2 replicas by alice@example.com                                                       [ ]
      |  object                                              node  created  Ready  gone      phase                  took
      |  deploy/nginx                                                +0 ms         00:03:56  ReplicaSet created   115 ms  ██████████████████████████████
      |  … 2 more, v shows the tree                                                          pods created        45.0 ms                                ████████████
      |
      |  time UTC             +  actor                  object                        code  latency  what
      *▸ 00:02:26.760     +0 ms  alice@example.com      deploy/nginx                  201   71.3 ms  created with 2 replicas
      |  00:02:26.875   +115 ms  deployment controller  rs/nginx-7cd5                 201   4.15 ms  created with 2 replicas
      |  00:02:26.960   +200 ms  system:kube-scheduler  pod/nginx-7cd5-q4wl6/binding  409   2.00 ms  conflict 409
      "
    `);
    expect(drawn(view({ width: 80, height: 8, unicode: false }, { view: "tree" }))).toMatchInlineSnapshot(`
      "
      |Trail of deploy/nginx -n demo  level RequestResponse · 1 other life of this name
      |Why gone  deleted by alice@example.com  00:03:56                     W the chain
      |  object                                            created   gone      node
      *▸ deploy/nginx                                      00:02:26  00:03:56
      |  └─ rs/nginx-7cd5                                  00:02:26  -
      |     └─ pod/nginx-7cd5-q4wl6                        00:02:26  -         worker-1
      "
    `);
    expect(drawn(view({ width: 80, height: 8 }, { view: "phases" }))).toMatchInlineSnapshot(`
      "
      |Trail of deploy/nginx -n demo  level RequestResponse · 1 other life of this name
      |Why gone  deleted by alice@example.com  00:03:56                     W the chain
      |Roll-out 1/1 · not seen available · 1 failure · 00:02:26  created with 2 replic…
      |         +  actor            object         code  what
      *▸    +0 ms  alice@example.…  nginx          201   created with 2 replicas
      |   +115 ms  deployment ctrl  nginx-7cd5     201   created with 2 replicas
      |   +200 ms  …kube-scheduler  …x-7cd5-q4wl6  409   conflict 409
      "
    `);
  });

  it("opens the request of a step and the trail of an object", () => {
    expect(view({}).selection).toMatchObject({
      seq: 7,
      user: "alice@example.com",
      enter: { frame: { pane: "request", params: { seq: "7" } } },
    });
    expect(view({}, {}, "a2|r").selection.enter).toBeUndefined();
    expect(view({}, { view: "tree" }, "p").selection.object).toEqual({
      label: "pod/nginx-7cd5-q4wl6",
      name: "pods/nginx-7cd5-q4wl6",
      namespace: "demo",
    });
    expect(view({}).commandLine).toBe("ktrail trail deploy/nginx audit.log -n demo");
  });

  it("reads an object as the command line does", () => {
    expect(trailPane.params?.("deploy/nginx -n demo")).toEqual({ object: "deploy/nginx", namespace: "demo" });
    expect(trailPane.params?.("--namespace=demo pod/x")).toEqual({ object: "pod/x", namespace: "demo" });
    expect(() => trailPane.params?.("a b")).toThrow("one object at a time");
    expect(() => trailPane.params?.("a -n")).toThrow("-n needs a namespace");
  });

  it("offers the objects most written to when none is chosen, and says when nobody touched it", () => {
    const written = groups(
      ["object"],
      [groupRow({ object: "demo/deployments.apps/nginx" }, 106), groupRow({ object: "nodes/worker-1" }, 9)],
    );
    const context = contextFor({ frame: { pane: "trail", cursorId: "nodes/worker-1" } });
    const view = trailPane.view(context, answered({ written }));
    expect(drawn(view)).toContain("deploy/nginx -n demo");
    expect(view.selection).toMatchObject({
      copy: "node/worker-1",
      term: 'object:"nodes/worker-1"',
      enter: { frame: { params: { object: "node/worker-1", namespace: "" } } },
    });
    const none = contextFor({ frame: { pane: "trail", params: { object: "deploy/nix" } } });
    expect(drawn(trailPane.view(none, answered({ trail: null, why: null })))).toContain(
      "No request of this log changes it (reads and lease renewals leave no trail).",
    );
  });
});
