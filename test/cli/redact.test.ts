import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DIMENSIONS, MATCH_ALL } from "../../src/queries/contract.ts";
import { LOST_FINDINGS } from "../../src/redaction/lost-findings.ts";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-redact-"));
beforeAll(ensureBuilt);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOG = logsIn(DEMO).at(-1) ?? "";
const inFolder = (name: string): string => join(folder, name);

describe("ktrail redact", () => {
  it("writes events one a line from what is packed or wrapped, leaves out what is none, and says so", async () => {
    const [first = "", second = "", third = ""] = linesOf(LOG);
    writeFileSync(inFolder("wrapped.log.gz"), gzipSync(`{"kind":"EventList","items":[${first},${second}]}\n`));
    mkdirSync(inFolder("b"));
    writeFileSync(inFolder("b/audit.log"), `${third}\n{"cut": \n${third.slice(0, 80)}`);
    const out = inFolder("several");
    const ran = await ktrail(["redact", inFolder("wrapped.log.gz"), inFolder("b/audit.log"), "-o", out]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/skipped, first at/);
    expect(readdirSync(out).sort()).toEqual(["server-1", "server-2"]);
    const [one, two] = ["server-1", "server-2"].map((name) => linesOf(join(out, name, "audit.log")));
    expect([one?.length, two?.length]).toEqual([2, 1]);
    const given = JSON.parse(first) as Record<string, unknown>;
    const written = JSON.parse(one?.[0] ?? "") as Record<string, unknown>;
    for (const key of ["auditID", "verb", "stage", "level", "requestReceivedTimestamp", "stageTimestamp"])
      expect(written[key]).toEqual(given[key]);
    expect(Object.keys(written)).toEqual(Object.keys(given));
    expect(statSync(join(out, "server-1/audit.log")).mode & 0o777).toBe(0o600);
    expect(statSync(out).mode & 0o777).toBe(0o700);
    for (const { id } of LOST_FINDINGS) expect(ran.stdout).toContain(id);
  });

  it("makes the same of a pipe and of a file with a key, other pseudonyms without, and tells who is who on request", async () => {
    writeFileSync(inFolder("key"), "0123456789abcdef0123456789abcdef");
    const line = (out: string, ...more: readonly string[]): readonly string[] => [
      "redact",
      LOG,
      "-o",
      inFolder(out),
      ...more,
    ];
    await ktrail(line("one", "--key", inFolder("key"), "--mapping", inFolder("names.jsonl")));
    await ktrail(line("two", "--key", inFolder("key")));
    await ktrail(line("three"));
    const text = (out: string): string => readFileSync(join(inFolder(out), "audit.log"), "utf8");
    expect([text("two") === text("one"), text("three") === text("one")]).toEqual([true, false]);
    const piped = await ktrail(["redact", "-", "-o", inFolder("piped"), "--key", inFolder("key")], {
      stdin: readFileSync(LOG),
    });
    expect(piped.code).toBe(0);
    expect(text("piped").split("\n")).toHaveLength(text("one").split("\n").length);
    const names = linesOf(inFolder("names.jsonl")).map(
      (line) => JSON.parse(line) as { readonly original: string; readonly pseudonym: string },
    );
    const nodes = names.filter(({ original }) => original === "worker-1");
    expect(nodes).not.toEqual([]);
    expect(text("one").includes(`"system:node:${nodes[0]?.pseudonym ?? ""}"`)).toBe(true);
    expect(statSync(inFolder("names.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("writes over nothing, and leaves nothing behind when it is refused", async () => {
    mkdirSync(inFolder("mine"));
    writeFileSync(inFolder("mine/audit.log"), readFileSync(LOG));
    const ran = await ktrail(["redact", inFolder("mine/audit.log"), "-o", inFolder("mine")]);
    expect([ran.code, readdirSync(inFolder("mine"))]).toEqual([2, ["audit.log"]]);
    expect(ran.stderr).toContain("it is not empty");
    expect((await ktrail(["redact", LOG])).stderr).toContain("-o DIR");
    expect((await ktrail(["redact", LOG, "-o", inFolder("x"), "--key", "/nonexistent"])).code).toBe(2);
    writeFileSync(inFolder("short"), "abc");
    expect((await ktrail(["redact", LOG, "-o", inFolder("y"), "--key", inFolder("short")])).stderr).toContain(
      "too short",
    );
    const none = await ktrail(["redact", inFolder("short"), "-o", inFolder("none")]);
    expect([none.code, readdirSync(inFolder("none"))]).toEqual([3, []]);
  });

  it("answers as the original does, by every dimension", async () => {
    const out = inFolder("top");
    await ktrail(["redact", LOG, "-o", out]);
    const [before, after] = await Promise.all([LOG, join(out, "audit.log")].map(figures));
    expect(after).toEqual(before);
  });

  it("has the same lives under other names", async () => {
    const out = inFolder("lives");
    await ktrail(["redact", DEMO, "-o", out, "--mapping", inFolder("lives.jsonl"), "--keep", "namespaces"]);
    const names = linesOf(inFolder("lives.jsonl")).map(
      (line) => JSON.parse(line) as { original: string; pseudonym: string },
    );
    const nginx = names.find(({ original }) => original === "nginx")?.pseudonym ?? "";
    const lifeOf = async (name: string, log: string): Promise<unknown> => {
      const { stdout } = await ktrail(["trail", `deploy/${name}`, "-n", "demo", log, "-o", "json"]);
      const { nodes, steps, phases, rollouts } = JSON.parse(stdout) as Record<string, Record<string, unknown>[]>;
      return {
        nodes: nodes?.map(({ kind, incarnation, created, deleted }) => [kind, incarnation, created, deleted]),
        steps: steps?.map(({ t, atMs, actorClass, verb, code }) => [t, atMs, actorClass, verb, code]),
        phases,
        rollouts: rollouts?.map(({ revision, from, to, ms }) => [revision, from, to, ms]),
      };
    };
    const [before, after] = await Promise.all([lifeOf("nginx", DEMO), lifeOf(nginx, out)]);
    expect(after).toEqual(before);
  });
});

/** Of every group by each dimension, without its names, in no order. */
async function figures(path: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const engine = createEngine({ inputs: [path] });
  try {
    await engine.loaded();
    const found: Record<string, readonly string[]> = {};
    for (const by of DIMENSIONS) {
      const { rows } = await engine.ask("groups", { filter: MATCH_ALL, by: [by] });
      found[by] = rows.map((row) => JSON.stringify({ ...row, key: null })).sort();
    }
    return found;
  } finally {
    await engine.close();
  }
}
