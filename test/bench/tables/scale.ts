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
  ["distinct-1", "1 %"],
  ["distinct-10", "10 %"],
  ["distinct-50", "50 %"],
  ["unique", "100 %"],
];

interface Unit {
  readonly name: string;
  readonly in: (course: Course) => number;
}

const GIGABYTE: Unit = { name: "CPU s a GB", in: ({ log }) => log.bytes / 1e9 };
/** Events with texts of their own are longer. */
const MILLION_EVENTS: Unit = {
  name: "CPU s per 1 M events",
  in: ({ by }) => (JSON.parse(by[0]?.[0]?.stdout ?? "{}") as { requests: number }).requests / 1e6,
};

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
    await grown("scale-size", "Reading more bytes (`big-meta`)", settings, GIGABYTE, () =>
      sizes.map((bytes) => ({ name: `${figure(bytes / MIB)} MiB`, log: generated("big-meta", bytes) })),
    ),
    await grown("scale-files", `Reading ${figure(size / MIB)} MiB in more files (\`meta\`)`, settings, GIGABYTE, () =>
      pieces.map((each) => ({ name: each.path.split(".").at(-1) ?? "", log: each })),
    ),
    await grown(
      "scale-distinct",
      "Reading events whose texts are new: user, address, program, name, UID, URI, reason",
      settings,
      MILLION_EVENTS,
      () => casesOf(SHARES, settings),
    ),
  ];
}

const casesOf = (shares: typeof SHARES, { size }: Settings): readonly Case[] =>
  shares.map(([profile, name]) => ({ name, log: generated(profile, size) }));

/** How many times the cost of an event where one in a hundred has texts of its own all have them, by question. */
export async function distinctGrowth(settings: Settings): Promise<readonly (readonly [question: string, number])[]> {
  const ends = [...SHARES.slice(0, 1), ...SHARES.slice(-1)];
  const { measured, cost } = await run("scale-distinct", settings, casesOf(ends, settings));
  return QUESTIONS.map((words, at) => {
    const [least = Number.NaN, most = Number.NaN] = measured.map((course) => cost(course, at, MILLION_EVENTS));
    return [words.join(" "), most / least] as const;
  });
}

interface Courses {
  readonly measured: readonly Course[];
  /** CPU s less what the program takes for next to nothing. */
  readonly cost: (course: Course, question: number, unit: Unit) => number;
}

async function run(id: string, settings: Settings, cases: readonly Case[]): Promise<Courses> {
  const measured = cases.map(({ name, log }): Course => ({ name, log, by: QUESTIONS.map(() => []) }));
  const empty = beginning(generated("meta", settings.size), START_BYTES);
  const start: Course = { name: "start", log: empty, by: QUESTIONS.map(() => []) };
  for (let round = 0; round < settings.runs; round++) {
    for (const { name, log, by } of [start, ...measured]) {
      for (const [at, words] of QUESTIONS.entries()) {
        process.stderr.write(`${id}: round ${round + 1}, ${name}, ${words.join(" ")}\n`);
        by[at]?.push(await measure([process.execPath, PROGRAM, ...words, log.path, "-o", "json"]));
      }
    }
  }
  const cpu = ({ by }: Course, at: number): number => median((by[at] ?? []).map(({ cpuSeconds }) => cpuSeconds));
  return { measured, cost: (course, at, unit) => (cpu(course, at) - cpu(start, at)) / unit.in(course) };
}

/** Each case against the first. */
async function grown(
  id: string,
  title: string,
  settings: Settings,
  unit: Unit,
  cases: () => readonly Case[],
): Promise<Table> {
  const { measured, cost } = await run(id, settings, cases());
  const [first] = measured as readonly [Course, ...Course[]];
  return {
    id,
    title,
    columns: ["", ...QUESTIONS.flatMap((words) => [`${words.join(" ")}: ${unit.name}`, "of the first", "peak MiB"])],
    rows: measured.map((course) => [
      course.name,
      ...QUESTIONS.flatMap((_, at) => [
        figure(cost(course, at, unit)),
        times(cost(course, at, unit) / cost(first, at, unit)),
        figure(median((course.by[at] ?? []).map(({ peakMiB }) => peakMiB))),
      ]),
    ]),
    notes: [
      "CPU s without those that the program takes to start; its code is still being compiled in the first 100 MB",
      missingTime(),
    ].filter((note) => note !== null),
  };
}
