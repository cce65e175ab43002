/** What it costs to look for everything that is wrong: over a log that is read, and while one follows. */
import { join } from "node:path";
import { measure } from "../child.ts";
import { generated } from "../data.ts";
import type { FindingTimes } from "../ours/findings.ts";
import type { LiveShares } from "../ours/findings-live.ts";
import { count, figure, type Table, times } from "../report.ts";
import type { Settings } from "../settings.ts";
import { median } from "../statistics.ts";
import { withLiveLog } from "./tail.ts";

const OURS = join(import.meta.dirname, "../ours");
const KINDS = [
  ["meta", "metadata", "level Metadata: detectors that need metadata alone"],
  ["rr", "bodies", "level RequestResponse: those that need bodies or messages"],
  ["rr", "all", "level RequestResponse: all detectors"],
] as const;
const PER_SECOND = 1_000;
const SECONDS = 60;
const PAIRS = 2;
/** The writer goes on longer than is measured: the follower warms up before each. */
const SPARE_SECONDS = 45;

export async function findingTables({ size, runs }: Settings): Promise<readonly Table[]> {
  const rows: string[][] = [];
  for (const [profile, which, name] of KINDS) {
    const { path } = generated(profile, size);
    const measured: FindingTimes[] = [];
    for (let round = 0; round < runs; round += 1) {
      process.stderr.write(`findings: round ${String(round + 1)}, ${name}\n`);
      const { stdout } = await measure([process.execPath, join(OURS, "findings.ts"), path, which]);
      measured.push(JSON.parse(stdout) as FindingTimes);
    }
    const [first] = measured;
    rows.push([
      name,
      count(first?.detectors ?? 0),
      count(first?.requests ?? 0),
      figure(median(measured.map(({ readSeconds }) => readSeconds))),
      figure(median(measured.map(({ askSeconds }) => askSeconds))),
      times(median(measured.map(({ askSeconds, readSeconds }) => askSeconds / readSeconds))),
      figure(median(measured.map(({ askSeconds, requests }) => (askSeconds * 1e6) / requests))),
    ]);
  }
  process.stderr.write("findings: live\n");
  const live = await withLiveLog(PER_SECOND, 2 * PAIRS * SECONDS + SPARE_SECONDS, async (path) => {
    const live = [process.execPath, join(OURS, "findings-live.ts"), path, String(SECONDS), String(PAIRS)];
    const { stdout } = await measure(live);
    return JSON.parse(stdout) as LiveShares;
  });
  const share = (of: number): string => `${figure(of * 100)} %`;
  return [
    {
      id: "findings",
      title: "Findings of a log that is read",
      columns: ["", "detectors", "requests", "CPU s to read", "CPU s to find", "find ÷ read", "CPU s per 1 M requests"],
      rows,
      notes: ["CPU s to find: the first time, in the process that has read; ×: median of rounds"],
    },
    {
      id: "findings-live",
      title: `Findings while ${count(PER_SECOND)} events/s come`,
      columns: ["", "reading alone", "with findings asked for at every change", "findings", "answers", "requests kept"],
      rows: live.pairs.map(({ reading, withFindings, answers, requests }, at) => [
        `${String(SECONDS)} s each, pair ${String(at + 1)}`,
        share(reading),
        share(withFindings),
        share(withFindings - reading),
        count(answers),
        count(requests),
      ]),
      notes: ["% of a core; the same question rests forty times as long as it took, a second at least"],
    },
  ];
}
