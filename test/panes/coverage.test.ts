import { describe, expect, it } from "vitest";
import { coverageAnswers } from "../../src/panes/coverage/answers.ts";
import type { Sample } from "../../src/findings/contract.ts";
import { engineOfSample } from "../support/finding-sample.ts";

/** By question: the answer and why. */
async function answersOf(sample: Sample): Promise<Readonly<Record<string, string>>> {
  const engine = engineOfSample(sample);
  try {
    await engine.loaded();
    const answers = coverageAnswers(await engine.ask("coverage", {}));
    return Object.fromEntries(answers.map(({ question, answer, because }) => [question, `${answer}: ${because}`]));
  } finally {
    await engine.close();
  }
}

const SECRET = { verb: "get", resource: "secrets", namespace: "a", name: "s" };
const BODY = { kind: "Secret" };

describe("what a log can answer", () => {
  it.each<readonly [string, Sample, string, RegExp]>([
    [
      "Secrets at Metadata",
      [SECRET],
      "Who read Secrets, and what was in them?",
      /^partly: .*who read them yes, what was in them no/,
    ],
    [
      "Secrets with bodies",
      [{ ...SECRET, response: BODY }],
      "Who read Secrets, and what was in them?",
      /^yes: 1 request .* as secret as they are/,
    ],
    [
      "only writes of Secrets",
      [{ ...SECRET, verb: "create" }],
      "Who read Secrets, and what was in them?",
      /^partly: only writes/,
    ],
    ["no Secrets", [{ verb: "list", resource: "pods" }], "Who read Secrets, and what was in them?", /^no: /],
    ["no reads", [{ verb: "delete", resource: "pods", name: "p" }], "Who looked at what?", /^no: /],
    [
      "writes with bodies",
      [{ verb: "create", resource: "pods", request: BODY }],
      "What was changed, and to what?",
      /^yes: writes of all 1 kind/,
    ],
    [
      "writes with and without bodies",
      [
        { verb: "create", resource: "pods", request: BODY },
        { verb: "update", resource: "services", name: "s" },
      ],
      "What was changed, and to what?",
      /^partly: writes of 1 kind have bodies; of services/,
    ],
    ["no RequestReceived", [SECRET], "What did a restart cut off?", /^no: there is no stage RequestReceived/],
    ["RequestReceived", [{ ...SECRET, code: null }], "What did a restart cut off?", /^yes: .*1 still in flight/],
    ["no ResponseStarted", [SECRET], "Who failed to log in?", /^no: there is no stage ResponseStarted/],
    ["refused log-ins", [{ ...SECRET, user: "", code: 401, times: 3 }], "Who failed to log in?", /^yes: 3 requests/],
    ["nobody's requests", [SECRET, { ...SECRET, user: "" }], "Who did it, and from where?", /^partly: 1 request \(50/],
    ["no reasons", [{ ...SECRET, decision: "" }], "Why was it allowed?", /^no: /],
    [
      "no kubelets",
      [{ ...SECRET, user: "system:kube-scheduler" }],
      "Why is a pod gone?",
      /^partly: nothing of kubelets/,
    ],
    [
      "Events at Metadata",
      [{ verb: "create", resource: "events", namespace: "a" }],
      "Why does it not start, or crash?",
      /^partly: /,
    ],
    [
      "a silence",
      [
        { ...SECRET, times: 300, every: 0.2 },
        { ...SECRET, at: 160, times: 300, every: 0.2 },
      ],
      "Is every moment in it?",
      /^partly: 1m40s in 1 silence/,
    ],
    [
      "cut bodies",
      [{ ...SECRET, annotations: { "audit.k8s.io/truncated": "true" } }],
      "Is everything in it read?",
      /^partly: the API server took the bodies of 1 event/,
    ],
  ])("%s", async (_, sample, question, told) => {
    expect((await answersOf(sample))[question]).toMatch(told);
  });

  it("is nothing where there is no request", async () => {
    expect(await answersOf([])).toEqual({});
  });
});
