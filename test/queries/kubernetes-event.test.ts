import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventWrite, KubernetesEvents } from "../../src/queries/kubernetes-event.ts";

const NAME = "web-0.18e9e7105ec7ea41";

function write(seq: number, audit: unknown, change: Partial<EventWrite> = {}): EventWrite {
  return { seq, receivedUs: seq * 1e6, namespace: "demo", name: NAME, user: "system:node:a", audit, ...change };
}

const CREATED = {
  auditID: "1",
  requestObject: {
    metadata: { name: NAME, namespace: "demo" },
    involvedObject: { kind: "Pod", namespace: "demo", name: "web-0", uid: "u" },
    type: "Warning",
    reason: "BackOff",
    message: "restarting",
    count: 1,
    firstTimestamp: "2026-11-21T00:00:01Z",
    lastTimestamp: "2026-11-21T00:00:01Z",
    source: { component: "kubelet", host: "a" },
  },
};
/** At Request level a patch has what changed and nothing else. */
const COUNTED = { auditID: "2", requestObject: { count: 7, lastTimestamp: "2026-11-21T00:09:00Z" } };

function listOf(...writes: readonly EventWrite[]) {
  const events = new KubernetesEvents();
  for (const each of writes) events.add(each);
  return events.list();
}

describe("Kubernetes Events from requests", () => {
  it("join a create and the patches that count up, in any order", () => {
    const expected = {
      type: "Warning",
      reason: "BackOff",
      count: 7,
      requests: 2,
      seq: 2,
      auditID: "2",
      body: "whole",
      firstSeen: "2026-11-21T00:00:01Z",
      lastSeen: "2026-11-21T00:09:00Z",
      object: { kind: "Pod", namespace: "demo", name: "web-0", uid: "u", resource: "pods" },
      component: "kubelet",
      host: "a",
    };
    expect(listOf(write(1, CREATED), write(2, COUNTED))).toMatchObject([expected]);
    expect(listOf(write(2, COUNTED), write(1, CREATED))).toMatchObject([expected]);
  });

  it("read events.k8s.io/v1: regarding, note, series", () => {
    const audit = {
      responseObject: {
        kind: "Event",
        metadata: { name: NAME, namespace: "demo" },
        regarding: { kind: "Deployment", namespace: "demo", name: "web" },
        note: "scaled",
        reason: "ScalingReplicaSet",
        type: "Normal",
        eventTime: "2026-11-21T00:00:01.000001Z",
        series: { count: 4, lastObservedTime: "2026-11-21T00:05:00.000000Z" },
        reportingController: "deployment-controller",
      },
    };
    expect(listOf(write(1, audit))).toMatchObject([
      {
        message: "scaled",
        count: 4,
        lastSeen: "2026-11-21T00:05:00.000000Z",
        object: { resource: "deployments.apps" },
        component: "deployment-controller",
      },
    ]);
  });

  it("guess the object from the name at Metadata level, and report the user", () => {
    const events = new KubernetesEvents();
    events.add(write(1, { auditID: "1" }));
    events.add(write(2, undefined, { name: "other" }));
    expect(events.withoutBody).toBe(1);
    expect(events.unreadable).toBe(1);
    expect(events.list().find((event) => event.seq === 1)).toMatchObject({
      body: "none",
      object: { kind: "", name: "web-0", namespace: "demo" },
      component: "system:node:a",
      count: 1,
    });
  });

  it("keep creates by generateName apart", () => {
    expect(listOf(write(1, {}, { name: "" }), write(2, {}, { name: "" }))).toHaveLength(2);
  });

  it("cut texts where asked", () => {
    const events = new KubernetesEvents(4);
    events.add(write(1, CREATED));
    expect(events.list()).toMatchObject([{ message: "rest", object: { name: "web-" } }]);
  });

  it("survive any JSON in any place", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (bodies) => {
        const events = new KubernetesEvents();
        bodies.forEach((body, at) => {
          events.add(write(at * 2, body));
          events.add(
            write(at * 2 + 1, { requestObject: body, responseObject: { metadata: body, involvedObject: body } }),
          );
        });
        for (const event of events.list()) {
          expect(typeof event.message).toBe("string");
          expect(event.count).toBeGreaterThanOrEqual(1);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
