import { describe, expect, it } from "vitest";
import type { Detector, Finding, Sample } from "../../src/findings/contract.ts";
import { SEVERITIES } from "../../src/findings/contract.ts";
import { DETECTORS } from "../../src/findings/registry.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { engineOfSample, wholeSample } from "../support/finding-sample.ts";

async function foundIn(
  sample: Sample,
  id: string,
): Promise<readonly (Finding & { readonly selected: number; readonly selectedIds: readonly string[] })[]> {
  const engine = engineOfSample(sample);
  try {
    await engine.loaded();
    const { findings } = await engine.ask("findings", {
      filter: MATCH_ALL,
      expectations: [],
      auditIDs: 200,
      only: [id],
    });
    return await Promise.all(
      findings.map(async (finding) => {
        const rows = await engine.ask("rows", {
          filter: parseQuery(finding.evidence.query),
          anchor: "oldest",
          after: 200,
          auditIDs: true,
        });
        return { ...finding, selected: rows.total, selectedIds: rows.rows.map(({ auditID }) => auditID) };
      }),
    );
  } finally {
    await engine.close();
  }
}

const byId = DETECTORS.map((detector): [string, Detector] => [detector.id, detector]);

describe("detectors", () => {
  it("have ids of their own in kebab-case", () => {
    const ids = DETECTORS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it.each(byId)("%s says what it means, what to do and where it comes from", (_, detector) => {
    expect(detector.about).toMatch(/^[a-z].*[^.]$/s);
    expect(detector.advice).toMatch(/[.)`]$/);
    expect(detector.references.length).toBeGreaterThan(0);
    expect(detector.needs.length).toBeGreaterThan(0);
    expect(SEVERITIES).toContain(detector.severity);
    expect(detector.hits.length).toBeGreaterThanOrEqual(2);
    expect(detector.misses.length).toBeGreaterThanOrEqual(2);
  });

  describe.each(byId)("%s", (id, detector) => {
    it.each(detector.hits.map((sample, at) => ({ sample: wholeSample(detector, sample), at })))(
      "finds hit $at, by evidence that selects what it counts",
      async ({ sample }) => {
        const found = await foundIn(sample, id);
        expect(found.length).toBeGreaterThan(0);
        for (const finding of found) {
          expect(finding.count).toBe(finding.selected);
          expect(finding.count).toBeGreaterThan(0);
          expect(finding.evidence.auditIDs).toEqual(finding.selectedIds);
          expect(finding.title).not.toMatch(/undefined|NaN|\[object|  /);
          expect(finding.detail).not.toMatch(/undefined|NaN|\[object|  /);
        }
      },
    );

    it.each(detector.misses.map((sample, at) => ({ sample: wholeSample(detector, sample), at })))(
      "passes over miss $at",
      async ({ sample }) => {
        const found = await foundIn(sample, id);
        expect(found.map(({ title }) => title)).toEqual([]);
      },
    );
  });
});
