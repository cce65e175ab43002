import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { measure } from "../child.ts";
import type { Profile } from "../generate.ts";
import { once } from "../loaded.ts";
import { stampedLines } from "../ours/live-writer.ts";
import type { TailTimes } from "../ours/tail.ts";
import { missingPty, Pty } from "../pty.ts";
import { figure, type Table } from "../report.ts";
import { spread } from "./queries.ts";

const PER_SECOND = 10_000;
const SECONDS = 10;
const BURST = 300_000;
const BURST_PATIENCE_MS = 120_000;
const burstText = `${BURST.toLocaleString("en-US")} events at once`;
const PANES = [
  ["6", "requests"],
  ["1", "overview"],
] as const;
export const OVERVIEW = PANES[1];
/** Until the pane is open and reading is warm. */
const SETTLE_MS = 3_000;
const OURS = join(import.meta.dirname, "../ours");
/** The writer goes on longer than is measured: followers need time to start. */
const SPARE_SECONDS = 8;

export async function withLiveLog<T>(
  perSecond: number,
  seconds: number,
  use: (path: string) => Promise<T>,
  profile: Profile = "meta",
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-bench-"));
  const path = join(folder, "audit.log");
  writeFileSync(path, "");
  const writer: ChildProcess = spawn(
    process.execPath,
    [join(OURS, "live-writer.ts"), path, String(perSecond), String(seconds), profile],
    { stdio: "ignore" },
  );
  try {
    return await use(path);
  } finally {
    writer.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function tailTables(): Promise<readonly Table[]> {
  process.stderr.write("live tail\n");
  const { agesMs, lagsMs, burst, requests } = await withLiveLog(PER_SECOND, SECONDS + SPARE_SECONDS, async (path) => {
    const { stdout } = await measure([process.execPath, join(OURS, "tail.ts"), path, String(SECONDS), String(BURST)]);
    return JSON.parse(stdout) as TailTimes;
  });
  const rate = PER_SECOND.toLocaleString("en-US");
  const rows = [
    [`age of the newest request at ${rate} events/s, ms, ${agesMs.length} looks`, ...spread(agesMs)],
    [`lag by the engine's own account, ms, ${lagsMs.length} times`, ...spread(lagsMs)],
    [`${burstText}: s until all are there`, figure(burst.seconds), "", ""],
    ["events of the burst that are missing", String(burst.events - burst.taken), "", ""],
  ];
  const missing = missingPty();
  if (missing === null) rows.push(...(await screenCost()));
  return [
    {
      id: "tail",
      title: `Live tail at ${rate} events/s`,
      columns: ["", "p50", "p99", "worst"],
      rows,
      notes: [
        ...(missing === null ? [] : [missing]),
        `${requests.toLocaleString("en-US")} requests were kept when the burst came`,
        "the writer appends every 10 ms and is another process; ages include its pause",
      ],
    },
  ];
}

/** CPU of the explorer following, per second of wall time, in per cent of one core. */
export interface FollowCost {
  readonly engine: number;
  readonly screen: number;
  readonly kilobytes: number;
  /** Seconds until a burst was counted on the screen. */
  readonly burst: number;
}

/** Each of these panes over a live log of this profile. */
export function followCost(profile: Profile, [key, pane]: (typeof PANES)[number]): Promise<FollowCost> {
  return once(`follow ${profile} ${pane}`, async () => {
    ensureBuilt();
    process.stderr.write(`live tail of ${profile}, ${pane}\n`);
    const follow = async (path: string): Promise<FollowCost> => {
      const pty = new Pty([process.execPath, PROGRAM, "-f", path], 120, 40);
      try {
        await pty.until(() => pty.screen().includes("requests"));
        pty.type(key);
        await pause(SETTLE_MS);
        pty.forget();
        const before = pty.cpuSeconds();
        const started = performance.now();
        await pause(SECONDS * 1_000);
        const seconds = (performance.now() - started) / 1_000;
        const after = pty.cpuSeconds();
        const screen = ((after.screen - before.screen) / seconds) * 100;
        const engine = ((after.all - before.all) / seconds) * 100 - screen;
        const kilobytes = pty.bytes / seconds / 1_000;
        return { engine, screen, kilobytes, burst: await burstShown(pty, path) };
      } finally {
        await pty.close();
      }
    };
    return withLiveLog(PER_SECOND, SECONDS + SPARE_SECONDS, follow, profile);
  });
}

async function screenCost(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const profile of ["meta", "big-meta"] as const) {
    for (const pane of PANES) {
      const { engine, screen, kilobytes, burst } = await followCost(profile, pane);
      const name = `explorer on ${pane[1]}, \`${profile}\``;
      rows.push([`${name}: % of a core, beside the screen`, figure(engine), "", ""]);
      rows.push([`${name}: % of a core, the screen`, figure(screen), "", ""]);
      rows.push([`${name}: kB/s to the terminal`, figure(kilobytes), "", ""]);
      rows.push([`${name}: ${burstText}: s until the screen counts them`, figure(burst), "", ""]);
    }
  }
  return rows;
}

async function burstShown(pty: Pty, path: string): Promise<number> {
  const shown = (): number => Number(/ ([\d,]+) requests/.exec(pty.screen())?.[1]?.replaceAll(",", ""));
  const next = stampedLines(5);
  const text = Array.from({ length: BURST }, () => next(Date.now())).join("");
  for (let before = -1; before !== shown();) {
    before = shown();
    await pause(2_000);
  }
  const wanted = shown() + BURST;
  const started = performance.now();
  appendFileSync(path, text);
  const at = await pty.until(() => shown() >= wanted, BURST_PATIENCE_MS).catch(() => Number.NaN);
  return (at - started) / 1_000;
}
