import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/contract.ts";
import type { PolicyReport } from "../../src/engine/policy-report.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { FEATURES } from "../../src/policy/needs/features.ts";
import { readPolicies } from "../../src/policy/read-policy.ts";
import { Replay } from "../../src/policy/replay.ts";
import { auditedEvents } from "../policy/audited-events.ts";
import { logsIn } from "../support/log-files.ts";

const USUAL = "fixtures/policies/usual.yaml";

let engine: Engine;

beforeAll(() => {
  engine = createEngine({ inputs: ["fixtures/demo"] });
});
afterAll(() => engine.close());

async function report(path: string | null, partial: PolicyReport[] = []): Promise<PolicyReport> {
  return engine.ask("policy", { path, pass: 0 }, undefined, (answer) => void partial.push(answer));
}

/** The log of the tests under a policy, event by event. */
function replayed(text: string): ReturnType<Replay["result"]> {
  const [read] = readPolicies(text);
  if (read?.policy === undefined || read.policy === null) throw new Error("no policy");
  const replay = new Replay(read.policy, FEATURES, []);
  for (const path of logsIn("fixtures/demo")) for (const event of auditedEvents(path)) replay.see(event);
  return replay.result();
}

describe("what a policy makes of the log", () => {
  it("is told of every event, stage by stage, before the log is read to its end too", async () => {
    const { replay, given, isKept } = await report(USUAL);
    const expected = replayed(readFileSync(USUAL, "utf8"));
    expect(replay?.in).toEqual(expected.in);
    expect(replay?.rules).toEqual(expected.rules);
    const isFinding = ({ feature }: { readonly feature: string }): boolean => feature.startsWith("finding ");
    expect(replay?.loses.filter((loss) => !isFinding(loss))).toEqual(expected.loses);
    expect(replay?.loses.filter(isFinding)).not.toHaveLength(0);
    expect(given?.error).toBeNull();
    expect(given?.items.map(({ id }) => id)).toContain("managed-fields");
    expect(isKept).toBe(false);
  });

  it("is of the suggestion where none is given, which keeps what it promises", async () => {
    const { replay, suggestion, suggestionText, given } = await report(null);
    expect(given).toBeNull();
    expect(replay?.kept).toEqual(suggestion.kept);
    expect(replayed(suggestionText).kept).toEqual(suggestion.kept);
  });

  it("says why there is nothing to tell of a file, and still suggests", async () => {
    const missing = await report("none.yaml");
    expect(missing.given?.error).toBe("none.yaml does not exist");
    expect(missing.suggestion.rules.length).toBeGreaterThan(0);
    const refused = await report("fixtures/policies/refused.yaml");
    expect(refused.given?.items.some(({ severity }) => severity === "error")).toBe(true);
    expect(refused.replay).toBeNull();
    const several = await report("fixtures/policies/several.yaml");
    expect(several.given?.error).toContain("holds 2 policies");
    expect((await report("fixtures/policies/several.yaml#loud.yaml")).policy?.rules).toHaveLength(1);
    expect((await report("-")).given?.error).toBe("a policy for the screen has to be a file");
  });

  it("says what is known without findings before these are there", async () => {
    const partial: PolicyReport[] = [];
    const { replay } = await engine.ask("policy", { path: USUAL, pass: 2 }, undefined, (one) => void partial.push(one));
    expect(replay).not.toBeNull();
    expect(partial[0]).toMatchObject({ replay: null, given: { error: null }, partial: { done: 0, of: 1 } });
  });

  it("is read again only when that is asked for", async () => {
    expect(await report(USUAL)).toBe(await report(USUAL));
    expect(await engine.ask("policy", { path: USUAL, pass: 1 })).not.toBe(await report(USUAL));
  });

  it("stops when the question is taken back", async () => {
    const stop = new AbortController();
    const asked = engine.ask("policy", { path: "fixtures/policies/metadata.yaml", pass: 7 }, stop.signal);
    stop.abort();
    await expect(asked).rejects.toThrow(/abort/i);
  });
});
