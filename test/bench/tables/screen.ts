import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensureBuilt, PROGRAM, ROOT } from "../../support/program.ts";
import { measure } from "../child.ts";
import { generated } from "../data.ts";
import { stampedLines } from "../ours/live-writer.ts";
import { isShown, type Key, moves, opened, SIZES, toTopPane, upTo } from "../keys.ts";
import { missingPty, Pty } from "../pty.ts";
import { figure, type Table, times } from "../report.ts";
import type { Settings } from "../settings.ts";
import { median } from "../statistics.ts";
import { loadingTable } from "./loading.ts";
import { panesTable } from "./panes.ts";
import { spread } from "./queries.ts";
import { withLiveLog } from "./tail.ts";

const LIVE_PER_SECOND = 1_000;
const KEYS = 60;
const SWITCHES = 20;
const QUIET_MS = 150;
const STARTS = 5;
const IDLE_MS = 5_000;
const LIVE_MS = 5_000;

export async function screenTables(settings: Settings): Promise<readonly Table[]> {
  const missing = missingPty();
  if (missing !== null) {
    process.stderr.write(`screen: skipped, ${missing}\n`);
    return [];
  }
  ensureBuilt();
  return [
    await keysTable(settings),
    await bytesTable(settings),
    ...(await panesTables()),
    await startTable(settings),
    await loadingTable(settings),
  ];
}

async function panesTables(): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const size of SIZES) tables.push(await panesTable(size));
  return tables;
}

/** Another pane, until nothing more is drawn. */
async function switches(pty: Pty, count: number): Promise<Key[]> {
  const keys: Key[] = [];
  for (let n = 0; n < count; n++) {
    pty.forget();
    const pressed = performance.now();
    pty.type(["2", "6", "3", "4"][n % 4] ?? "2");
    await pause(QUIET_MS);
    await pty.quiet(QUIET_MS);
    keys.push({ ms: (pty.arrivals.at(-1)?.at ?? Number.NaN) - pressed, bytes: pty.bytes });
  }
  return keys;
}

async function keysTable(settings: Settings): Promise<Table> {
  const log = generated("meta", settings.size);
  const rows: string[][] = [];
  const row = (name: string, keys: readonly Key[]): void => {
    const [, , most] = spread(keys.map(({ bytes }) => bytes));
    rows.push([
      name,
      String(keys.length),
      ...spread(keys.map(({ ms }) => ms)),
      figure(median(keys.map(({ bytes }) => bytes))),
      most ?? "",
    ]);
  };
  row("echo of cat in the same harness", await echoes());
  for (const size of SIZES) {
    const at = size.join("×");
    process.stderr.write(`screen ${at}\n`);
    await opened([log.path], size, async (pty) => {
      await toTopPane(pty);
      row(`cursor move, ${at}`, await moves(pty, upTo(KEYS)));
      row(`another pane, until all is drawn, ${at}`, await switches(pty, SWITCHES));
    });
    process.stderr.write(`screen ${at}, live\n`);
    await withLiveLog(LIVE_PER_SECOND, 40, (path) =>
      opened(["-f", path], size, async (pty) => {
        await toTopPane(pty);
        row(`cursor move, ${at}, ${LIVE_PER_SECOND.toLocaleString("en-US")} events/s`, await moves(pty, upTo(KEYS)));
      }),
    );
  }
  return {
    id: "keys",
    title: "From key to painted screen in a pseudo-terminal, ms",
    columns: ["", "keys", "p50", "p99", "worst", "bytes p50", "bytes worst"],
    rows,
    notes: ["live: the bytes of refreshes that came meanwhile are counted too"],
  };
}

/** What the harness itself takes: a line typed until cat has written it back. */
async function echoes(): Promise<Key[]> {
  const pty = new Pty(["cat"], 80, 24);
  const keys: Key[] = [];
  try {
    await pause(300);
    for (let n = 0; n < KEYS; n++) {
      pty.forget();
      const pressed = performance.now();
      const came = pty.until(() => pty.output.length > 0, 5_000);
      pty.type("j");
      keys.push({ ms: (await came) - pressed, bytes: pty.bytes });
      await pause(20);
    }
    return keys;
  } finally {
    await pty.close();
  }
}

async function bytesTable(settings: Settings): Promise<Table> {
  const log = generated("meta", settings.size);
  const rows: string[][] = [];
  for (const size of SIZES) {
    const at = size.join("×");
    process.stderr.write(`bytes ${at}\n`);
    await opened([log.path], size, async (pty) => {
      await pty.quiet(2_000);
      pty.forget();
      await pause(IDLE_MS);
      rows.push([`idle, ${at}`, "", "", "", figure((pty.bytes / IDLE_MS) * 1_000)]);
    });
    for (const [key, pane] of [
      ["1", "overview"],
      ["2", "top"],
      ["6", "requests"],
    ] as const) {
      await withLiveLog(LIVE_PER_SECOND, 30, (path) =>
        opened(["-f", path], size, async (pty) => {
          pty.type(key);
          await pause(3_000);
          pty.forget();
          await pause(LIVE_MS);
          rows.push([`live, ${pane}, ${at}`, ...spread(pty.updates()), figure((pty.bytes / LIVE_MS) * 1_000)]);
        }),
      );
    }
  }
  return {
    id: "bytes",
    title: `Bytes to the terminal; live: ${LIVE_PER_SECOND.toLocaleString("en-US")} events/s`,
    columns: ["", "an update, p50", "p99", "worst", "a second"],
    rows,
    notes: [],
  };
}

async function startTable(settings: Settings): Promise<Table> {
  const bare = await measure(["sh", "-c", `for i in 1 2 3 4 5 6 7 8 9 10; do '${process.execPath}' -e 0; done`]);
  const bareCpu = bare.cpuSeconds / 10;
  const row = (name: string, wall: number, screen: number, all: number): string[] => [
    name,
    figure(wall * 1_000),
    figure(screen * 1_000),
    times(screen / bareCpu),
    figure(all * 1_000),
    times(all / bareCpu),
  ];
  const rows = [row("node -e 0", bare.wallSeconds / 10, bareCpu, bareCpu), await headlessRow()];
  /** A whole run over one event: what a headless command costs before there is anything to read. */
  async function headlessRow(): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), "ktrail-bench-"));
    const path = join(folder, "audit.log");
    writeFileSync(path, stampedLines(1)(Date.now()));
    const loop = `for i in 1 2 3 4 5 6 7 8 9 10; do '${process.execPath}' '${PROGRAM}' info '${path}' > /dev/null; done`;
    const ran = await measure(["sh", "-c", loop]);
    rmSync(folder, { recursive: true, force: true });
    const cells = row("ktrail info, one event, the whole run", ran.wallSeconds / 10, 0, ran.cpuSeconds / 10);
    return [...cells.slice(0, 2), "", "", ...cells.slice(4)];
  }
  for (const [name, path] of [
    ["the demo log", `${ROOT}/fixtures/demo`],
    [`${figure(settings.size / 1e6)} MB`, generated("meta", settings.size).path],
  ] as const) {
    process.stderr.write(`start with ${name}\n`);
    const starts: { wall: number; screen: number; all: number }[] = [];
    for (let n = 0; n < STARTS; n++) {
      const pty = new Pty([process.execPath, PROGRAM, path], 120, 40);
      try {
        const at = await pty.until(() => isShown(pty));
        starts.push({ wall: (at - pty.started) / 1_000, ...pty.cpuSeconds() });
      } finally {
        await pty.close();
      }
    }
    const of = (pick: (start: (typeof starts)[number]) => number): number => median(starts.map(pick));
    rows.push(
      row(
        `explorer, ${name}`,
        of(({ wall }) => wall),
        of(({ screen }) => screen),
        of(({ all }) => all),
      ),
    );
  }
  return {
    id: "start",
    title: "Start to first frame, ms",
    columns: ["", "wall", "CPU, screen's thread", "of node -e 0", "CPU, all threads", "of node -e 0"],
    rows,
    notes: ["the other threads have begun to read the log by then: the more, the larger it is"],
  };
}
