import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Original } from "../../src/engine/original-scanner.ts";
import { passOriginals } from "../../src/engine/originals-pass.ts";
import { RecentIds } from "../../src/engine/recent-ids.ts";
import { formats } from "../../src/formats/registry.ts";
import type { InputReport } from "../../src/ingest/contract.ts";
import { DEMO } from "../support/log-files.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-pass-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function pass(
  inputs: readonly string[],
  see: (original: Original) => void,
): Promise<{ reports: readonly InputReport[]; steps: number }> {
  const steps = passOriginals({ inputs, format: "auto", signal: new AbortController().signal, see });
  for (let count = 0; ; count += 1) {
    const { done, value } = await steps.next();
    if (done === true) return { reports: value, steps: count };
    expect(value.share ?? 0).toBeLessThanOrEqual(1);
  }
}

function line(auditID: string, stage = "ResponseComplete", second = "01"): string {
  const time = `2026-11-21T10:00:${second}.000000Z`;
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${auditID}","stage":"${stage}","requestURI":"/","verb":"get","user":{},"requestReceivedTimestamp":"${time}","stageTimestamp":"${time}"}\n`;
}

/** What info says of the same inputs. */
async function expectAsInfo(inputs: readonly string[], reports: readonly InputReport[]): Promise<void> {
  const engine = createEngine({ inputs });
  await engine.loaded();
  const info = await engine.ask("info", {});
  await engine.close();
  const counts = (all: readonly Pick<InputReport, "path" | "format" | "bytes" | "events" | "skipped">[]): unknown =>
    all.map((report) => [report.path, report.format, report.bytes, report.events, report.skipped]).toSorted();
  expect(counts(reports)).toEqual(counts(info.inputs));
}

describe("a pass over the original events", () => {
  it("shows every event of a rotated set once, and counts as info does", async () => {
    let events = 0;
    const { reports } = await pass([DEMO], ({ bytes, start, end, members }) => {
      const isWhole = bytes[start] === 0x7b && bytes[end - 1] === 0x7d;
      if (isWhole && members.some(({ key }) => key === "auditID")) events += 1;
    });
    expect(events).toBe(reports.reduce((sum, report) => sum + report.events, 0));
    await expectAsInfo([DEMO], reports);
  });

  it.each(formats.flatMap(({ id, samples }) => samples().map((sample) => ({ id, ...sample }))))(
    "sees the events of $id: $name",
    async ({ text, events }) => {
      const auditIDs: string[] = [];
      const { reports } = await pass([file("sample.log", text)], ({ bytes, start, end }) => {
        auditIDs.push((JSON.parse(bytes.toString("utf8", start, end)) as { auditID: string }).auditID);
      });
      expect(auditIDs.length + (reports[0]?.skipped.duplicate ?? 0)).toBe(events);
    },
  );

  it("tells what is none, what is cut short and what was written twice", async () => {
    const cut = line("cut").slice(0, -30);
    const broken = '{"kind":"Event","auditID":"a"\n{"auditID":"x","stage":"Panic","kind":"Event",}\n';
    const path = file("bad.log", line("a") + line("a") + line("a", "ResponseStarted") + broken + line("a") + cut);
    const seen: number[] = [];
    const { reports } = await pass([path, join(folder, "missing.log")], ({ start }) => seen.push(start));
    expect(seen).toHaveLength(2);
    expect(reports.find((each) => each.path === path)).toMatchObject({
      events: 2,
      skipped: { duplicate: 2, foreign: 0 },
    });
    await expectAsInfo(
      [path],
      reports.filter((each) => each.path === path),
    );
    expect(reports.find((each) => each.path !== path)?.error).toContain("missing.log");
  });

  it("lets what was seen be passed on before more is read", async () => {
    const path = file("long.log", Array.from({ length: 20_000 }, (_, at) => line(`id-${String(at)}`)).join(""));
    let events = 0;
    const { steps } = await pass([path], () => (events += 1));
    expect(events).toBe(20_000);
    expect(steps).toBeGreaterThan(3);
  });
});

describe("recent ids", () => {
  it("know the last ones, and forget the oldest", () => {
    const ids = new RecentIds();
    const word = (at: number): number => Math.imul(at + 1, 0x9e3779b1) >>> 0;
    const added = (from: number, to: number, step = 1): number => {
      let count = 0;
      for (let at = from; at < to; at += step) if (ids.add(word(at), word(at * 3))) count += 1;
      return count;
    };
    expect(added(0, 700_000)).toBe(700_000);
    expect(added(0, 700_000, 7)).toBe(0);
    expect(added(700_000, 2_500_000)).toBe(1_800_000);
    expect(ids.add(word(2_400_000), word(2_400_000 * 3))).toBe(false);
    expect(ids.add(word(5), word(15))).toBe(true);
    expect(ids.add(0, 0)).toBe(true);
    expect(ids.add(0, 0)).toBe(true);
  });
});
