import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Evaluator, evaluatorOf, isWritten } from "../../src/policy/evaluate.ts";
import { readPolicies } from "../../src/policy/read-policy.ts";
import { linesOf, logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";
import { auditedEvents } from "./audited-events.ts";

/** One event as the API server's own code decides about it. */
interface TrueEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly requestReceivedTimestamp: string;
  readonly level: string;
  readonly rule: number;
  readonly omitted: boolean;
  readonly omitManagedFields: boolean;
  readonly bytesOut: number;
}

interface Truth {
  readonly policyError?: string;
  readonly rules: number;
}

function truthOf(folder: string, id: string): Truth {
  return JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8")) as Truth;
}

function idsIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => (/^[^.]+\.json$/.test(name) ? [basename(name, ".json")] : []));
}

/** Each event of the logs under each policy; lines that differ. `exact`: bytes too. */
function differences(
  folder: string,
  evaluators: ReadonlyMap<string, Evaluator>,
  paths: readonly string[],
  exact: boolean,
): string[] {
  const truths = [...evaluators].map(([id, evaluator]) => ({
    id,
    evaluator,
    lines: linesOf(join(folder, `${id}.events.jsonl.gz`)),
  }));
  const wrong: string[] = [];
  let at = 0;
  for (const path of paths) {
    for (const event of auditedEvents(path)) {
      for (const { id, evaluator, lines } of truths) {
        const truth = JSON.parse(lines[at] ?? "{}") as TrueEvent;
        const decision = evaluator.decide(event.user, event.attributes);
        const { level, rule, omitManagedFields } = decision;
        const written = isWritten(decision, event.stage);
        const isSame =
          truth.auditID === event.auditID &&
          truth.stage === event.stage &&
          truth.requestReceivedTimestamp === event.received &&
          truth.level === level &&
          truth.rule === rule &&
          truth.omitManagedFields === omitManagedFields &&
          truth.omitted !== written;
        const bytes = written && exact ? event.keptBytes(level, omitManagedFields) : truth.bytesOut;
        if (!isSame || bytes !== truth.bytesOut) wrong.push(`${id} ${String(at)}: ${lines[at] ?? ""}`);
      }
      at += 1;
    }
  }
  for (const { id, lines } of truths) if (lines.length !== at) wrong.push(`${id}: ${String(lines.length)} events`);
  return wrong;
}

/** The policies that have a truth for each event; whether the others are refused as they should be is checked. */
function evaluatorsOf(folder: string, policyOf: (id: string) => string): Map<string, Evaluator> {
  const evaluators = new Map<string, Evaluator>();
  for (const id of idsIn(folder)) {
    const policies = readPolicies(readFileSync(policyOf(id), "utf8"));
    expect(policies).toHaveLength(1);
    const { policy = null, problems = [] } = policies[0] ?? {};
    const truth = truthOf(folder, id);
    const refused = problems.some(({ kind }) => kind === "refused");
    expect(`${id} ${String(refused)}`).toBe(`${id} ${String(truth.policyError !== undefined)}`);
    if (policy === null || refused) continue;
    expect(policy.rules).toHaveLength(truth.rules);
    if (existsSync(join(folder, `${id}.events.jsonl.gz`))) evaluators.set(id, evaluatorOf(policy));
  }
  return evaluators;
}

describe("each event is decided about as the API server's own code does", () => {
  describeShared("made-up events and tricky policies", ["data/oracles/edge/events.jsonl"], (events) => {
    it("24 policies, and 14 that are refused or understood otherwise", () => {
      const edge = join(events, "..");
      const evaluators = evaluatorsOf(join(edge, "truth"), (id) => join(edge, "policies", `${id}.yaml`));
      expect(evaluators.size).toBeGreaterThan(20);
      // The events were not written by an API server, which escapes & and < in JSON.
      expect(differences(join(edge, "truth"), evaluators, [events], false)).toEqual([]);
    });
  });

  describeShared(
    "recorded logs and policies of the wild, to the byte",
    ["data/oracles/truth-policy", "data/oracles/policies", "data/cluster"],
    (truths, policies, cluster) => {
      const own = (id: string): string => join(cluster, "policy", `${id.replace("cluster-", "")}.yaml`);
      it.each([
        ["cluster-L", [join(cluster, "L/audit.log.gz")]],
        ["cluster-R", logsIn(join(cluster, "R"))],
        ["X1", [join(cluster, "X1/X1.log.gz")]],
      ])("%s", (log, paths) => {
        const folder = join(truths, log);
        const evaluators = evaluatorsOf(folder, (id) =>
          id.startsWith("cluster-") ? own(id) : join(policies, `${id}.yaml`),
        );
        expect(evaluators.size).toBeGreaterThan(12);
        expect(differences(folder, evaluators, paths, true)).toEqual([]);
      });
    },
  );

  describeShared("policies inside other files", ["data/policies", "data/oracles/policies"], (wild, extracted) => {
    it.each([
      ["gardener-configmap-custom-audit-policy", 1],
      ["kops-golden-audit-cluster", 1],
      ["openshift-audit-policies-configmap", 3],
      ["openshift-base-policy", 1],
      ["openshift-default", 1],
    ])("%s", (name, count) => {
      const read = readPolicies(readFileSync(join(wild, `${name}.yaml`), "utf8"));
      expect(read).toHaveLength(count);
      const rules = (text: unknown): unknown =>
        JSON.parse(JSON.stringify(text, (key, value: unknown) => (key === "place" ? undefined : value)));
      read.forEach(({ policy }, at) => {
        const [alone] = readPolicies(readFileSync(join(extracted, `${name}-embedded-${String(at)}.yaml`), "utf8"));
        expect(rules(policy)).toEqual(rules(alone?.policy));
      });
    });
  });
});
