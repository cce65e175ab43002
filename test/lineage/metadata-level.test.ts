import { describe, expect, it } from "vitest";
import { ROWS } from "./ground-truth.ts";
import { birthsOf, falseLinks, scoreLinks, trueLinks } from "./link-truth.ts";
import { atMetadataLevel } from "./metadata-level.ts";
import { describeShared } from "../support/shared-data.ts";
import { DEMO, lineageOf, readEvents } from "./read-log.ts";

function ownerLinks(log: string): void {
  it("are all right with bodies, and nearly all without", () => {
    const events = readEvents(log);
    const truth = trueLinks(events);
    const births = birthsOf(events);
    const full = scoreLinks(lineageOf(events), truth, births);
    expect(full).toMatchObject({ wrong: 0, missing: 0 });
    const lineage = lineageOf(atMetadataLevel(events));
    const poor = scoreLinks(lineage, truth, births);
    expect(poor.total).toBeGreaterThan(50);
    expect(poor.right / poor.total).toBeGreaterThanOrEqual(0.95);
    expect(poor.wrongCertain).toBe(0);
    expect(falseLinks(lineage, truth, births)).toEqual([]);
  });
}

describe("owner links of the demo log", () => ownerLinks(DEMO));
describeShared("owner links of the volume log", ["data/cluster/V/audit.log.gz"], ownerLinks);

describe("the demo log at Metadata level", () => {
  const lineage = lineageOf(atMetadataLevel(readEvents(DEMO)));

  it("finds nearly every cause, and is never sure of a wrong one", () => {
    let right = 0;
    for (const [object, namespace, verdict, by] of ROWS) {
      const answer = lineage.why(object, namespace === "" ? undefined : namespace);
      if (answer?.verdict === verdict && answer.chain.at(-1)?.by === by) right += 1;
      else expect(answer?.confidence, object).not.toBe("certain");
    }
    expect(right / ROWS.length).toBeGreaterThanOrEqual(0.95);
  });

  it("says what the log lacks", () => {
    const trail = lineage.trail("deploy/nginx", "demo");
    expect(trail?.nodes).toHaveLength(27);
    expect(trail?.evidence.level).toBe("Metadata");
    expect(trail?.evidence.missing).toEqual([
      "owners are told by name and actor: certainty needs Request level for pods, replicasets",
      "some creates have no name in the log and were matched by time: needs RequestResponse level",
      "which of the 9 ConfigMaps, Secrets, claims and accounts written in its namespace it refers to: needs Request level for deployments.apps",
      "which objects HorizontalPodAutoscaler, PodDisruptionBudget, Service written in its namespace are for: needs Request level for them",
    ]);
    for (const node of trail?.nodes ?? []) {
      expect(node.owner?.confidence ?? "likely").toBe("likely");
      if (node.kind === "Pod") expect(node.node).toMatch(/^worker-[1-5]$/);
    }
  });
});
