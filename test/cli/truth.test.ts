import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Info } from "../../src/engine/contract.ts";
import { answering } from "../support/headless.ts";
import { describeShared } from "../support/shared-data.ts";

/** Counts of an independent Python script on real logs. */
const SCRIPT = "tools/truth.py";
const hasPython = spawnSync("python3", ["--version"]).status === 0;

interface Truth {
  readonly events: number;
  readonly bad: number;
  readonly duplicate: number;
  readonly requests: number;
  readonly span: { readonly from: string | null; readonly to: string | null };
  readonly levels: Readonly<Record<string, number>>;
  readonly stages: Readonly<Record<string, number>>;
  readonly by: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly queries: Readonly<Record<string, number>>;
}

interface Top {
  readonly requests: number;
  readonly groups: number;
  readonly rows: readonly { readonly key: Readonly<Record<string, string>>; readonly requests: number }[];
}

/** Null when the script cannot count the file (events without level or stage). */
function truthOf(script: string, ...files: readonly string[]): Truth | null {
  const run = spawnSync("python3", [script, ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
  return run.status === 0 ? (JSON.parse(run.stdout) as Truth) : null;
}

const answered = answering();

async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await answered([...args, "-o", "json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

function sameTime(found: string | null, expected: string | null): void {
  if (expected === null) expect(found).toBeNull();
  else expect(Date.parse(found ?? "")).toBe(Date.parse(expected));
}

function sameCounts(info: Info, truth: Truth): void {
  const skipped = info.inputs.map((input) => input.skipped);
  const sum = (of: (one: Info["inputs"][number]["skipped"]) => number): number =>
    skipped.reduce((all, one) => all + of(one), 0);
  expect({
    events: info.events,
    requests: info.requests,
    bad: sum((one) => one.bad + one.foreign + one.truncated),
    duplicate: sum((one) => one.duplicate),
  }).toEqual({ events: truth.events, requests: truth.requests, bad: truth.bad, duplicate: truth.duplicate });
  const present = (counts: Readonly<Record<string, number>>): object =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  expect(present(info.levels)).toEqual(truth.levels);
  expect(present(info.stages)).toEqual(truth.stages);
  sameTime(info.span.from, truth.span.from);
  sameTime(info.span.to, truth.span.to);
}

describeShared("cluster logs", ["data/cluster", SCRIPT], (cluster, script) => {
  const sets = readdirSync(cluster).filter((set) => existsSync(join(cluster, set, "TRUTH.json")));

  describe.each(sets)("set %s", (set) => {
    const folder = join(cluster, set);
    const truth = JSON.parse(readFileSync(join(folder, "TRUTH.json"), "utf8")) as Truth;
    const logs = readdirSync(folder)
      .filter((name) => name.includes(".log"))
      .map((name) => join(folder, name));

    it("has the counts of info", async () => {
      sameCounts(await json<Info>("info", ...logs), truth);
    });

    // The largest set takes seconds a run: its dimensions are checked on the others.
    it.each(set === "V" ? ["user", "resource"] : Object.keys(truth.by))(
      "has the counts of top --by %s",
      async (dimension) => {
        const top = await json<Top>("top", ...logs, "--by", dimension, "--limit", "all");
        expect(top.requests).toBe(truth.requests);
        const counts = new Map(top.rows.map(({ key, requests }) => [key[dimension] ?? "", requests]));
        const expected = truth.by[dimension] ?? {};
        // A request without groups is in no group.
        expect(Object.fromEntries([...counts].filter(([value]) => value in expected || value !== ""))).toEqual(
          expected,
        );
      },
    );

    it.each(set === "V" ? ["code:403"] : Object.keys(truth.queries))("has as many requests for %s", async (query) => {
      const top = await json<Top>("top", ...logs, "--by", "verb", "-q", query);
      expect(top.requests).toBe(truth.queries[query]);
      if (set === "R")
        expect(await json<unknown[]>("events", ...logs, "-q", query)).toHaveLength(truth.queries[query] ?? -1);
    });
  });

  it("counts a directory as its logs", async () => {
    const truth = JSON.parse(readFileSync(join(cluster, "R/TRUTH.json"), "utf8")) as Truth;
    sameCounts(await json<Info>("info", join(cluster, "R")), { ...truth });
  });

  it.skipIf(!hasPython)("counts webhook bodies as the events in them", async () => {
    const file = join(cluster, "W/eventlists.ndjson.gz");
    const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
    const events = lines.flatMap((line) => (JSON.parse(line) as { items: object[] }).items);
    const folder = mkdtempSync(join(tmpdir(), "ktrail-truth-"));
    const flat = join(folder, "flat.log");
    writeFileSync(flat, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    const truth = truthOf(script, flat);
    rmSync(folder, { recursive: true });
    sameCounts(await json<Info>("info", file), truth as Truth);
  });
});

describeShared("public logs", ["data/public", SCRIPT], (logs, script) => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ktrail-truth-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  interface PublicFile {
    readonly format: string;
    readonly events: number;
    readonly envelope_paths: Readonly<Record<string, number>>;
  }
  const files = JSON.parse(readFileSync(join(logs, "TRUTH.json"), "utf8")) as Readonly<Record<string, PublicFile>>;
  const native = Object.entries(files).filter(
    ([, { format, envelope_paths }]) =>
      format.startsWith("json") && Object.keys(envelope_paths).length === 1 && "native@(root)" in envelope_paths,
  );

  /** One event a line, for a script that reads nothing else: whole-file JSON is flattened, lines stay as they are. */
  function asLines(path: string): string {
    const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
    let documents: readonly object[];
    try {
      const value = JSON.parse(text) as { items?: object[] } | object[];
      documents = Array.isArray(value) ? value : ((value as { items?: object[] }).items ?? [value]);
    } catch {
      return path;
    }
    const flat = join(folder, basename(path));
    writeFileSync(flat, documents.map((event) => `${JSON.stringify(event)}\n`).join(""));
    return flat;
  }

  it.skipIf(!hasPython).each(native)("%s", async (name, { events }) => {
    const path = join(logs, name);
    const truth = truthOf(script, asLines(path));
    const info = await json<Info>("info", path);
    if (truth === null) expect(info.events + (info.inputs[0]?.skipped.duplicate ?? 0)).toBe(events);
    else sameCounts(info, truth);
  });

  const others = Object.entries(files).filter(
    ([, { events, envelope_paths }]) => events === 0 && Object.keys(envelope_paths).length === 0,
  );

  it.each(others)("refuses %s in one sentence", async (name) => {
    const { code, stderr } = await answered(["info", join(logs, name)]);
    expect(code).toBe(3);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr.replace(join(logs, name), "")).toMatch(
      /^ktrail:  looks like .{3,100}, not a Kubernetes audit log\n$/,
    );
  });
});
