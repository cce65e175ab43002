/** What reading costs as a log grows: in bytes, in files, in texts that are new. */
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { measure, type Measured, missingTime } from "../child.ts";
import { beginning, cut, generated, type LogFile } from "../data.ts";
import type { Profile } from "../generate.ts";
import { figure, type Table, times } from "../report.ts";
import type { Settings } from "../settings.ts";
import { median } from "../statistics.ts";

const MIB = 2 ** 20;
const QUESTIONS = [["top", "--by", "user"], ["info"]] as const;
const SHARES: readonly (readonly [Profile, string])[] = [
  ["meta", "none"],
  ["distinct-1", "1 %"],
  ["distinct-10", "10 %"],
  ["distinct-50", "50 %"],
  ["unique", "100 %"],
];

/** A few lines. */
const START_BYTES = 8_192;

interface Case {
  readonly name: string;
  readonly log: LogFile;
}

interface Course extends Case {
  /** By question, a run a round. */
  readonly by: Measured[][];
}

export async function scaleTables(settings: Settings): Promise<readonly Table[]> {
  ensureBuilt();
  const { size, full } = settings;
  const sizes = [16, 8, 4, 2, 1].map((part) => size / part).concat(full ? [size * 2, size * 4, size * 8] : []);
  const log = generated("meta", size);
  const pieces = await Promise.all(
    [1, 10, 100, 1_000, ...(full ? [10_000] : [])].map((files) => cut(log, files, false)),
  );
  return [
    await grown("scale-size", "Reading more bytes (`big-meta`)", settings, () =>
      sizes.map((bytes) => ({ name: `${figure(bytes / MIB)} MiB`, log: generated("big-meta", bytes) })),
    ),
    await grown("scale-files", `Reading ${figure(size / MIB)} MiB in more files (\`meta\`)`, settings, () =>
      pieces.map((each) => ({ name: each.path.split(".").at(-1) ?? "", log: each })),
    ),
    await grown(
      "scale-distinct",
      "Reading events whose texts are new: user, address, program, name, UID, URI, reason",
      settings,
      () => SHARES.map(([profile, name]) => ({ name, log: generated(profile, size) })),
    ),
  ];
}

/** Each case against the first, per byte, less what the program takes for next to nothing. */
async function grown(id: string, title: string, settings: Settings, cases: () => readonly Case[]): Promise<Table> {
  const runs: Course[] = [];
  for (const { name, log } of cases()) runs.push({ name, log, by: QUESTIONS.map(() => []) });
  const empty = beginning(generated("meta", settings.size), START_BYTES);
  runs.unshift({ name: "start", log: empty, by: QUESTIONS.map(() => []) });
  for (let round = 0; round < settings.runs; round++) {
    for (const { name, log, by } of runs) {
      for (const [at, words] of QUESTIONS.entries()) {
        process.stderr.write(`${id}: round ${round + 1}, ${name}, ${words.join(" ")}\n`);
        by[at]?.push(await measure([process.execPath, PROGRAM, ...words, log.path, "-o", "json"]));
      }
    }
  }
  const [start, ...measured] = runs as [Course, ...Course[]];
  const cpu = ({ by }: Course, at: number): number => median((by[at] ?? []).map(({ cpuSeconds }) => cpuSeconds));
  const perGigabyte = (course: Course, at: number): number =>
    ((cpu(course, at) - cpu(start, at)) * 1e9) / course.log.bytes;
  const [first = start] = measured;
  return {
    id,
    title,
    columns: ["", ...QUESTIONS.flatMap((words) => [`${words.join(" ")}: CPU s a GB`, "of the first", "peak MiB"])],
    rows: measured.map((course) => [
      course.name,
      ...QUESTIONS.flatMap((_, at) => [
        figure(perGigabyte(course, at)),
        times(perGigabyte(course, at) / perGigabyte(first, at)),
        figure(median((course.by[at] ?? []).map(({ peakMiB }) => peakMiB))),
      ]),
    ]),
    notes: [
      "CPU s without those that the program takes to start; its code is still being compiled in the first 100 MB",
      missingTime(),
    ].filter((note) => note !== null),
  };
}
