import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import type { TrailResult } from "../../src/lineage/contract.ts";
import { lineText, lineWidth } from "../../src/models/line.ts";
import type { PaneView } from "../../src/panes/contract.ts";
import { chaptersOf, criticalPath } from "../../src/panes/trail/chapters.ts";
import { exactTime } from "../../src/panes/trail/exact-time.ts";
import { toldSteps } from "../../src/panes/trail/outside.ts";
import { trailPane } from "../../src/panes/trail/index.ts";
import { lanesOf } from "../../src/panes/trail/lanes.ts";
import { isFoldable, visibleSteps } from "../../src/panes/trail/visible-steps.ts";
import { axisAround, waterfallLines } from "../../src/panes/trail/waterfall.ts";
import { answered, contextFor, drawn } from "./context.ts";
import { demoEngine } from "../support/demo-engine.ts";

let engine: Engine;
let nginx: TrailResult;
beforeAll(async () => {
  engine = await demoEngine();
  const found = await engine.ask("trail", { object: "deploy/nginx", namespace: "demo" });
  if (found === null) throw new Error("the demo log has no Deployment nginx");
  nginx = found;
});

function view(
  params: Readonly<Record<string, string>>,
  options: { width?: number; height?: number; cursorIndex?: number; unicode?: boolean } = {},
): PaneView {
  const { cursorIndex = 0, ...size } = options;
  const frame = {
    pane: "trail",
    params: { object: "deploy/nginx", namespace: "demo", part: "rollout:0", ...params },
    cursorIndex,
  };
  return trailPane.view(contextFor({ width: 120, height: 36, ...size, frame }), answered({ trail: nginx, why: null }));
}

describe("chapters of a life", () => {
  it("are its roll-outs, its end and the whole, and cover every step once", () => {
    const chapters = chaptersOf(nginx);
    expect(chapters.map((chapter) => chapter.id)).toEqual([
      ...[0, 1, 2, 3, 4].map((at) => `rollout:${at}`),
      "end",
      "whole",
    ]);
    const parts = chapters.slice(0, -1);
    expect(parts[0]?.first).toBe(0);
    for (const [at, part] of parts.entries())
      expect(part.end).toBe(parts[at + 1]?.first ?? toldSteps(nginx).steps.length);
    expect(parts.reduce((sum, part) => sum + part.failures, 0)).toBe(chapters.at(-1)?.failures);
  });

  it("have a critical path whose parts add up to the time until everything was available", () => {
    for (const chapter of chaptersOf(nginx).filter((one) => one.rollout !== null)) {
      const path = criticalPath(nginx, chapter);
      const sum = path.reduce((ms, part) => ms + part.toMs - part.fromMs, 0);
      expect(sum).toBeCloseTo(nginx.rollouts?.[chapter.rollout ?? 0]?.ms ?? -1, 2);
      expect(path.filter((part) => part.isLongest)).toHaveLength(1);
    }
  });
});

describe("steps", () => {
  it("say at every width when each was, what it was and how it ended", () => {
    for (let width = 60; width <= 200; width += 1) {
      const head = drawn(view({}, { width }))
        .split("\n")
        .find((line) => /actor .*what/.test(line));
      expect(head, String(width)).toMatch(
        width < 80 ? / \+ +actor .*object .*what/ : / (?:\+|time \S+) +actor .*object .*code .*what/,
      );
    }
  });
});

describe("folding", () => {
  it("keeps every failure, every create, binding, delete and scale", () => {
    const whole = chaptersOf(nginx).at(-1);
    if (whole === undefined) throw new Error("no chapter");
    const shown = new Set(visibleSteps(nginx, whole, false).steps);
    for (const step of nginx.steps) {
      if (step.sort === "event") continue;
      const matters = step.sort === "failure" || ["create", "delete"].includes(step.verb) || step.what.includes("→");
      if (matters && step.subresource !== "token") expect(shown.has(step), step.what).toBe(true);
    }
    const all = visibleSteps(nginx, whole, true);
    expect(all.steps).toHaveLength(toldSteps(nginx).steps.length);
    expect(shown.size + visibleSteps(nginx, whole, false).hidden).toBe(toldSteps(nginx).steps.length);
  });

  it("keeps Events where they are all the log has", () => {
    const event = nginx.steps.find((step) => step.what.startsWith("Event Scheduled"));
    if (event === undefined) throw new Error("no such Event");
    expect(isFoldable(event, new Map(), true)).toBe(true);
    expect(isFoldable(event, new Map(), false)).toBe(false);
  });
});

describe("the story", () => {
  it("begins with the latest roll-out", () => {
    expect(drawn(view({ part: "" }))).toContain("Roll-out 5/5");
  });

  it("goes on one screen from the user to available, at 120×40", () => {
    const text = drawn(view({}));
    let at = 0;
    for (const part of [
      "alice@example.com  deploy/nginx                201   created with 2 replicas",
      "deployment ctrl    rs/nginx-7cd5cff77d         201   created",
      "replicaset ctrl    pod/nginx-7cd5cff77d-q4wl6  201   created",
      "scheduler          pod/nginx-7cd5cff77d-q4wl6  201   bound to worker-1",
      "kubelet worker-2   pod/nginx-7cd5cff77d-xgllz  200   accepted",
      "2 of 2 available",
      "containers running, Ready",
      "Event Pulled",
      "Event Started",
    ]) {
      const found = text.indexOf(part, at);
      expect(found, part).toBeGreaterThan(at);
      at = found;
    }
  });

  it("names the human who began it", () => {
    expect(drawn(view({}, { width: 80, height: 20 }))).toMatch(/\+0 ms {2}alice@/);
  });
});

describe("swim lanes", () => {
  it("stand in the order of the work, failures on their lane", () => {
    const names = lanesOf(visibleSteps(nginx, chapter(0), false), { fromMs: 0, toMs: Number.MAX_VALUE }, 40);
    expect(names.map((lane) => lane.name)).toEqual([
      "alice@example.com",
      "deployment controller",
      "replicaset controller",
      "scheduler",
      "kubelet worker-1",
      "kubelet worker-2",
      "kubelet worker-3",
    ]);
    const worker = names.find((lane) => lane.name === "kubelet worker-1");
    expect(worker?.steps.some((step) => step.kind === "failure" && step.label === "403 get q4wl6")).toBe(true);
  });

  it("merge when there is no room for all, and lose no step", () => {
    const visible = visibleSteps(nginx, chapter(0), false);
    const everything = { fromMs: 0, toMs: Number.MAX_VALUE };
    for (let most = 2; most < 9; most += 1) {
      const lanes = lanesOf(visible, everything, most);
      expect(lanes.length).toBeLessThanOrEqual(most);
      expect(lanes.reduce((sum, lane) => sum + lane.steps.length, 0)).toBe(visible.steps.length);
    }
  });

  it("fit any space", () => {
    for (const width of [60, 83, 120, 250])
      for (const height of [2, 5, 12, 30]) {
        const axis = axisAround(chapter(1).fromMs, chapter(1).axisToMs, 0, Number.NaN);
        const lanes = lanesOf(visibleSteps(nginx, chapter(1), true), axis, height - 1);
        const path = criticalPath(nginx, chapter(1));
        const options = { width, height, unicode: true, labelWidth: 16, cursor: null };
        const lines = waterfallLines(lanes, path, axis, options);
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(lineWidth(line), lineText(line)).toBeLessThanOrEqual(width);
      }
  });

  it("always have the cursor's time on the axis, at every zoom", () => {
    for (let zoom = -4; zoom <= 12; zoom += 1)
      for (const cursor of [1_000, 1_499.9, 1_777, 9_999]) {
        const axis = axisAround(1_000, 2_000, zoom, cursor);
        expect(axis.fromMs).toBeLessThanOrEqual(cursor);
        expect(axis.toMs).toBeGreaterThan(cursor);
      }
  });

  it("tell the state at the cursor's time", () => {
    expect(drawn(view({ view: "lanes" }))).toContain("nothing of its own yet");
    expect(drawn(view({ view: "lanes" }, { cursorIndex: 9 }))).toContain("2 pods: 2 bound, 0 accepted");
  });

  function chapter(at: number): ReturnType<typeof chaptersOf>[number] {
    const found = chaptersOf(nginx)[at];
    if (found === undefined) throw new Error("no such chapter");
    return found;
  }
});

describe("keys", () => {
  function run(id: string, params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const command = trailPane.commands.find((one) => one.id === id);
    const shown = view(params);
    const frame = { pane: "trail", params: { object: "deploy/nginx", ...params } };
    const context = contextFor({ frame });
    const actions = command?.run({ app: context.app, pane: context, view: shown }) ?? [];
    return Object.assign({}, ...actions.map((action) => (action.type === "params" ? action.params : {})));
  }

  it("go through the parts, compare and keep the second as the first", () => {
    expect(run("trail.next-part", { part: "rollout:0" })).toMatchObject({ part: "rollout:1" });
    expect(run("trail.compare", { part: "rollout:2" })).toEqual({ view: "compare", base: "rollout:1" });
    expect(run("trail.compare", { part: "rollout:2", view: "compare", base: "rollout:1" })["base"]).toBe("rollout:2");
    expect(run("trail.zoom-in", {})).toEqual({ view: "lanes", zoom: "1" });
  });
});

describe("exact times", () => {
  it("keep microseconds", () => {
    expect(exactTime("2026-11-21T00:09:30.183670Z") - Date.parse("2026-11-21T00:09:30.183Z")).toBeCloseTo(0.67, 3);
    expect(exactTime(null)).toBeNaN();
    expect(exactTime("x")).toBeNaN();
  });
});
