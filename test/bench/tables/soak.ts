import { setTimeout as pause } from "node:timers/promises";
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { missingPty, Pty } from "../pty.ts";
import { figure, type Table } from "../report.ts";
import type { Settings } from "../settings.ts";
import { withLiveLog } from "./tail.ts";

/** Two hours of 167 events a second in two minutes (`--full`: four hours), through a ring that is full after half a minute. */
const PER_SECOND = 10_000;
const SECONDS = 120;
const FULL_SECONDS = 240;
const CAPACITY = 300_000;
const SLICE_SECONDS = 10;
const KEYS = 12;
const BACKSPACE = "\u007f";
/** Panes in turn, so that none is forgotten. */
const PANES = ["1", "2", "3", "4", "6", "7"] as const;

export async function soakTables({ full }: Settings): Promise<readonly Table[]> {
  const seconds = full ? FULL_SECONDS : SECONDS;
  const missing = missingPty();
  const rows = missing === null ? await slices(seconds) : [];
  const rate = PER_SECOND.toLocaleString("en-US");
  return [
    {
      id: "soak",
      title: `Soak: ${(PER_SECOND * seconds).toLocaleString("en-US")} events, ${rate} a second, in a ring of ${CAPACITY.toLocaleString("en-US")}`,
      columns: [
        "second, pane",
        "seen",
        "kept",
        "evicted",
        "MiB",
        "key ms p50",
        "key ms worst",
        "screen % CPU",
        "rest % CPU",
      ],
      rows,
      notes:
        missing === null
          ? [
              "the ring is full after about 30 s, and every pane was open once after 60 s: from there on memory should level off",
            ]
          : [missing],
    },
  ];
}

async function slices(seconds: number): Promise<string[][]> {
  ensureBuilt();
  return withLiveLog(PER_SECOND, seconds, async (path) => {
    const command = [process.execPath, PROGRAM, "-f", path, "--capacity", String(CAPACITY), "--tail", "2h"];
    const pty = new Pty(command, 160, 40);
    try {
      await pty.until(() => pty.screen().includes("requests"));
      const started = performance.now();
      const rows: string[][] = [];
      while (performance.now() - started < seconds * 1_000) {
        const pane = PANES[rows.length % PANES.length] ?? "1";
        process.stderr.write(`soak, pane ${pane}\n`);
        const row = await slice(pty, pane);
        rows.push([`${Math.round((performance.now() - started) / 1_000)}, ${pane}`, ...row]);
      }
      return rows;
    } finally {
      await pty.close();
    }
  });
}

async function slice(pty: Pty, pane: string): Promise<string[]> {
  pty.type(pane);
  const before = pty.cpuSeconds();
  const started = performance.now();
  await pause((SLICE_SECONDS * 1_000) / 2);
  const times: number[] = [];
  for (let key = 0; key < KEYS; key += 1) times.push(await keyTime(pty, key % 2 === 0));
  await pause(Math.max(0, started + SLICE_SECONDS * 1_000 - performance.now()));
  const seconds = (performance.now() - started) / 1_000;
  const after = pty.cpuSeconds();
  const screen = ((after.screen - before.screen) / seconds) * 100;
  const rest = ((after.all - before.all) / seconds) * 100 - screen;
  const status = pty.screen().split("\n")[0] ?? "";
  const number = (pattern: RegExp): string => pattern.exec(status)?.[1] ?? "-";
  const sorted = times.toSorted((a, b) => a - b);
  return [
    number(/([\d,]+) requests/),
    number(/([\d,]+) kept/),
    number(/([\d,]+) evicted/),
    figure(pty.residentMiB()),
    figure(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN),
    figure(sorted.at(-1) ?? Number.NaN),
    figure(screen),
    figure(rest),
  ];
}

/** From a key to the screen that shows it: the prompt for commands opens and closes on every pane alike. */
async function keyTime(pty: Pty, opens: boolean): Promise<number> {
  const isOpen = (): boolean =>
    pty
      .screen()
      .split("\n")
      .some((line) => /^: *$/.test(line));
  const at = performance.now();
  pty.type(opens ? ":" : BACKSPACE);
  const seen = await pty.until(() => isOpen() === opens, 5_000).catch(() => Number.NaN);
  return seen - at;
}
