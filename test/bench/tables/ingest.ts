/** Whole processes on the same file in turn: read it, answer the questions of the job, end. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { bundle } from "../../support/bundle.ts";
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { isInstalled, measure, type Measured, missingTime } from "../child.ts";
import { beginning, cut, generated, type LogFile, recorded } from "../data.ts";
import { count, figure, type Table, times } from "../report.ts";
import type { Overview } from "../rivals/overview.ts";
import type { Settings } from "../settings.ts";
import { median } from "../statistics.ts";

/** What the slow ones read of a file, unless --full. */
const SLOW_BYTES = 8 * 2 ** 20;
const RIVALS = join(import.meta.dirname, "../rivals");
const NODE = process.execPath;

export interface Competitor {
  readonly name: string;
  readonly command: (path: string) => readonly string[];
  readonly isSlow?: boolean;
  /** Prints an Overview, to be compared with ours. */
  readonly answers?: boolean;
  /** Why it cannot run here. */
  readonly missing?: string | null;
}

export interface Course {
  readonly competitor: Competitor;
  readonly log: LogFile;
  readonly runs: Measured[];
}

const PROFILES = [
  ["meta", "200 nodes, Metadata"],
  ["rr", "200 nodes, bodies"],
  ["big-meta", "2,500 nodes, Metadata"],
  ["big-rr", "2,500 nodes, bodies"],
  ["unique", "every text of every event new"],
] as const;
const PIECES = 16;
export const WHOLE_JOB = "engine, the job's four questions";
export const TOP = "ktrail top FILE --by user";
export const DUCKDB = "DuckDB, explicit columns";
export const BY_LINE = "JSON.parse a line, readline";

/** `ours`: the bundled ours/overview.ts. */
export function competitors(ours: string): readonly Competitor[] {
  const rival =
    (name: string): Competitor["command"] =>
    (path) => [NODE, join(RIVALS, name), path];
  return [
    { name: WHOLE_JOB, command: (path) => [NODE, ours, path], answers: true },
    { name: "ktrail FILE (info, five group-bys)", command: (path) => [NODE, PROGRAM, path] },
    {
      name: TOP,
      command: (path) => [NODE, PROGRAM, "top", path, "--by", "user", "-o", "json"],
    },
    { name: "JSON.parse a line, big chunks", command: rival("json-chunks.ts"), answers: true },
    { name: BY_LINE, command: rival("json-readline.ts"), answers: true },
    { name: DUCKDB, command: rival("duckdb.mjs"), answers: true, missing: missingDuckDb() },
    { name: "stream-json", command: rival("stream-json.ts"), answers: true, isSlow: true },
    {
      name: "jq",
      command: (path) => ["jq", "-n", "-c", "-f", join(RIVALS, "overview.jq"), path],
      answers: true,
      isSlow: true,
      missing: isInstalled("jq") ? null : "jq is not installed",
    },
    {
      name: "kubectl-dev_tool audit",
      command: (path) => ["kubectl-dev_tool", "audit", "-f", path, "--by=user", "--top=20"],
      isSlow: true,
      missing: isInstalled("kubectl-dev_tool") ? null : "kubectl-dev_tool is not installed",
    },
    { name: "wc -l", command: (path) => ["wc", "-l", path] },
  ];
}

function missingDuckDb(): string | null {
  try {
    import.meta.resolve("@duckdb/node-api");
    return null;
  } catch {
    return "DuckDB is not installed: npm run bench:install";
  }
}

export async function ingestTables(settings: Settings): Promise<readonly Table[]> {
  ensureBuilt();
  const ours = await bundle("test/bench/ours/overview.ts");
  try {
    const all = competitors(ours);
    const tables: Table[] = [];
    for (const [profile, title] of PROFILES) {
      const log = generated(profile, settings.size);
      tables.push(await race(`ingest-${profile}`, `Ingest, \`${profile}\`: ${title}`, log, all, settings));
    }
    const real = await recorded(settings.size);
    if (real !== null) {
      tables.push(await race("ingest-recorded", "Ingest, recorded cluster logs, repeated", real, all, settings));
    }
    tables.push(await unpacking(ours, settings));
    return tables;
  } finally {
    rmSync(dirname(ours), { recursive: true, force: true });
  }
}

async function race(
  id: string,
  title: string,
  log: LogFile,
  all: readonly Competitor[],
  settings: Settings,
): Promise<Table> {
  const notes = [missingTime(), ...all.map(({ missing }) => missing)].filter((note) => typeof note === "string");
  const slow = settings.full ? log : beginning(log, SLOW_BYTES);
  const courses = await inTurn(id, all, settings.runs, ({ isSlow }) => (isSlow === true ? slow : log));
  const [base] = courses as [Course];
  if (slow !== log) notes.push(`stream-json and jq read only the first ${figure(slow.bytes / 1e6)} MB`);
  notes.push(...agreement(courses));
  notes.push(
    "×: how many times the wall or CPU time of the first row, for equally many bytes, median of paired rounds",
  );
  return {
    id,
    title: `${title}: ${figure(log.bytes / 1e6)} MB, ${count(overviewOf(base).events)} requests`,
    columns: ["", "wall MB/s", "MB/s per CPU-s", "peak MiB", "wall", "CPU"],
    rows: courses.map((course) => row(course, base)),
    notes,
  };
}

/** Those that are installed, each round all of them. */
export async function inTurn(
  id: string,
  all: readonly Competitor[],
  rounds: number,
  logOf: (competitor: Competitor) => LogFile,
): Promise<readonly Course[]> {
  const courses = all
    .filter(({ missing }) => (missing ?? null) === null)
    .map((competitor): Course => ({ competitor, log: logOf(competitor), runs: [] }));
  for (const { path } of new Set(courses.map(({ log }) => log))) await measure(["wc", "-l", path]);
  for (let round = 0; round < rounds; round++) {
    for (const { competitor, log, runs } of courses) {
      process.stderr.write(`${id}: round ${round + 1}, ${competitor.name}\n`);
      runs.push(await measure(competitor.command(log.path)));
    }
  }
  return courses;
}

/** How many times a figure of the other, for equally many bytes: median of the rounds. */
export function pairedRatio(course: Course, base: Course, pick: (run: Measured) => number): number {
  const share = base.log.bytes / course.log.bytes;
  return median(course.runs.map((run, round) => (pick(run) * share) / pick(base.runs[round] as Measured)));
}

function row(course: Course, base: Course): string[] {
  const megabytes = course.log.bytes / 1e6;
  const of = (pick: (run: Measured) => number): number => median(course.runs.map(pick));
  const cpu = of((run) => run.cpuSeconds);
  return [
    course.competitor.name,
    figure(megabytes / of((run) => run.wallSeconds)),
    figure(megabytes / cpu),
    figure(of((run) => run.peakMiB)),
    course === base ? "1" : times(pairedRatio(course, base, (run) => run.wallSeconds)),
    course === base ? "1" : times(pairedRatio(course, base, (run) => run.cpuSeconds)),
  ];
}

function overviewOf({ runs }: Course): Overview {
  return JSON.parse(runs[0]?.stdout ?? "{}") as Overview;
}

/** Whoever read the whole file must have counted what we counted; where requests have two stages, the others count events. */
function agreement(courses: readonly Course[]): string[] {
  const [base] = courses as [Course];
  const counts = ({ users, codes, verbs }: Overview): unknown => [users, codes, verbs];
  const compared = courses.filter((course) => course.competitor.answers === true && course.log === base.log);
  const others = compared.filter((course) => !isDeepStrictEqual(counts(overviewOf(course)), counts(overviewOf(base))));
  if (others.length === 0) return [`the ${compared.length} that read all of it and print counts agree`];
  return others.map((course) => {
    const { events } = overviewOf(course);
    const requests = overviewOf(base).events;
    return events === requests
      ? `${course.competitor.name}: other counts than ours`
      : `${course.competitor.name} counts ${count(events)} events, ours ${count(requests)} requests (some have two stages)`;
  });
}

async function unpacking(ours: string, settings: Settings): Promise<Table> {
  const rows: string[][] = [];
  for (const profile of ["meta", "big-meta", "rr"] as const) {
    const log = generated(profile, settings.size);
    const gz = await cut(log, PIECES, true);
    const commands = {
      [`${WHOLE_JOB}, ${PIECES} × ${profile}.gz`]: [NODE, ours, gz.path],
      [`gzip -dc ${profile}*.gz | wc -l`]: ["sh", "-c", `gzip -dc '${gz.path}'/* | wc -l`],
    };
    const runs = Object.keys(commands).map((): Measured[] => []);
    for (let round = 0; round < settings.runs; round++) {
      process.stderr.write(`gz: round ${round + 1}, ${profile}\n`);
      for (const [at, command] of Object.values(commands).entries()) runs[at]?.push(await measure(command));
    }
    for (const [at, name] of Object.keys(commands).entries()) {
      const of = (pick: (run: Measured) => number): number => median((runs[at] ?? []).map(pick));
      const paired = runs[at]?.map((run, round) => run.wallSeconds / (runs[0]?.[round]?.wallSeconds ?? Number.NaN));
      rows.push([
        name,
        figure(log.bytes / 1e6 / of((run) => run.wallSeconds)),
        figure(of((run) => run.cpuSeconds)),
        figure(of((run) => run.peakMiB)),
        at === 0 ? "1" : times(median(paired ?? [])),
      ]);
    }
  }
  return {
    id: "ingest-gz",
    title: "Ingest of gzip, MB of unpacked log",
    columns: ["", "wall MB/s", "CPU s", "peak MiB", "wall"],
    rows,
    notes: [],
  };
}
