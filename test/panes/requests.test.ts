import { describe, expect, it } from "vitest";
import { lineWidth } from "../../src/models/line.ts";
import { requestsPane } from "../../src/panes/requests/index.ts";
import type { RowsResult } from "../../src/queries/contract.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import { answered, contextFor, drawn, facts, START_MS, type ContextOptions } from "./context.ts";

const some: readonly RequestFacts[] = [
  facts({ seq: 11 }),
  facts({
    seq: 12,
    verb: "list",
    code: 403,
    resource: "secrets",
    subresource: "",
    namespace: "",
    name: "",
    user: "system:serviceaccount:ingress:traefik",
    actorClass: "serviceaccount",
    latencyMs: 0.6,
    receivedUs: (START_MS + 2_000) * 1_000,
  }),
  facts({
    seq: 13,
    verb: "get",
    code: 401,
    resource: "",
    subresource: "",
    namespace: "",
    name: "",
    uri: "/readyz?verbose=1",
    user: "",
    actorClass: "anonymous",
    ip: "203.0.113.7",
    latencyMs: 1_506,
    receivedUs: (START_MS + 2_120) * 1_000,
  }),
  facts({
    seq: 14,
    verb: "watch",
    resource: "pods",
    subresource: "",
    name: "",
    user: "bob@example.com",
    asFrom: "alice@example.com",
    code: null,
    latencyMs: null,
    inFlight: true,
    cutOff: false,
    longRunning: true,
    receivedUs: (START_MS + 9_000) * 1_000,
  }),
];
const rows: RowsResult<RequestFacts> = { total: 8_819, first: 100, at: 101, rows: some };

function show(options: ContextOptions): string {
  return drawn(
    requestsPane.view(
      contextFor({
        ...options,
        frame: { pane: "requests", cursorIndex: 101, top: 100, cursorId: "12", ...options.frame },
      }),
      answered({ rows }),
    ),
  );
}

describe("requests", () => {
  it("fits 80, 120 and 200 columns", () => {
    expect(show({ width: 80, height: 6 })).toMatchInlineSnapshot(`
      "
      |  received UTC  code   verb    resource      object       ›user          latency
      |  00:02:26.760  200    patch   deplo…/scale  demo/nginx   alice@exam…    14.3 ms
      *▸ 00:02:28.760  403    list    secrets       -            …ss/traefik     600 µs
      |  00:02:28.880  401    get     -             /readyz      -               1.51 s
      |  00:02:35.760  …      watch   pods          demo/*       bob@exampl…  in flight
      "
    `);
    expect(show({ width: 120, height: 6, app: { timeMode: "delta" } })).toMatchInlineSnapshot(`
      "
      |  after       code   verb     resource      object         ›user            latency  source IP        user agent
      |  -           200    patch    deplo…/scale  demo/nginx     alice@exampl…    14.3 ms  127.0.0.50       kubectl/v1.36.2 (…
      *▸ +2.00 s     403    list     secrets       -              …ress/traefik     600 µs  127.0.0.50       kubectl/v1.36.2 (…
      |  +120 ms     401    get      -             /readyz        -                 1.51 s  203.0.113.7      kubectl/v1.36.2 (…
      |  +6.88 s     …      watch    pods          demo/*         bob@example.…  in flight  127.0.0.50       kubectl/v1.36.2 (…
      "
    `);
    expect(show({ width: 200, height: 6, app: { timeMode: "relative" } })).toMatchInlineSnapshot(`
      "
      |  age           code   verb              resource                        object                                    ›user                              latency  source IP        user agent
      |  14m35s ago    200    patch             deployments.apps/scale          demo/nginx                                alice@example.com                  14.3 ms  127.0.0.50       kubectl/v1.36.2 (linux/…
      *▸ 14m33s ago    403    list              secrets                         -                                         sa:ingress/traefik                  600 µs  127.0.0.50       kubectl/v1.36.2 (linux/…
      |  14m33s ago    401    get               -                               /readyz                                   -                                   1.51 s  203.0.113.7      kubectl/v1.36.2 (linux/…
      |  14m26s ago    …      watch             pods                            demo/*                                    bob@example.com ← alice@exampl…  in flight  127.0.0.50       kubectl/v1.36.2 (linux/…
      "
    `);
    expect(show({ width: 60, height: 6, unicode: false })).toMatchInlineSnapshot(`
      "
      |  received UTC  code   verb    resource      object       ›user
      |  00:02:26.760  200    patch   deplo…/scale  demo/nginx   alice@exam…
      *▸ 00:02:28.760  403    list    secrets       -            …ss/traefik
      |  00:02:28.880  401    get     -             /readyz      -
      |  00:02:35.760  …      watch   pods          demo/*       bob@exampl…
      "
    `);
  });

  it("cuts no latency, however wide the screen", () => {
    const long = "a-name-that-is-longer-than-any-column-of-it";
    const named = some.map((row) => ({ ...row, user: long, namespace: long, name: long, resource: long }));
    for (let width = 80; width <= 200; width++) {
      const context = contextFor({ width, height: 6, frame: { pane: "requests", cursorId: "12" } });
      const view = requestsPane.view(context, answered({ rows: { ...rows, rows: named } }));
      expect(Math.max(...view.lines.map(lineWidth)), `${width}`).toBeLessThanOrEqual(width);
      const drawing = drawn(view);
      for (const text of ["latency", "14.3 ms", "600 µs", "1.51 s", "in flight"])
        expect(drawing, `${width}`).toContain(text);
    }
  });

  const ask = (options: ContextOptions) => requestsPane.asks(contextFor({ height: 11, ...options }))["rows"];

  it("asks around the cursor's row, by position where the row is not known, and for the newest while following", () => {
    expect(ask({ frame: { pane: "requests" } })).toMatchObject({ anchor: "oldest", before: 0, after: 20 });
    expect(ask({ frame: { pane: "requests", cursorId: "12", cursorIndex: 105, top: 100 } })).toMatchObject({
      anchor: { seq: 12 },
      before: 15,
      after: 15,
    });
    expect(ask({ frame: { pane: "requests", cursorIndex: 500, top: 495 } })).toMatchObject({
      position: 500,
      before: 15,
      after: 15,
    });
    expect(ask({ app: { follow: true }, frame: { pane: "requests", cursorId: "12" } })).toMatchObject({
      anchor: "newest",
      before: 20,
      after: 1,
    });
  });

  it("keeps the cursor on its request while rows before it are evicted", () => {
    const context = contextFor({ frame: { pane: "requests", cursorId: "13", cursorIndex: 102, top: 101 }, height: 3 });
    const before = requestsPane.view(context, answered({ rows }));
    const after = requestsPane.view(context, answered({ rows: { total: 8_719, first: 0, at: 0, rows: some } }));
    expect(before.selection.seq).toBe(13);
    expect(after.selection.seq).toBe(13);
    expect(after.cursorLine).toBe(before.cursorLine);
    expect(after.rows.top).toBe(1);
  });

  it("stays on the newest while following", () => {
    const view = requestsPane.view(contextFor({ app: { follow: true }, height: 3 }), answered({ rows }));
    expect(view.selection.seq).toBe(14);
    expect(view.rows.ids).toEqual(["13", "14"]);
    expect(view.cursorLine).toBe(2);
    expect(view.live).toBe(true);
  });

  it("offers the value in the chosen column", () => {
    const selection = (column: string, cursorId = "12") =>
      requestsPane.view(contextFor({ frame: { pane: "requests", cursorId, params: { column } } }), answered({ rows }))
        .selection;
    expect(selection("code")).toMatchObject({ copy: "403", seq: 12 });
    expect(selection("ip", "13").copy).toBe("203.0.113.7");
    expect(selection("latency").term).toBeUndefined();
    expect(selection("user", "11")).toMatchObject({
      user: "alice@example.com",
      object: { name: "deployments.apps/nginx", namespace: "demo" },
    });
    expect(selection("user", "13").user).toBeUndefined();
  });
});
