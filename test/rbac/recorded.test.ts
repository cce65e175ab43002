import { expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { RbacAuthorizer } from "../../src/rbac/authorizer.ts";
import { subjectOfUser } from "../../src/rbac/subject.ts";
import { logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";
import { objectsIn } from "./manifests.ts";
import { type Proof, proofsOf, tupleOf, usersOf, yamlFor } from "./proof.ts";
import { decisionOf, isAllowed, requestsIn } from "./raw-requests.ts";

/** She was refused it in one namespace, then became allowed to do it in all: RBAC has no rule for all namespaces but one. */
const INSEPARABLE: readonly string[] = ["mallory@example.com list secrets in demo"];

describeShared(
  "least rights of everybody in a recorded cluster",
  ["data/cluster/R", "data/cluster/V/audit.log.gz", "data/cluster/X1/X1.log.gz"],
  (r, v, x1) => {
    const logs = { R: logsIn(r), V: [v], X1: [x1] } as const;

    it.each(Object.entries(logs))(
      "allow what was allowed in %s, nothing refused, and nothing for nothing",
      async (name, files) => {
        const proofs: Proof[] = [];
        for await (const proof of proofsOf(files)) proofs.push(proof);
        expect(proofs.length).toBeGreaterThan(20);
        expect(proofs.flatMap(({ lost, gained, superfluous }) => [...lost, ...gained, ...superfluous])).toEqual([]);
        expect(proofs.flatMap(({ inseparable }) => inseparable)).toEqual(name === "R" ? INSEPARABLE : []);
      },
    );

    it("stay exact when everybody is asked for at once, by whomever somebody acted as", async () => {
      const requests = requestsIn(logs.R).filter((event) => decisionOf(event) !== "");
      const engine = createEngine({ inputs: logs.R });
      await engine.loaded();
      const yaml = await yamlFor(engine, [...usersOf(requests)].map(subjectOfUser));
      await engine.close();
      const authorizer = new RbacAuthorizer(objectsIn(yaml));
      const lost = requests.filter((event) => decisionOf(event) === "allow" && !isAllowed(authorizer, event));
      expect(lost.map(tupleOf)).toEqual([]);
    });
  },
);
