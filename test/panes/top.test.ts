import { describe, expect, it } from "vitest";
import { groupByPane } from "../../src/panes/group-by/index.ts";
import { topPane } from "../../src/panes/top/index.ts";
import { answered, contextFor, drawn, groupRow, groups, input, type ContextOptions } from "./context.ts";

const byUser = groups(
  ["user"],
  [
    groupRow({ user: "system:serviceaccount:kube-system:noisy-agent" }, 3_412, { errors: { "4xx": 706, "5xx": 0 } }),
    groupRow({ user: "system:node:worker-1" }, 1_204),
    groupRow({ user: "alice@example.com" }, 203, { latencyMs: null, errors: { "4xx": 7, "5xx": 2 } }),
    groupRow({ user: "" }, 18, { errors: { "4xx": 18, "5xx": 0 } }),
  ],
);

function show(options: Omit<ContextOptions, "frame">, params: Record<string, string> = {}): string {
  return drawn(topPane.view(contextFor({ ...options, frame: { pane: "top", params } }), answered({ groups: byUser })));
}

describe("top", () => {
  it("fits 80, 120 and 200 columns, and ASCII", () => {
    expect(show({ width: 80, height: 8 })).toMatchInlineSnapshot(`
      "
      |user                                   4 users · 8,819 requests in 14m35s · 10/s
      |  user                                    requests▼   share   4xx   5xx      p99
      *▸ sa:kube-system/noisy-agent                  3,412   38.7%   706     ·  32.0 ms
      |  node:worker-1                               1,204   13.7%     ·     ·  32.0 ms
      |  alice@example.com                             203    2.3%     7     2        -
      |  -                                              18    0.2%    18     ·  32.0 ms
      "
    `);
    expect(show({ width: 120, height: 8 })).toMatchInlineSnapshot(`
      "
      |user                                                                           4 users · 8,819 requests in 14m35s · 10/s
      |  user                               requests▼   share  over time            rate   4xx   5xx      p50      p99   ∑ time
      *▸ sa:kube-system/noisy-agent             3,412   38.7%    ▁▁▂▂▄▄██▄▄▂▂▁▁    3.9/s   706     ·  1.20 ms  32.0 ms   8.53 s
      |  node:worker-1                          1,204   13.7%    ▁▁▂▂▄▄██▄▄▂▂▁▁    1.4/s     ·     ·  1.20 ms  32.0 ms   3.01 s
      |  alice@example.com                        203    2.3%    ▁▁▂▂▄▄██▄▄▂▂▁▁    0.2/s     7     2        -        -        -
      |  -                                         18    0.2%    ▁▁▂▂▄▄██▄▄▂▂▁▁  0.021/s    18     ·  1.20 ms  32.0 ms  45.0 ms
      "
    `);
    expect(show({ width: 200, height: 8 }, { sort: "p99" })).toMatchInlineSnapshot(`
      "
      |user                                                                                                                                                           4 users · 8,819 requests in 14m35s · 10/s
      |  user                         requests   share              over time                                    rate   4xx   5xx      p50      p90     p99▼      max   ∑ time     bytes  last seen
      *▸ sa:kube-system/noisy-agent      3,412   38.7%  ██████████       ▁▁▁▁▁▂▂▂▂▂▄▄▄▄▄█████▄▄▄▄▄▂▂▂▂▂▁▁▁▁▁    3.9/s   706     ·  1.20 ms  8.00 ms  32.0 ms   1.51 s   8.53 s   6.7 MiB  00:17:01
      |  node:worker-1                   1,204   13.7%  ███▌             ▁▁▁▁▁▂▂▂▂▂▄▄▄▄▄█████▄▄▄▄▄▂▂▂▂▂▁▁▁▁▁    1.4/s     ·     ·  1.20 ms  8.00 ms  32.0 ms   1.51 s   3.01 s   2.4 MiB  00:17:01
      |  alice@example.com                 203    2.3%  ▋                ▁▁▁▁▁▂▂▂▂▂▄▄▄▄▄█████▄▄▄▄▄▂▂▂▂▂▁▁▁▁▁    0.2/s     7     2        -        -        -        -        -   406 KiB  00:17:01
      |  -                                  18    0.2%  ▏                ▁▁▁▁▁▂▂▂▂▂▄▄▄▄▄█████▄▄▄▄▄▂▂▂▂▂▁▁▁▁▁  0.021/s    18     ·  1.20 ms  8.00 ms  32.0 ms   1.51 s  45.0 ms  36.0 KiB  00:17:01
      "
    `);
    expect(show({ width: 60, height: 8, unicode: false })).toMatchInlineSnapshot(`
      "
      |user               4 users · 8,819 requests in 14m35s · 10/s
      |  user                        requests▼   4xx   5xx      p99
      *▸ sa:kube-system/noisy-agent      3,412   706     ·  32.0 ms
      |  node:worker-1                   1,204     ·     ·  32.0 ms
      |  alice@example.com                 203     7     2        -
      |  -                                  18    18     ·  32.0 ms
      "
    `);
  });

  it("asks for what the frame says", () => {
    const context = contextFor({
      frame: { pane: "top", params: { by: "user,verb", sort: "sum", reverse: "1" } },
      height: 20,
    });
    expect(topPane.asks(context)["groups"]).toMatchObject({
      kind: "groups",
      by: ["user", "verb"],
      sort: "sum",
      reverse: true,
      limit: 200,
      sparkBuckets: 16,
    });
  });

  it("opens exactly the requests the row counted", () => {
    const context = contextFor({ frame: { pane: "top", cursorId: '["system:node:worker-1"]', cursorIndex: 0 } });
    const view = topPane.view(context, answered({ groups: byUser }));
    expect(view.cursorLine).toBe(3);
    expect(view.selection.enter?.frame.pane).toBe("requests");
    expect(view.selection.enter?.chips).toEqual([view.selection.term]);
    expect(view.selection.user).toBe("system:node:worker-1");
    expect(view.commandLine).toBe("ktrail top audit.log --by user");
  });

  it("names the inputs in its command line as they were named, but for what was no log", () => {
    const readme = { ...input("README.md"), passedOver: "no audit log" };
    const lineOf = (named: readonly string[]): string | undefined => {
      const status = { inputs: [input("logs/a.log"), input("logs/b.log"), readme], named };
      const context = contextFor({ status, frame: { pane: "top", params: { by: "verb" } } });
      return topPane.view(context, answered({ groups: byUser })).commandLine;
    };
    expect(lineOf(["logs", "README.md"])).toBe("ktrail top logs --by verb");
    expect(lineOf([]), "commands, a webhook").toBe("ktrail top logs/a.log logs/b.log --by verb");
  });

  it("says why nothing is shown", () => {
    const none = groups(["user"], []);
    const view = (options: ContextOptions, values: Record<string, unknown>) =>
      drawn(topPane.view(contextFor(options), answered(values)));
    expect(view({ app: { chips: [{ text: "code:500" }] } }, { groups: none })).toContain(
      "No request matches the filters.",
    );
    expect(view({ status: { phase: "loading", progress: 0.34 } }, {})).toContain("Counting … (34.0% read)");
    expect(view({ status: { phase: "following" } }, { groups: none })).toContain("Waiting for the first request");
    const broken = { groups: { value: undefined, stale: false, error: "worker died\u001b[2J" } };
    expect(drawn(topPane.view(contextFor({}), broken))).toContain("could not be answered: worker died\\x1b[2J");
  });

  it("reads its arguments", () => {
    expect(topPane.params?.("user,verb")).toEqual({ by: "user,verb" });
    expect(topPane.params?.("annotation:x.io/y sort p99")).toEqual({ by: "annotation:x.io/y", sort: "p99" });
    expect(() => topPane.params?.("users")).toThrow("no dimension “users”");
  });

  it("sorts by the next column and back", () => {
    const context = contextFor({ frame: { pane: "top", params: {} } });
    const view = topPane.view(context, answered({ groups: byUser }));
    const run = (id: string) =>
      topPane.commands.find((command) => command.id === id)?.run({ app: context.app, pane: context, view });
    expect(run("top.sort")?.[0]).toEqual({ type: "params", params: { sort: "errors", reverse: "" } });
    expect(run("top.reverse")?.[0]).toEqual({ type: "params", params: { reverse: "1" } });
  });
});

describe("group by", () => {
  const context = contextFor({
    frame: { pane: "group-by", params: { by: "user" } },
    app: { stack: [contextFor({}).frame, { ...contextFor({}).frame, pane: "group-by" }] },
    width: 80,
    height: 21,
  });
  const view = groupByPane.view(context, {});
  const run = (id: string, params: Record<string, string>) =>
    groupByPane.commands
      .find((command) => command.id === id)
      ?.run({ app: context.app, pane: { ...context, frame: { ...context.frame, params } }, view });

  it("lists every dimension with its letter", () => {
    expect(drawn(view)).toMatchInlineSnapshot(`
      "
      |Group by …
      |  a letter picks, b adds a second dimension · annotations: :top annotation:KEY
      |
      *▸ u  user         who called (the impersonated user where there is one)
      |  w  who          users collapsed: all nodes, a workload's pods, a program
      |  g  group        groups of the user; a request counts under each
      |  a  actor        human, node, service account, controller …
      |  v  verb         what they do: get, list, watch, create …
      |  r  resource     on what: pods, deployments.apps, pods/binding …
      |  s  subresource  status, scale, exec, eviction …
      |  n  namespace    where
      |  m  name         names of objects, whatever their resource
      |  o  object       one object each: resource, namespace and name
      |  c  code         status codes
      |  x  class        2xx, 3xx, 4xx, 5xx
      |  i  source IP    from which address (the one that cannot be forged)
      |  e  user agent   with which program
      |  p  path         request path without its query
      |  d  decision     allowed or forbidden by the authorizer
      |  l  level        audit level the event was written at
      |  t  stage        audit stage the facts come from
      "
    `);
  });

  it("picks by letter, and b adds a second one", () => {
    expect(run("group-by.verb", { by: "user" })?.[1]).toEqual({ type: "params", params: { by: "verb" } });
    expect(run("group-by.add", { by: "user" })).toEqual([{ type: "params", params: { add: "1" } }]);
    expect(run("group-by.verb", { by: "user", add: "1" })?.[1]).toEqual({
      type: "params",
      params: { by: "user,verb" },
    });
    expect(run("group-by.pick", { by: "user" })?.[1]).toEqual({ type: "params", params: { by: "user" } });
  });

  it("has a letter of its own for every dimension, free of the keys that move", () => {
    const keys = groupByPane.commands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of ["j", "k", "q", "?", ":"]) expect(keys).not.toContain(key);
  });
});
