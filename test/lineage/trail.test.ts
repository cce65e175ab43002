import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeShared } from "../support/shared-data.ts";
import { DEMO, lineageOf, readEvents } from "./read-log.ts";

const lineage = lineageOf(readEvents(DEMO));

describe("trail of deploy/nginx in the demo log", () => {
  const trail = lineage.trail("deploy/nginx", "demo");

  it("has the Deployment, its four ReplicaSets and 22 pods, owned by uid", () => {
    const kinds = trail?.nodes.map((node) => node.kind);
    expect(kinds?.filter((kind) => kind === "Deployment")).toHaveLength(1);
    expect(kinds?.filter((kind) => kind === "ReplicaSet")).toHaveLength(4);
    expect(kinds?.filter((kind) => kind === "Pod")).toHaveLength(22);
    const owned = trail?.nodes.filter((node) => node.kind !== "Deployment") ?? [];
    for (const node of owned) {
      expect(node.owner).toMatchObject({ evidence: "uid", confidence: "certain" });
      expect(node.createdBy).toBe(
        `system:serviceaccount:kube-system:${node.kind === "Pod" ? "replicaset" : "deployment"}-controller`,
      );
    }
    expect(trail?.nodes[0]).toMatchObject({ createdBy: "alice@example.com", deletedBy: "alice@example.com" });
    expect(trail?.evidence).toEqual({ level: "RequestResponse", missing: [] });
  });

  it("tells the first second in words", () => {
    const words = (trail?.steps ?? []).map((step) => step.what);
    expect(words).toEqual(
      expect.arrayContaining([
        "created with 2 replicas, nginx:1.25",
        "created with image nginx:1.25",
        "bound to worker-1",
        "accepted, containers being created",
        "2 of 2 available",
        "containers running, Ready",
        "scaled 2 → 4",
        "image nginx:1.25 → nginx:1.26",
        "removed for good by its kubelet",
        "evicted",
        "dry run, nothing changed: patch",
        expect.stringMatching(/^denied 403 delete: /),
        expect.stringMatching(/^Event ScalingReplicaSet: Scaled up replica set nginx-7cd5cff77d/),
      ]),
    );
  });

  it("does not count a dry run as a change", () => {
    expect(trail?.steps.some((step) => step.what.includes("→ 9"))).toBe(false);
  });

  it("times the phases of every rollout", () => {
    expect(trail?.rollouts?.map((rollout) => [rollout.what, rollout.by])).toEqual([
      ["created with 2 replicas, nginx:1.25", "alice@example.com"],
      ["image nginx:1.25 → nginx:1.26", "alice@example.com"],
      ["image nginx:1.26 → nginx:1.27-typo", "alice@example.com"],
      ["image nginx:1.27-typo → nginx:1.26 (undo)", "alice@example.com"],
      ["restarted (restartedAt)", "alice@example.com"],
    ]);
    const first = trail?.phases.filter((phase) => phase.rollout === 0) ?? [];
    expect(first.map((phase) => phase.name)).toEqual([
      "ReplicaSet created",
      "pods created",
      "bound",
      "accepted",
      "containers started",
      "ready",
      "available",
    ]);
    for (const phase of trail?.phases ?? []) expect(phase.ms).toBeGreaterThanOrEqual(0);
    expect(trail?.rollouts?.[0]?.ms).toBeCloseTo(682.037, 2);
  });
});

describe("names with several lives", () => {
  it("means the latest and lists the others", () => {
    const trail = lineage.trail("po/debug-shell", "demo");
    expect(trail?.nodes[0]).toMatchObject({ uid: "8dd2065e-b0ae-45ab-8df4-d21461904069", incarnation: 2 });
    expect(trail?.otherLives.map((life) => life.id)).toEqual(["64ccc728-bfd6-4af7-acd3-723eca59d3fc"]);
    expect(lineage.trail("pod/debug-shell#1", "demo")?.nodes[0]?.uid).toBe("64ccc728-bfd6-4af7-acd3-723eca59d3fc");
  });

  it("takes a uid, a custom resource and a name without namespace", () => {
    expect(lineage.trail("64ccc728-bfd6-4af7-acd3-723eca59d3fc")?.nodes[0]?.incarnation).toBe(1);
    expect(lineage.trail("widget/widget-a", "demo")?.nodes.map((node) => node.name)).toEqual([
      "widget-a",
      "widget-a-config",
    ]);
    expect(lineage.trail("Deployment.apps/nginx")?.object).toBe("deploy/nginx -n demo");
    expect(lineage.trail("deploy/no-such-thing", "demo")).toBeNull();
    expect(lineage.trail("__proto__/constructor")).toBeNull();
  });
});

describeShared("every object of the recording's snapshots", ["data/cluster/R/objects.jsonl"], (objects) => {
  const lines = readFileSync(objects, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  // Later snapshots come first, so that the first one wins: an orphaned pod still was its StatefulSet's.
  const seen = new Map(
    lines.toReversed().map((line) => {
      const snapshot = JSON.parse(line) as { uid: string; kind: string; owner?: string[]; node?: string | null };
      return [snapshot.uid, snapshot];
    }),
  );

  it("has the same owner and node", () => {
    for (const { uid, owner, node, kind } of seen.values()) {
      const trail = lineage.trail(uid);
      const found = trail?.nodes.find((entry) => entry.uid === uid);
      expect(found, `${kind} ${uid}`).toBeDefined();
      expect(found?.node ?? null).toBe(node ?? null);
      expect(found?.owner?.id ?? null).toBe(owner?.[0]?.split("/")[2] ?? null);
    }
  });
});
