import { setTimeout as pause } from "node:timers/promises";
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { measure } from "../child.ts";
import { generated } from "../data.ts";
import { type Filling, loaded } from "../loaded.ts";
import { missingPty, Pty } from "../pty.ts";
import { figure, type Table } from "../report.ts";
import type { Settings } from "../settings.ts";
import { memoryBounds } from "./memory-bounds.ts";
import { fillings } from "./queries.ts";

/** The ring is filled so many times over. */
const TURNS = 10;
const RING = 200_000;
const LARGEST = 10_000_000;
const REST_MS = 1_500;
const EXPLORED_BYTES = 2 ** 30;
const LOAD_MS = 10 * 60_000;
const PRINT_RESIDENT = `setTimeout(() => console.log(process.memoryUsage.rss()), ${REST_MS})`;

export async function memoryTables(settings: Settings): Promise<readonly Table[]> {
  const bare = await bareMiB();
  return [await perRequest(settings, bare), await flatness(bare), await memoryBounds()];
}

/** Resident set of Node that does nothing. */
export async function bareMiB(): Promise<number> {
  return Number((await measure([process.execPath, "-e", PRINT_RESIDENT])).stdout) / 2 ** 20;
}

/** Those of the queries' table, so that each is filled once, and where all is asked for the largest of a big cluster. */
export function rings(settings: Settings): readonly Filling[] {
  const all = fillings(settings);
  const largest = { profile: "big-meta", capacity: LARGEST, requests: LARGEST, rounds: 0, asked: [] } as const;
  return settings.full ? [...all, largest] : all;
}

async function perRequest(settings: Settings, bare: number): Promise<Table> {
  const rows: string[][] = [["bare Node", "", figure(bare), "", ""]];
  const row = (name: string, requests: number, residentMiB: number): string[] => {
    const above = residentMiB - bare;
    return [
      name,
      requests.toLocaleString("en-US"),
      figure(residentMiB),
      figure(above),
      figure((above * 2 ** 20) / requests),
    ];
  };
  for (const filling of rings(settings)) {
    const { kept, residentMiB } = await loaded(filling);
    rows.push(row(`engine, \`${filling.profile}\``, kept, residentMiB));
  }
  const missing = missingPty();
  if (missing === null) {
    const { requests, seconds, residentMiB } = await explorer();
    rows.push(row(`explorer, 120×40, 1 GiB loaded in ${figure(seconds)} s`, requests, residentMiB));
  }
  return {
    id: "memory",
    title: "Memory of generated requests, MiB resident",
    columns: ["", "requests", "resident", "above bare Node", "B a request"],
    rows,
    notes: [
      ...(missing === null ? [] : [missing]),
      "names are bounded as in the explorer, by what the capacity needs",
      "everything the process holds, dictionaries and the garbage of reading included; no collection is forced",
    ],
  };
}

/** The screen as it opens; everything is kept. */
async function explorer(): Promise<{ requests: number; seconds: number; residentMiB: number }> {
  ensureBuilt();
  const log = generated("meta", EXPLORED_BYTES);
  process.stderr.write("explorer\n");
  const pty = new Pty([process.execPath, PROGRAM, "--capacity", "2000000", log.path], 120, 40);
  try {
    const loaded = await pty.until(
      () => / [\d,]+ requests/.test(pty.screen()) && !pty.screen().includes("loading"),
      LOAD_MS,
    );
    await pause(2 * REST_MS);
    const [, requests] = / ([\d,]+) requests/.exec(pty.screen()) ?? [];
    return {
      requests: Number(requests?.replaceAll(",", "")),
      seconds: (loaded - pty.started) / 1_000,
      residentMiB: pty.residentMiB(),
    };
  } finally {
    await pty.close();
  }
}

async function flatness(bare: number): Promise<Table> {
  const { samples, residentMiB, seen, kept } = await loaded({
    profile: "meta",
    capacity: RING,
    requests: RING * TURNS,
    rounds: 0,
    asked: [],
  });
  return {
    id: "memory-flat",
    title: `Memory while a ring of ${RING.toLocaleString("en-US")} requests is filled ${TURNS} times, MiB above bare Node`,
    columns: ["requests seen", "resident above bare Node"],
    rows: [
      ...samples.map((sample) => [sample.seen.toLocaleString("en-US"), figure(sample.residentMiB - bare)]),
      [`${seen.toLocaleString("en-US")}, ${kept.toLocaleString("en-US")} kept, at rest`, figure(residentMiB - bare)],
    ],
    notes: [],
  };
}
