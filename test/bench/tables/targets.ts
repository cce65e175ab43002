/** What is promised beside what is measured, in one table. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { bundle } from "../../support/bundle.ts";
import { ensureBuilt } from "../../support/program.ts";
import type { Measured } from "../child.ts";
import { generated, type LogFile, recorded } from "../data.ts";
import type { Asked } from "../asked.ts";
import { loaded, type QueryTimes } from "../loaded.ts";
import { missingPty } from "../pty.ts";
import { count, figure, type Table, times } from "../report.ts";
import type { Settings } from "../settings.ts";
import { percentile } from "../statistics.ts";
import { equalityTables } from "./equality.ts";
import { BY_LINE, competitors, DUCKDB, inTurn, pairedRatio, TOP, WHOLE_JOB } from "./ingest.ts";
import { loadTimes } from "./loading.ts";
import { bareMiB, rings } from "./memory.ts";
import { engineFindTimes, findTimes, FOUND_IN } from "./queries.ts";
import { distinctGrowth } from "./scale.ts";
import { followCost, OVERVIEW } from "./tail.ts";

/** What a generated log of each ring may take, MiB above bare Node. */
const MEMORY_MIB: Readonly<Record<string, number>> = {
  "meta 1000000": 160,
  "big-meta 1000000": 256,
  "meta 10000000": 700,
  "big-meta 10000000": 1_024,
};
const KEY_MS: Readonly<Record<string, readonly [p50: number, p99: number]>> = {
  "120×40": [20, 60],
  "200×60": [40, 90],
};
const FUZZY_MS = [16, 40] as const;
/** Events compared with JSON.parse: of a log of this size, whatever size was asked for. */
const MOST_COMPARED = 256 * 2 ** 20;

interface Line {
  readonly name: string;
  readonly sign: "≤" | "≥";
  readonly target: number;
  readonly measured: number;
  readonly unit: string;
  /** CPU of the same, where it is a time that others on the machine lengthen. */
  readonly cpu?: number;
}

const PARTS: readonly (readonly [name: string, (settings: Settings) => Promise<readonly Line[]>])[] = [
  ["ingest", ingestLines],
  ["loading", loadingLines],
  ["texts", distinctLines],
  ["tail", tailLines],
  ["fuzzy find", findLines],
  ["rings", ringLines],
  ["equality", equalityLines],
];

/** Those parts that fail are named; the others stand. */
export async function targetTables(settings: Settings): Promise<readonly Table[]> {
  ensureBuilt();
  const lines: Line[] = [];
  const notes: string[] = [];
  for (const [name, measureLines] of PARTS) {
    const started = performance.now();
    try {
      const own = await measureLines(settings);
      lines.push(...own);
      for (const line of own) process.stderr.write(`${row(line).join("  ")}\n`);
    } catch (error) {
      notes.push(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    process.stderr.write(`${name}: ${figure((performance.now() - started) / 1_000)} s\n`);
  }
  return [
    {
      id: "targets",
      title: `Targets, logs of ${figure(settings.size / 1e6)} MB`,
      columns: ["", "target", "measured", "", "CPU of the same"],
      rows: lines.map(row),
      notes: [
        ...notes,
        "CPU: of the one thread that works; beside other programs the wall time is longer than it has to be",
        settings.full ? null : "10,000,000 requests only with --full",
      ].filter((note) => note !== null),
    },
  ];
}

function row({ name, sign, target, measured, unit, cpu }: Line): string[] {
  const told = (value: number): string => (unit === "×" ? times(value) : `${figure(value)}${unit}`);
  const isMet = sign === "≤" ? measured <= target : measured >= target;
  const verdict = Number.isNaN(measured) ? "not measured" : isMet ? "met" : "missed";
  return [name, `${sign} ${told(target)}`, told(measured), verdict, cpu === undefined ? "" : told(cpu)];
}

const atMost = (name: string, target: number, measured: number, unit: string, cpu?: number): Line => ({
  name,
  sign: "≤",
  target,
  measured,
  unit,
  ...(cpu === undefined ? {} : { cpu }),
});

async function ingestLines({ size, runs }: Settings): Promise<readonly Line[]> {
  const ours = await bundle("test/bench/ours/overview.ts");
  try {
    const all = competitors(ours).filter(({ name }) => [WHOLE_JOB, TOP, DUCKDB, BY_LINE].includes(name));
    const logs: (readonly [string, LogFile | null])[] = [
      ["big-meta", generated("big-meta", size)],
      ["big-rr", generated("big-rr", size)],
      ["recorded", await recorded(size)],
    ];
    const lines: Line[] = [];
    for (const [name, log] of logs) {
      if (log === null) continue;
      const courses = await inTurn(name, all, runs, () => log);
      const of = (wanted: string) => courses.find(({ competitor }) => competitor.name === wanted);
      const ratio = (a: string, b: string, pick: (run: Measured) => number): number => {
        const [course, base] = [of(a), of(b)];
        return course === undefined || base === undefined ? Number.NaN : pairedRatio(course, base, pick);
      };
      for (const job of [TOP, WHOLE_JOB]) {
        lines.push(
          atMost(
            `${name}: ${job}, wall of DuckDB's`,
            0.8,
            ratio(job, DUCKDB, (run) => run.wallSeconds),
            "×",
          ),
          atMost(
            `${name}: ${job}, CPU of DuckDB's`,
            1,
            ratio(job, DUCKDB, (run) => run.cpuSeconds),
            "×",
          ),
          {
            name: `${name}: ${job}, JSON.parse a line takes`,
            sign: "≥",
            target: 4,
            measured: ratio(BY_LINE, job, (run) => run.wallSeconds),
            unit: "×",
            cpu: ratio(BY_LINE, job, (run) => run.cpuSeconds),
          },
        );
      }
    }
    return lines;
  } finally {
    rmSync(dirname(ours), { recursive: true, force: true });
  }
}

async function loadingLines(settings: Settings): Promise<readonly Line[]> {
  if (missingPty() !== null) return [];
  const { headless, loaded: explorer, usefulSeconds, keys } = await loadTimes(settings);
  return [
    atMost(
      "explorer on big-meta: loaded, of the headless time",
      2.5,
      explorer.seconds / headless.seconds,
      "×",
      explorer.cpuSeconds / headless.cpuSeconds,
    ),
    atMost("explorer on big-meta: first useful screen", 0.5, usefulSeconds, " s"),
    ...[...keys].flatMap(([terminal, made]) => {
      const [p50 = Number.NaN, p99 = Number.NaN] = KEY_MS[terminal] ?? [];
      const ms = made.map((key) => key.ms);
      const name = `key to frame while loading, ${terminal}, ${ms.length} keys`;
      return [
        atMost(`${name}: p50`, p50, percentile(ms, 0.5), " ms"),
        atMost(`${name}: p99`, p99, percentile(ms, 0.99), " ms"),
      ];
    }),
  ];
}

async function distinctLines(settings: Settings): Promise<readonly Line[]> {
  const grown = await distinctGrowth(settings);
  return grown.map(([question, ratio]) =>
    atMost(`${question}: CPU of an event, 100 % new texts of 1 %`, 2, ratio, "×"),
  );
}

async function tailLines(): Promise<readonly Line[]> {
  if (missingPty() !== null) return [];
  const { engine, screen } = await followCost("big-meta", OVERVIEW);
  const name = "live tail, 10,000 events/s of big-meta, overview open";
  return [
    atMost(`${name}: of a core, beside the screen`, 10, engine, " %"),
    atMost(`${name}: of a core, the screen too`, 10, engine + screen, " %"),
  ];
}

async function findLines(): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const [at, names] of FOUND_IN.entries()) {
    const target = FUZZY_MS[at] ?? Number.NaN;
    const { ours } = await findTimes(names);
    const worst = (list: readonly number[]): number => percentile(list, 1);
    lines.push(atMost(`fuzzy, ${count(names)} names: worst key`, target, worst(ours.ms), " ms", worst(ours.cpuMs)));
    for (const { isFirst, ms, cpuMs } of await engineFindTimes(names)) {
      if (isFirst) continue;
      const name = `fuzzy, ${count(names)} objects in the engine: worst key`;
      lines.push(atMost(name, target, worst(ms), " ms", worst(cpuMs)));
    }
  }
  return lines;
}

async function ringLines(settings: Settings): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const bare = await bareMiB();
  for (const filling of rings(settings)) {
    const { profile, requests } = filling;
    const { residentMiB, queries } = await loaded(filling);
    const name = `${profile}, ${count(requests)} requests`;
    const target = MEMORY_MIB[`${profile} ${requests}`] ?? Number.NaN;
    lines.push(atMost(`${name}: above bare Node`, target, residentMiB - bare, " MiB"));
    lines.push(...(requests > 1e6 ? largeLines(name, queries) : millionLines(name, queries)));
  }
  return lines;
}

function timesOf(queries: readonly QueryTimes[], asked: Asked, isFirst: boolean): QueryTimes | undefined {
  return queries.find((each) => each.asked === asked && each.isFirst === isFirst);
}

type Pick = "ms" | "cpuMs" | "firstMs" | "firstCpuMs";

function millionLines(name: string, queries: readonly QueryTimes[]): Line[] {
  const at = (asked: Asked, isFirst: boolean, pick: Pick, share: number): number =>
    percentile(timesOf(queries, asked, isFirst)?.[pick] ?? [], share);
  const groups = `${name}: 48 plans`;
  return [
    ...[true, false].flatMap((isFirst) => {
      const when = isFirst ? "first" : "again";
      const shares = [
        ["p50", 0.5, 16],
        ["p99", 0.99, 40],
      ] as const;
      return shares.map(([figure, share, most]) =>
        atMost(
          `${groups}, ${when}, ${figure}`,
          most,
          at("groups", isFirst, "ms", share),
          " ms",
          at("groups", isFirst, "cpuMs", share),
        ),
      );
    }),
    ...(["latency", "compare"] as const).map((asked) =>
      atMost(
        `${name}: ${asked}, first answer`,
        200,
        at(asked, true, "firstMs", 1),
        " ms",
        at(asked, true, "firstCpuMs", 1),
      ),
    ),
  ];
}

function largeLines(name: string, queries: readonly QueryTimes[]): Line[] {
  const [first, again] = [timesOf(queries, "groups", true), timesOf(queries, "groups", false)];
  if (first === undefined || again === undefined) return [];
  const groups = `${name}: 48 plans`;
  return [
    atMost(`${groups}, again, p99`, 250, percentile(again.ms, 0.99), " ms", percentile(again.cpuMs, 0.99)),
    atMost(`${groups}, first, worst`, 500, percentile(first.ms, 1), " ms", percentile(first.cpuMs, 1)),
    atMost(
      `${groups}, first, first partial, worst`,
      30,
      percentile(first.firstMs, 1),
      " ms",
      percentile(first.firstCpuMs, 1),
    ),
    atMost(
      `${groups}, again, first partial, p99`,
      30,
      percentile(again.firstMs, 0.99),
      " ms",
      percentile(again.firstCpuMs, 0.99),
    ),
  ];
}

async function equalityLines(settings: Settings): Promise<readonly Line[]> {
  const [table] = await equalityTables({ ...settings, size: Math.min(settings.size, MOST_COMPARED) });
  return (table?.rows ?? []).map(([name = "", events = "", equal = ""]) => ({
    name: `equal to JSON.parse: ${name}, ${events} events`,
    sign: "≥",
    target: 100,
    measured: Number.parseFloat(equal),
    unit: " %",
  }));
}
