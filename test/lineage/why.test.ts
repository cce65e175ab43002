import { describe, expect, it } from "vitest";
import { ALICE, BOB, controller, ROWS } from "./ground-truth.ts";
import { DEMO, lineageOf, readEvents } from "./read-log.ts";

const lineage = lineageOf(readEvents(DEMO));

describe("why it was deleted, as the recording's ground truth has it", () => {
  it.each(ROWS)("%s -n %s: %s, %s", (object, namespace, verdict, by, at) => {
    const answer = lineage.why(object, namespace === "" ? undefined : namespace);
    expect(answer?.verdict).toBe(verdict);
    expect(answer?.chain.at(-1)?.by).toBe(by);
    expect(answer?.chain[0]?.t.startsWith(`2026-11-21T00:${at}`)).toBe(true);
    expect(answer?.confidence).not.toBe("guess");
  });

  it("walks the whole chain of a scale-down", () => {
    const answer = lineage.why("po/nginx-857899445-7x5j6", "demo");
    expect(answer?.chain.map((link) => [link.object, link.what, link.by])).toEqual([
      ["pod/nginx-857899445-7x5j6 -n demo", "deleted", controller("replicaset-controller")],
      ["rs/nginx-857899445 -n demo", "scaled 4 → 2", controller("deployment-controller")],
      ["deploy/nginx -n demo", "scaled 4 → 2", ALICE],
    ]);
    expect(answer?.chain.at(-1)).toMatchObject({ ip: "127.0.0.50", actorClass: "human" });
  });

  it("tells what held an eviction back", () => {
    const answer = lineage.why("a1dcfafb-254d-4571-8e5c-666307e18419");
    expect(answer?.chain[0]?.because).toBe(
      `node worker-2 was drained; 3 before were blocked by a PodDisruptionBudget (429) until ${BOB} deleted db-pdb`,
    );
  });

  it("never takes the kubelet's final removal or a refused attempt for the cause", () => {
    for (const [object, namespace] of ROWS) {
      const answer = lineage.why(object, namespace === "" ? undefined : namespace);
      expect(answer?.chain.some((link) => link.by.startsWith("system:node:"))).toBe(false);
      expect(answer?.chain.some((link) => link.by === "mallory@example.com")).toBe(false);
    }
  });

  it("says alive, unknown and never created apart", () => {
    expect(lineage.why("no/worker-1")).toMatchObject({ verdict: "alive" });
    expect(lineage.why("po/ghost", "demo")).toMatchObject({ verdict: "unknown", chain: [] });
    expect(lineage.why("cm/never-created", "demo")).toMatchObject({
      verdict: "unknown",
      missing: ["only dry-run requests name it: it was never created"],
    });
    expect(lineage.why("po/not-in-the-log", "demo")).toBeNull();
  });
});
