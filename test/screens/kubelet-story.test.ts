import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { expectGolden, openExplorer } from "../support/explorer.ts";

/**
 * A generated kubelet: no recorded log here runs long enough. It gets and patches its Node every ~10 s, and gets each of
 * its ConfigMaps every ~6 min, each from a moment of its own.
 */
const KUBELET = "system:node:worker-7";
const CONFIG_MAPS = 12;
const HOURS = 1.5;

function auditEvent(at: number, verb: string, resource: string, namespace: string, name: string, id: number): string {
  const received = new Date(Date.UTC(2026, 10, 21) + at).toISOString().replace("Z", "000Z");
  const done = new Date(Date.UTC(2026, 10, 21) + at + 4).toISOString().replace("Z", "000Z");
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: `00000000-0000-4000-8000-${id.toString().padStart(12, "0")}`,
    stage: "ResponseComplete",
    requestURI: `/api/v1/${namespace === "" ? "" : `namespaces/${namespace}/`}${resource}/${name}`,
    verb,
    user: { username: KUBELET, groups: ["system:nodes", "system:authenticated"] },
    sourceIPs: ["10.0.0.7"],
    userAgent: "kubelet/v1.36.2 (linux/amd64) kubernetes/8e16b12",
    objectRef: { resource, ...(namespace === "" ? {} : { namespace }), name, apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: received,
    stageTimestamp: done,
  });
}

/** 0…1, the same every time. */
function noise(seed: number): number {
  return (Math.sin(seed * 12.9898) * 43_758.5453) % 1;
}

function kubeletLog(): string {
  const events: { at: number; verb: string; resource: string; namespace: string; name: string }[] = [];
  const end = HOURS * 3_600_000;
  for (let at = 0; at < end; at += 10_000 + noise(at) * 300) {
    events.push({ at, verb: "get", resource: "nodes", namespace: "", name: "worker-7" });
    events.push({ at: at + 60, verb: "patch", resource: "nodes", namespace: "", name: "worker-7" });
  }
  for (let map = 0; map < CONFIG_MAPS; map++)
    for (let at = (map * 360_000) / CONFIG_MAPS; at < end; at += 360_000 + noise(at + map) * 20_000)
      events.push({ at, verb: "get", resource: "configmaps", namespace: "demo", name: `settings-${map}` });
  events.sort((a, b) => a.at - b.at);
  return events.map((e, id) => `${auditEvent(e.at, e.verb, e.resource, e.namespace, e.name, id)}\n`).join("");
}

const folder = mkdtempSync(join(tmpdir(), "ktrail-kubelet-"));
let engine: Engine;

beforeAll(async () => {
  const path = join(folder, "audit.log");
  writeFileSync(path, kubeletLog());
  engine = createEngine({ inputs: [path] });
  await engine.loaded();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe("a generated kubelet, two keys from the callers", () => {
  test.each([
    [80, 24],
    [120, 40],
  ])("patches its node every ten seconds and reads each ConfigMap every six minutes, at %d×%d", async (columns, rows) => {
    const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns, rows });
    await explorer.press("2", "K");
    expect(explorer.text()).toContain(`Cadence of ${KUBELET}`);
    expect(explorer.text()).toMatch(/get +nodes .*~10\.0 s/);
    expect(explorer.text()).toMatch(/patch +nodes .*~10\.0 s/);
    expect(explorer.text()).toMatch(/get +configmaps .*~6m0\ds per ConfigMap/);
    expectGolden(explorer, "generated-kubelet-cadence");
    await explorer.press("v");
    expect(explorer.text()).toMatch(/get +\S+settings-\d+ +1[56] +~6m0\ds/);
    expectGolden(explorer, "generated-kubelet-cadence-by-object");
    await explorer.close();
  });
});
