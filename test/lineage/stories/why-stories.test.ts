import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WhyResult } from "../../../src/lineage/contract.ts";
import { ensureBuilt, ktrail } from "../../support/program.ts";
import { Story, type StoryLevel } from "./story.ts";
import { TALES } from "./tales.ts";

/** Causes no recorded log has: each in a log of its own, asked as a user would. */
let folder = "";
beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "ktrail-stories-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each<StoryLevel>(["RequestResponse", "Request", "Metadata"])("why, at level %s", (level) => {
  it.each(TALES.map((tale) => [tale.name, tale] as const))("%s", async (name, tale) => {
    const story = new Story(level, name);
    tale.play(story, "shop");
    const path = join(folder, `${level}-${String(TALES.indexOf(tale))}.log`);
    writeFileSync(path, `${story.lines.join("\n")}\n`);
    const { code, stdout, stderr } = await ktrail(["why", tale.object, "-n", "shop", path, "-o", "json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const answer = JSON.parse(stdout) as WhyResult;
    const expected = { ...tale, ...(level === "RequestResponse" ? {} : tale.at[level]) };
    expect({ verdict: answer.verdict, by: answer.chain.map(({ by }) => by) }).toEqual({
      verdict: expected.verdict,
      by: expected.by,
    });
    for (const link of answer.chain) {
      expect(story.lines.some((line) => line.includes(`"auditID":"${link.auditID}"`))).toBe(true);
    }
    const needs = level === "Metadata" ? tale.at.Metadata?.needs : undefined;
    if (needs !== undefined) expect(answer.missing?.join("\n")).toMatch(needs);
    if (level === "RequestResponse")
      expect({ confidence: answer.confidence, missing: answer.missing }).toMatchSnapshot();
    else
      expect({
        confidence: answer.confidence,
        missing: answer.missing,
        because: answer.chain[0]?.because,
      }).toMatchSnapshot();
  });
});
