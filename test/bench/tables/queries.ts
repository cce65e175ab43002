import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { bundle } from "../../support/bundle.ts";
import { measure } from "../child.ts";
import { loaded } from "../loaded.ts";
import type { FindTimes } from "../ours/find.ts";
import { figure, type Table } from "../report.ts";
import type { Settings } from "../settings.ts";
import { percentile } from "../statistics.ts";

const ROUNDS = 5;
const OF_CPU = "CPU: of the one thread that works; beside other programs the wall time is longer than it has to be";

/** The requests a table is about: 1 M, and 10 M where asked for everything. */
export function sizesOf({ full }: Settings): readonly number[] {
  return full ? [1_000_000, 10_000_000] : [1_000_000];
}

export async function queryTables(settings: Settings): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const requests of sizesOf(settings)) {
    const { queries, kept } = await loaded(requests, requests, ROUNDS);
    tables.push({
      id: `queries-${requests / 1e6}m`,
      title: `Queries over ${kept.toLocaleString("en-US")} requests, ms`,
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
        "again: nothing has changed meanwhile, so group-bys and series are summed up from what is kept per block",
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

async function findTable(): Promise<Table> {
  const program = await bundle("test/bench/ours/find.ts");
  try {
    process.stderr.write("fuzzy find\n");
    const { stdout } = await measure([process.execPath, program]);
    const { names, ours, fuse } = JSON.parse(stdout) as FindTimes;
    return {
      id: "find",
      title: `Fuzzy find over ${names.toLocaleString("en-US")} names, ms a key`,
      columns: ["", "p50", "p99", "worst", "CPU p50", "CPU p99", "CPU worst"],
      rows: [
        [`ours, ${ours.ms.length} keys`, ...spread(ours.ms), ...spread(ours.cpuMs)],
        [`fuse.js alone, ${fuse.ms.length} keys`, ...spread(fuse.ms), ...spread(fuse.cpuMs)],
      ],
      notes: [OF_CPU],
    };
  } finally {
    rmSync(dirname(program), { recursive: true, force: true });
  }
}
