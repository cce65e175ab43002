import { afterEach, describe, expect, it } from "vitest";
import type { AnswerFor, Asks, Engine, EngineOptions } from "../../src/engine/contract.ts";
import { createEngine, createExplorerEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { rightText } from "../../src/rbac/right.ts";
import { subjectOfUser } from "../../src/rbac/subject.ts";
import { DEMO } from "../support/log-files.ts";

const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function local(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = createEngine({ inputs: [DEMO], ...options });
  open.push(engine);
  await engine.loaded();
  return engine;
}

const EVERYBODY = { filter: MATCH_ALL, subjects: [], names: true, evidence: true } satisfies Asks["accesses"]["ask"];

function requestsIn({ accesses }: AnswerFor<"accesses">): number {
  return accesses.reduce((sum, { requests }) => sum + requests, 0);
}

describe("accesses", () => {
  it("are every request once, and the same from the explorer's thread", async () => {
    const here = await (await local()).ask("accesses", EVERYBODY);
    expect(requestsIn(here)).toBe(8_819);
    expect(here).toMatchObject({ unread: 0, unknown: 0 });
    const engine = createExplorerEngine({ inputs: [DEMO] });
    open.push(engine);
    engine.begin();
    await engine.loaded();
    expect(await engine.ask("accesses", EVERYBODY)).toEqual(here);
  });

  it("of a subject are what it did, and what it did as others, with as whom", async () => {
    const engine = await local();
    const ask = { ...EVERYBODY, subjects: [subjectOfUser("carol@example.com")] };
    const { accesses } = await engine.ask("accesses", ask);
    const acting = accesses.filter(({ asFrom }) => asFrom === "carol@example.com");
    expect(acting.map(({ user, evidence }) => [user, evidence[0]?.impersonation?.constraint]).sort()).toEqual([
      ["bob@example.com", "impersonate:user-info"],
      ["system:serviceaccount:ingress:traefik", "impersonate:serviceaccount"],
    ]);
    expect(accesses.every(({ user, asFrom }) => [user, asFrom].includes("carol@example.com"))).toBe(true);
    const binding = accesses.find(({ attributes }) => rightText(attributes).startsWith("create clusterrolebindings"));
    expect(binding?.evidence.map(({ role }) => role?.name)).toContain("cluster-admin");
  });

  it("are fewer without names, of as many requests", async () => {
    const engine = await local();
    const named = await engine.ask("accesses", EVERYBODY);
    const unnamed = await engine.ask("accesses", { ...EVERYBODY, names: false });
    expect(unnamed.accesses.length).toBeLessThan(named.accesses.length);
    expect(requestsIn(unnamed)).toBe(requestsIn(named));
    expect(unnamed.accesses.every(({ attributes }) => attributes.name === "")).toBe(true);
  });

  it("count what did not fit in memory instead of guessing", async () => {
    const engine = await local({ dictionaryBytes: 8_192 });
    const answer = await engine.ask("accesses", EVERYBODY);
    expect(answer.unknown).toBeGreaterThan(0);
    expect(requestsIn(answer) + answer.unknown).toBe(8_819);
    const names = new Set(
      (await (await local()).ask("accesses", EVERYBODY)).accesses.map(({ attributes }) => attributes.name),
    );
    expect(answer.accesses.filter(({ attributes }) => !names.has(attributes.name))).toEqual([]);
  });
});
