import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonObject } from "../../src/lineage/json.ts";
import { involvedObject } from "../../src/lineage/kubernetes-events.ts";
import { KubernetesEvents } from "../../src/queries/kubernetes-event.ts";
import { lineageEvent } from "../lineage/read-log.ts";

const word = fc.constantFrom("", "Pod", "Deployment", "Node", "web-0", "BackOff", "apps/v1", "2026-11-21T00:00:01Z");
const count = fc.option(fc.oneof(fc.integer({ min: -1, max: 9 }), fc.constant("7")), { nil: undefined });
const involved = fc.record(
  { kind: word, namespace: word, name: word, uid: word, apiVersion: word },
  { requiredKeys: [] },
);
const body = fc.record(
  {
    involvedObject: involved,
    regarding: involved,
    reason: word,
    message: word,
    note: word,
    type: word,
    count,
    deprecatedCount: count,
    series: fc.record({ count }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

it("lists and trails are told the same of an Event, whatever its body", () => {
  fc.assert(
    fc.property(body, (requestObject) => {
      const audit = JSON.parse(
        JSON.stringify({
          auditID: "1",
          verb: "create",
          stage: "ResponseComplete",
          objectRef: { resource: "events", namespace: "demo", name: "web-0.18e9e7105ec7ea41" },
          requestObject,
        }),
      ) as JsonObject;
      const event = lineageEvent(audit, 0);
      const events = new KubernetesEvents();
      events.add({ seq: 0, receivedUs: 0, namespace: "demo", name: event.name, user: "", audit });
      const [listed] = events.list();
      const told = involvedObject(event, event);
      if (listed?.body !== "whole") return;
      const { object, reason, message, type, count: times } = listed;
      expect(told).toMatchObject({ name: object.name, resource: object.resource });
      expect(told?.facts).toMatchObject({ reason, message, type, count: times });
    }),
  );
});
