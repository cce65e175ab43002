import { describe, expect, it } from "vitest";
import type { LineageEvent } from "../../src/lineage/event.ts";
import { Lineage } from "../../src/lineage/lineage.ts";

function event(seq: number, part: Partial<LineageEvent>): LineageEvent {
  return {
    seq,
    apiserver: "",
    auditID: `id-${String(seq)}`,
    receivedUs: 1_700_000_000_000_000 + seq * 1_000,
    stageUs: 1_700_000_000_000_500 + seq * 1_000,
    stage: "ResponseComplete",
    level: "Metadata",
    verb: "update",
    resource: "deployments.apps",
    subresource: "",
    namespace: "demo",
    name: "web",
    uid: "",
    code: 200,
    reason: "",
    user: "alice",
    asFrom: "",
    actorClass: "human",
    ip: "127.0.0.1",
    useragent: "kubectl",
    uri: "/",
    responseStatus: () => null,
    requestBody: () => null,
    responseBody: () => null,
    wholeAnswer: () => null,
    baseVersion: () => Number.NaN,
    annotations: () => null,
    ...part,
  };
}

describe("bounded memory", () => {
  it("keeps how an object began and how it is now, however busy it was", () => {
    const lineage = new Lineage();
    lineage.observe(event(0, { verb: "create", code: 201 }));
    for (let seq = 1; seq < 5_000; seq += 1) lineage.observe(event(seq, { subresource: "status", user: "controller" }));
    lineage.observe(event(5_000, { subresource: "scale", user: "bob" }));
    const trail = lineage.trail("deploy/web", "demo");
    expect(lineage.store.touches).toBeLessThan(500);
    expect(trail?.nodes[0]).toMatchObject({ createdBy: "alice" });
    expect(trail?.steps.at(-1)).toMatchObject({ actor: "bob", what: "scaled" });
    expect(trail?.stepsDropped).toBe(5_001 - lineage.store.touches);
  });

  it("forgets the longest gone objects first, and says so", () => {
    const lineage = new Lineage(2_000);
    lineage.observe(event(0, { name: "old-and-alive", verb: "create", code: 201 }));
    for (let seq = 1; seq < 20_000; seq += 1) {
      const name = `web-${String(seq >> 1)}`;
      lineage.observe(event(seq, { name, verb: seq % 2 === 0 ? "create" : "delete", code: 200 }));
      expect(lineage.store.touches).toBeLessThanOrEqual(2_000);
    }
    expect(lineage.why("deploy/old-and-alive", "demo")).toMatchObject({ verdict: "alive" });
    expect(lineage.why("deploy/web-9999", "demo")).toMatchObject({ verdict: "deleted" });
    expect(lineage.why("deploy/web-3", "demo")).toBeNull();
    expect(lineage.trail("deploy/web-9999", "demo")?.evidence.missing.join()).toContain("not remembered any more");
  });

  it("is not blown up by names, namespaces and clients that strangers make up", () => {
    const lineage = new Lineage(5_000);
    for (let seq = 0; seq < 60_000; seq += 1) {
      const made = `${"x".repeat(600)}${String(seq)}`;
      lineage.observe(event(seq, { name: made, namespace: made, useragent: made, verb: "delete", code: 404 }));
      lineage.observe(event(seq, { name: "", namespace: made, verb: "create", code: 403 }));
    }
    expect(lineage.store.touches).toBeLessThanOrEqual(5_000);
    expect(lineage.store.size).toBeLessThanOrEqual(5_000);
    expect(lineage.store.unnamedTouches).toBeLessThanOrEqual(20_000);
  });
});
