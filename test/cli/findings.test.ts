import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sample } from "../../src/findings/contract.ts";
import { sampleLines } from "../support/finding-sample.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-findings-cli-"));
beforeAll(ensureBuilt);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUIET: Sample = [{ user: "ann", verb: "list", resource: "pods", namespace: "a", times: 10, every: 7 }];
const DUMP: Sample = [...QUIET, { user: "ivan", verb: "list", resource: "secrets" }];
const MORE: Sample = [...DUMP, { user: "eve", verb: "delete", resource: "namespaces", name: "shop" }];

function log(name: string, sample: Sample): string {
  const path = join(folder, name);
  writeFileSync(path, sampleLines(sample));
  return path;
}

interface Document {
  readonly findings: readonly { readonly id: string; readonly subject: { readonly user?: string } }[];
  readonly suppressed: readonly { readonly because: string; readonly findings: number }[];
  readonly inBaseline?: number;
}

async function documentOf(args: readonly string[]): Promise<Document> {
  const ran = await ktrail(["findings", ...args, "-o", "json"]);
  expect(ran.stderr).toBe("");
  return JSON.parse(ran.stdout) as Document;
}

describe("ktrail findings", () => {
  it("exits with 4 when something is as bad as asked, and only then", async () => {
    expect((await ktrail(["findings", log("dump", DUMP), "--fail-on", "critical"])).code).toBe(4);
    expect((await ktrail(["findings", log("quiet", QUIET), "--fail-on", "info"])).code).toBe(0);
  });

  it("leaves out what a known-good log has too, and says how much", async () => {
    const document = await documentOf([log("more", MORE), "--baseline", log("good", DUMP)]);
    expect(document.findings.map(({ id }) => id)).toEqual(["namespace-deleted"]);
    expect(document.inBaseline).toBe(1);
    const missing = await ktrail(["findings", log("more", MORE), "--baseline", join(folder, "nothing")]);
    expect(missing.code).toBe(3);
    expect(missing.stderr).toContain("--baseline");
  });

  it("leaves out what is expected, counted with its reason", async () => {
    const file = join(folder, "findings.yaml");
    writeFileSync(file, "expected:\n  - id: secrets-*\n    user: iv*\n    because: backups\n");
    const document = await documentOf([log("dump", DUMP), "--expected", file]);
    expect(document.findings).toEqual([]);
    expect(document.suppressed).toMatchObject([{ because: "backups", findings: 1 }]);
  });

  it("runs a command for each that is bad enough, with the finding on its stdin", async () => {
    const out = join(folder, "ran.jsonl");
    const ran = await ktrail(["findings", log("more", MORE), "--on", "critical", "--run", `cat >> '${out}'`]);
    expect(ran.code).toBe(0);
    const told = readFileSync(out, "utf8").trim().split("\n");
    expect(told.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(["secrets-list-all"]);
    expect((await ktrail(["findings", log("more", MORE), "--on", "critical"])).code).toBe(2);
  });

  it("tells what an input has that cannot grow, and ends, when it is to follow it", async () => {
    const path = join(folder, "dump.log.gz");
    writeFileSync(path, gzipSync(sampleLines(MORE)));
    const ran = await ktrail(["findings", "-f", path, "-o", "jsonl"]);
    const ids = ran.stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { readonly id: string }).id);
    expect(ids).toEqual(["secrets-list-all", "namespace-deleted"]);
  });

  it("prints SARIF with a rule for each kind of finding", async () => {
    const { stdout } = await ktrail(["findings", log("more", MORE), "-o", "sarif"]);
    const { runs } = JSON.parse(stdout) as {
      runs: readonly [
        {
          tool: { driver: { rules: readonly { id: string; properties: { tags: readonly string[] } }[] } };
          results: readonly { ruleId: string; ruleIndex: number; level: string }[];
        },
      ];
    };
    expect(runs[0].results).toMatchObject([
      { ruleId: "secrets-list-all", level: "error" },
      { ruleId: "namespace-deleted", level: "note" },
    ]);
    const { rules } = runs[0].tool.driver;
    expect(runs[0].results.map(({ ruleIndex }) => rules[ruleIndex]?.id)).toEqual(
      runs[0].results.map(({ ruleId }) => ruleId),
    );
    for (const { properties } of rules) expect(new Set(properties.tags).size).toBe(properties.tags.length);
  });
});
