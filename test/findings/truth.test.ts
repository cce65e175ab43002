import { expect, it } from "vitest";
import { EXPECTED } from "../../src/findings/expected.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { engineOfFile } from "../support/finding-sample.ts";
import { describeShared } from "../support/shared-data.ts";
import { actsOf, bestOf, isBenign, matchedOf, verdictOf } from "./truth/acts.ts";

const ask = { filter: MATCH_ALL, expectations: EXPECTED, auditIDs: 0 };

describeShared(
  "findings in a cluster under attack",
  ["data/cluster/X1/X1.log.gz", "data/cluster/X1/TRUTH.jsonl"],
  (log, truth) => {
    it("tell of every act who, exactly how many requests and when", async () => {
      const engine = engineOfFile(log);
      try {
        await engine.loaded();
        const { findings } = await engine.ask("findings", ask);
        const acts = actsOf(truth);
        const matched = await matchedOf(engine, findings, acts);
        const wrong = acts.flatMap((act) => {
          const best = bestOf(
            matched.flatMap((one) => (one.act === act ? [one.finding] : [])),
            act,
          );
          if (isBenign(act)) return best === undefined || best.severity === "info" ? [] : [act.id];
          const right = { subject: true, count: 0, seconds: 0 };
          const verdict = best === undefined ? null : verdictOf(best, act);
          return JSON.stringify(verdict) === JSON.stringify(right) ? [] : [`${act.id} ${JSON.stringify(verdict)}`];
        });
        expect(acts.length).toBeGreaterThan(60);
        expect(wrong).toEqual([]);
      } finally {
        await engine.close();
      }
    });
  },
);

describeShared("findings in a quiet cluster", ["data/cluster/Q/Q.log.gz"], (log) => {
  it("are at most worth knowing", async () => {
    const engine = engineOfFile(log);
    try {
      await engine.loaded();
      const { findings, requests } = await engine.ask("findings", ask);
      expect(requests).toBeGreaterThan(1_000);
      expect(findings.filter(({ severity }) => severity !== "info").map(({ id, title }) => `${id} ${title}`)).toEqual(
        [],
      );
    } finally {
      await engine.close();
    }
  });
});
