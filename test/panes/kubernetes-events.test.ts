import { describe, expect, it } from "vitest";
import { kubernetesEventsPane } from "../../src/panes/kubernetes-events/index.ts";
import { foldedEvents } from "../../src/panes/kubernetes-events/table.ts";
import type { KubernetesEvent } from "../../src/queries/kubernetes-event.ts";
import { answered, contextFor, drawn } from "./context.ts";

function event(seq: number, reason: string, more: Partial<KubernetesEvent> = {}): KubernetesEvent {
  const name = `web-${seq % 3}`;
  return {
    namespace: "demo",
    name: `${name}.${seq}`,
    firstSeen: "2026-11-21T00:05:00Z",
    lastSeen: `2026-11-21T00:1${seq % 10}:00Z`,
    type: reason === "BackOff" ? "Warning" : "Normal",
    reason,
    message: `${reason} said at length, with what it was about and everything else: ${seq}`,
    count: 2,
    object: { kind: "Pod", namespace: "demo", name, uid: "", resource: "pods" },
    component: "kubelet",
    host: "worker-1",
    requests: 1,
    seq,
    auditID: `${seq}`,
    body: "whole",
    ...more,
  };
}

const EVENTS = [event(1, "BackOff"), event(2, "BackOff"), event(4, "Pulled"), event(5, "BackOff"), event(6, "Pulled")];
const answers = (events: readonly KubernetesEvent[], withoutBody = 0) =>
  answered({ events: { requests: events.length, read: events.length, withoutBody, unreadable: 0, events } });

describe("Kubernetes Events", () => {
  it("are one row a reason, with what happened in all and the newest one's message below in full", () => {
    const view = kubernetesEventsPane.view(contextFor({ width: 80, height: 20 }), answers(EVENTS));
    const text = drawn(view);
    expect(view.rows.count).toBe(2);
    expect(text).toMatch(/Warning +BackOff .*\b6\b/);
    expect(text).toMatch(/Normal +Pulled .*\b4\b/);
    expect(text).toContain("pod/web-2 -n demo: BackOff said at length, with what it was about");
    expect(view.selection.term).toBeUndefined();
    expect(foldedEvents(EVENTS).map(({ others, events }) => [others, events])).toEqual([
      [1, 3],
      [1, 2],
    ]);
  });

  it("of one reason come with enter, and all of them with f", () => {
    const context = contextFor({ width: 120, height: 20 });
    const enter = kubernetesEventsPane.view(context, answers(EVENTS)).selection.enter;
    expect(enter?.frame).toMatchObject({ pane: "kubernetes-events", params: { reason: "BackOff" } });
    const opened = contextFor({
      width: 120,
      height: 20,
      frame: { pane: "kubernetes-events", params: { reason: "BackOff" } },
    });
    const view = kubernetesEventsPane.view(opened, answers(EVENTS));
    expect(view.rows.count).toBe(3);
    expect(view.selection.enter?.frame.pane).toBe("request");
    const fold = kubernetesEventsPane.commands.find(({ keys }) => keys.includes("f"));
    const all = kubernetesEventsPane.view(
      contextFor({ width: 120, height: 20, frame: { pane: "kubernetes-events", params: { fold: "off" } } }),
      answers(EVENTS),
    );
    expect(all.rows.count).toBe(5);
    expect(fold?.run({ app: context.app, pane: context, view: all })).toMatchObject([{ params: { fold: "off" } }, {}]);
  });

  it("without bodies are told in a sentence, and the requests that wrote them are an enter away", () => {
    const bare = EVENTS.map((each) => ({ ...each, type: "", reason: "", message: "", body: "none" as const }));
    const view = kubernetesEventsPane.view(contextFor({ width: 120, height: 20 }), answers(bare, bare.length));
    expect(drawn(view)).toContain("5 Events were written, and the log kept what none of them says");
    expect(drawn(view)).not.toContain("no body kept");
    expect(view.selection.enter).toMatchObject({
      frame: { pane: "requests" },
      chips: [expect.stringContaining("events"), "verb:create,update,patch"],
    });
  });
});
