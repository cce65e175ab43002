import { describe, expect, it } from "vitest";
import type { Finding, Sample, SampleRequest } from "../../src/findings/contract.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { engineOfSample } from "../support/finding-sample.ts";

const ERIK = { user: "erik", ip: "10.0.0.9", ua: "kubectl/v1.36.2" };
const DISCOVERY: Sample = ["/openapi/v3", "/api", "/apis"].map((resource) => ({ ...ERIK, verb: "get", resource }));
const DEED: SampleRequest = {
  ...ERIK,
  verb: "delete",
  resource: "networkpolicies.networking.k8s.io",
  namespace: "shop",
  name: "default-deny",
};

async function found(sample: Sample): Promise<Finding> {
  const engine = engineOfSample(sample);
  try {
    await engine.loaded();
    const { findings } = await engine.ask("findings", { filter: MATCH_ALL, expectations: [], auditIDs: 0 });
    const finding = findings.find(({ id }) => id === "policy-deleted");
    if (finding === undefined) throw new Error("not found");
    return finding;
  } finally {
    await engine.close();
  }
}

describe("the run that an act belongs to", () => {
  it.each<readonly [string, Sample, number]>([
    ["has the discovery before and the look after", [...DISCOVERY, DEED, { ...DEED, verb: "get", code: 404 }], 5],
    [
      "has what was done with the same object minutes before",
      [...DISCOVERY, { ...DEED, verb: "create", code: 201 }, { ...DEED, at: 200 }],
      5,
    ],
    [
      "ends where there is a pause",
      [...DISCOVERY, { ...DEED, at: 8 }, { ...ERIK, at: 15, verb: "get", resource: "/api" }],
      1,
    ],
    [
      "has nobody else's requests",
      [{ ...DEED, user: "olga", verb: "get" }, DEED, { ...DEED, ip: "10.0.0.10", verb: "get" }],
      1,
    ],
    [
      "is none where much else was done in it",
      [
        ...DISCOVERY,
        ...Array.from({ length: 13 }, (_, at) => ({
          ...ERIK,
          verb: "get",
          resource: "pods",
          namespace: "shop",
          name: `p${at}`,
        })),
        DEED,
      ],
      1,
    ],
  ])("%s", async (_, sample, requests) => {
    expect((await found(sample)).count).toBe(requests);
  });
});
