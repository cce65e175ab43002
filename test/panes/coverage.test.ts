import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { coverageAnswers } from "../../src/panes/coverage/answers.ts";
import type { Sample } from "../../src/findings/contract.ts";
import { engineOfFile, engineOfSample, sampleLines } from "../support/finding-sample.ts";

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

describe("what each input holds", () => {
  it("is told by its own span, levels and stages, each of its API server", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-coverage-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const all = sampleLines([
      { verb: "watch", resource: "pods", latencyMs: 90_000 },
      { at: 10, verb: "list", resource: "pods", times: 5, every: 1 },
      { at: 100, verb: "create", resource: "pods", request: BODY, times: 3, every: 1 },
      { at: 110, verb: "update", resource: "pods", name: "p", annotations: { "audit.k8s.io/truncated": "true" } },
    ]).split("\n");
    writeFileSync(join(folder, "cp1-audit.log"), `${all.slice(1, 6).join("\n")}\n`);
    writeFileSync(join(folder, "cp2-audit.log"), `${[all[0], ...all.slice(6)].join("\n")}\n`);
    const engine = engineOfFile(folder);
    try {
      await engine.loaded();
      const { inputs, servers } = await engine.ask("coverage", {});
      const told = inputs
        .toSorted((a, b) => (a.path < b.path ? -1 : 1))
        .map(
          ({ path, servers: own, requests, from, to, levels, stages, cutBodies }) =>
            [basename(path), own, requests, from.slice(11, 19), to.slice(11, 19), levels, stages, cutBodies] as const,
        );
      expect(told).toEqual([
        ["cp1-audit.log", ["cp1"], 5, "10:00:10", "10:00:14", { Metadata: 5 }, { ResponseComplete: 5 }, 0],
        // The watch of 10:00:00 ended while the others were asked.
        [
          "cp2-audit.log",
          ["cp2"],
          5,
          "10:01:40",
          "10:01:50",
          { RequestResponse: 3, Metadata: 2 },
          { ResponseComplete: 5 },
          1,
        ],
      ]);
      expect(servers.map(({ apiserver, requests }) => [apiserver, requests]).sort()).toEqual([
        ["cp1", 5],
        ["cp2", 5],
      ]);
    } finally {
      await engine.close();
    }
  });
});
