import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DETECTORS } from "../../src/findings/registry.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { LOST_FINDINGS } from "../../src/redaction/lost-findings.ts";
import { Redactor } from "../../src/redaction/redactor.ts";
import { sampleLines, wholeSample } from "../support/finding-sample.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-lost-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function foundIds(lines: string): Promise<readonly string[]> {
  const path = join(folder, "sample.log");
  writeFileSync(path, lines);
  const engine = createEngine({ inputs: [path] });
  try {
    await engine.loaded();
    const { findings } = await engine.ask("findings", { filter: MATCH_ALL, expectations: [], auditIDs: 0 });
    return findings.map(({ id }) => id);
  } finally {
    await engine.close();
  }
}

function redacted(lines: string): string {
  const redactor = new Redactor({ key: Buffer.from("a key for this test"), keep: [] });
  const events = lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const event of events) redactor.learn(event);
  return events.map((event) => `${JSON.stringify(redactor.redact(event))}\n`).join("");
}

const APART = 600;

/** All that every detector finds, one after the other. */
function everyHit(): string {
  return DETECTORS.flatMap((detector) => detector.hits.map((hit) => wholeSample(detector, hit)))
    .map((hit, at) =>
      sampleLines(hit.map((request, first) => (first === 0 ? { ...request, at: at * APART } : request))),
    )
    .join("");
}

function counts(ids: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1);
  return found;
}

describe("findings of a redacted log", () => {
  it("are those of the original, but for the ones that are named as lost", { timeout: 60_000 }, async () => {
    const log = everyHit();
    const [before, after] = [counts(await foundIds(log)), counts(await foundIds(redacted(log)))];
    const lost = [...before].filter(([id, number]) => (after.get(id) ?? 0) < number).map(([id]) => id);
    expect(before.size).toBeGreaterThan(DETECTORS.length * 0.8);
    const named = LOST_FINDINGS.filter(({ loses }) => loses === "all").map(({ id }) => id);
    expect(lost.sort()).toEqual(named.sort());
    expect(LOST_FINDINGS.filter(({ id }) => !DETECTORS.some((detector) => detector.id === id))).toEqual([]);
  });
});
