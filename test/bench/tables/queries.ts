import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { bundle } from "../../support/bundle.ts";
import { measure } from "../child.ts";
import type { Profile } from "../generate.ts";
import { ASKED } from "../asked.ts";
import { type Filling, loaded, once, type QueryTimes } from "../loaded.ts";
import type { FindTimes } from "../ours/find.ts";
import { count, figure, type Table } from "../report.ts";
import type { Settings } from "../settings.ts";
import { percentile } from "../statistics.ts";

const ROUNDS = 5;
const FIND_ROUNDS = 2;
const MILLION = 1_000_000;
export const FOUND_IN = [100_000, MILLION] as const;
const OF_CPU = "CPU: of the one thread that works; beside other programs the wall time is longer than it has to be";

/** The rings a table is about: a million requests of either cluster, and ten where asked for everything. */
export function fillings({ full, parts }: Settings): readonly Filling[] {
  const asked = parts.includes("queries") || parts.includes("targets") ? ASKED : [];
  const filling = (profile: Profile, requests: number): Filling => ({
    profile,
    capacity: requests,
    requests,
    rounds: ROUNDS,
    asked,
  });
  const millions = [filling("meta", MILLION), filling("big-meta", MILLION)];
  return full ? [...millions, filling("meta", 10 * MILLION)] : millions;
}

export async function queryTables(settings: Settings): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const filling of fillings(settings)) {
    const { queries, kept } = await loaded(filling);
    tables.push({
      id: `queries-${filling.profile}-${filling.requests / MILLION}m`,
      title: `Queries over ${count(kept)} requests (\`${filling.profile}\`), ms`,
      columns: [
        "",
        "p50",
        "p99",
        "worst",
        "CPU p50",
        "CPU p99",
        "CPU worst",
        "first answer, worst",
        "CPU",
        "longest without a pause",
      ],
      rows: queries.map(({ name, ms, cpuMs, firstMs, firstCpuMs, longestStretchMs }) => [
        name,
        ...spread(ms),
        ...spread(cpuMs),
        figure(percentile(firstMs, 1)),
        figure(percentile(firstCpuMs, 1)),
        figure(longestStretchMs),
      ]),
      notes: [
        OF_CPU,
        ...queries.filter(({ ms }) => ms.length > 8).map(({ name, slowest }) => `slowest of ${name}: ${slowest}`),
        "the latency pane and compare are asked first, of a process that has answered nothing yet",
        "again: nothing has changed meanwhile, so group-bys are remembered, and series summed up from what is kept per block",
        "one group more: another answer, out of what was computed for the ones before",
        "first answer: of the rows seen by then, where the whole takes longer",
        "asked through the engine; it reads and answers others between two pauses",
      ],
    });
  }
  return [...tables, await findTable()];
}

export function spread(ms: readonly number[]): string[] {
  return [percentile(ms, 0.5), percentile(ms, 0.99), percentile(ms, 1)].map(figure);
}

/** Ranking names by what is typed, alone. */
export function findTimes(names: number, withFuse = false): Promise<FindTimes> {
  return once(`${names} ${withFuse}`, async () => {
    const program = await bundle("test/bench/ours/find.ts");
    try {
      process.stderr.write(`fuzzy find over ${count(names)} names\n`);
      const { stdout } = await measure([process.execPath, program, String(names), ...(withFuse ? ["fuse"] : [])]);
      return JSON.parse(stdout) as FindTimes;
    } finally {
      rmSync(dirname(program), { recursive: true, force: true });
    }
  });
}

/** The same asked of an engine that holds so many requests, each of another object. */
export async function engineFindTimes(names: number): Promise<readonly QueryTimes[]> {
  const { queries } = await loaded({
    profile: "names",
    capacity: names,
    requests: names,
    rounds: FIND_ROUNDS,
    asked: ["find"],
  });
  return queries;
}

async function findTable(): Promise<Table> {
  const rows: string[][] = [];
  for (const names of FOUND_IN) {
    const { ours, fuse } = await findTimes(names, names === FOUND_IN[0]);
    rows.push([`ranker, ${count(names)} names, ${ours.ms.length} keys`, ...spread(ours.ms), ...spread(ours.cpuMs)]);
    if (fuse.ms.length > 0) {
      rows.push([
        `fuse.js alone, ${count(names)} names, ${fuse.ms.length} keys`,
        ...spread(fuse.ms),
        ...spread(fuse.cpuMs),
      ]);
    }
    for (const { isFirst, ms, cpuMs } of await engineFindTimes(names)) {
      const which = isFirst ? "the first keys" : "again";
      rows.push([`engine, ${count(names)} objects, ${which}`, ...spread(ms), ...spread(cpuMs)]);
    }
  }
  return {
    id: "find",
    title: "Fuzzy find, ms a key",
    columns: ["", "p50", "p99", "worst", "CPU p50", "CPU p99", "CPU worst"],
    rows,
    notes: [OF_CPU, "the first key also counts requests and makes labels of all objects, with pauses"],
  };
}
