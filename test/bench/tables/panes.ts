import { setTimeout as pause } from "node:timers/promises";
import { PROGRAM } from "../../support/program.ts";
import { generated } from "../data.ts";
import { Pty } from "../pty.ts";
import { figure, type Table } from "../report.ts";
import { median } from "../statistics.ts";
import { spread } from "./queries.ts";
import { withLiveLog } from "./tail.ts";

/** Fills the explorer's ring of a million requests. */
const LOG_BYTES = 2 ** 30;
const LIVE_PER_SECOND = 1_000;
/** Longer than all panes take. */
const LIVE_SECONDS = 300;
/** Filling stops at 95 of 100 requests the ring has room for. */
const FULL = 940_000;
const FILL_PATIENCE_MS = 120_000;
const MOVES = 24;
/** Keys that move nothing, before a pane counts as one without a cursor. */
const MOST_IN_VAIN = 3;
const LIVE_MS = 4_000;
const SETTLE_MS = 2_500;

const KEY_PATIENCE_MS = 2_000;
const OPEN_PATIENCE_MS = 20_000;
/** Somebody going up and down; irregular, so that keys do not march in step with the refresh. */
const BETWEEN_KEYS_MS = 110;

/** What is typed to get there from any pane. */
const PANES: readonly (readonly [name: string, keys: string])[] = [
  ["1 overview", "1"],
  ["2 top", "2"],
  ["3 status codes", "3"],
  ["4 objects", "4"],
  ["5 trail", "5"],
  ["6 requests", "6"],
  ["7 latency", "7"],
  ["0 Kubernetes Events", "0"],
  ["request card", "6k\r"],
  ["group by", "2b"],
  ["cadence", ":cadence system:kube-scheduler\r"],
];

/** Every pane in turn, with a full ring and a live tail. */
export async function panesTable([columns, rows]: readonly [number, number]): Promise<Table> {
  const log = generated("meta", LOG_BYTES);
  const lines: string[][] = [];
  let kept = "";
  await withLiveLog(LIVE_PER_SECOND, LIVE_SECONDS, async (live) => {
    const pty = new Pty([process.execPath, PROGRAM, "-f", log.path, live], columns, rows);
    try {
      await filled(pty);
      kept = keptOf(pty).toLocaleString("en-US");
      // The first one is open already.
      pty.type("2");
      await pause(SETTLE_MS);
      for (const [name, keys] of PANES) {
        process.stderr.write(`panes ${columns}×${rows}: ${name}\n`);
        lines.push([name, ...(await measured(pty, keys))]);
      }
    } finally {
      await pty.close();
    }
  });
  return {
    id: `screen-panes-${columns}x${rows}`,
    title: `Every pane in turn at ${columns}×${rows}, ${kept} requests in the ring, ${LIVE_PER_SECOND.toLocaleString("en-US")} events/s live`,
    columns: [
      "",
      "painted, ms",
      "answered, ms",
      "cursor, ms p50",
      "p99",
      "bytes, p50",
      "a refresh, bytes p50",
      "p99",
      "bytes a second",
    ],
    rows: lines,
    notes: [
      "from the key that opens the pane until it is painted, and until its first answers are",
      "cursor: from the key until the emulator shows it elsewhere, and the bytes of that write; blank where there are no rows to move on",
      "3 and 7 show in their lower half what is under the cursor: a move draws that half anew",
    ],
  };
}

const keptOf = (pty: Pty): number =>
  Number((/ ([\d,]+) (?:kept|requests)/.exec(pty.screen())?.[1] ?? "").replaceAll(",", ""));

/** Until the past is in the ring too, as far as it goes. */
async function filled(pty: Pty): Promise<void> {
  await pty.until(() => keptOf(pty) >= FULL, FILL_PATIENCE_MS);
  await pause(SETTLE_MS);
}

async function measured(pty: Pty, keys: string): Promise<string[]> {
  for (const key of keys.length > 1 ? keys.slice(0, -1) : "") {
    pty.type(key);
    await pause(keys.startsWith(":") ? 5 : SETTLE_MS);
  }
  const before = breadcrumb(pty);
  const pressed = performance.now();
  const changed = pty.until(() => breadcrumb(pty) !== before, OPEN_PATIENCE_MS).catch(() => Number.NaN);
  const answered = pty
    .until(() => breadcrumb(pty) !== before && !/Counting …|Reading …/.test(pty.screen()), OPEN_PATIENCE_MS)
    .catch(() => Number.NaN);
  pty.type(keys.at(-1) ?? "");
  const opened = [(await changed) - pressed, (await answered) - pressed];
  await pause(SETTLE_MS);
  // Off the newest row, which would stay under the cursor.
  pty.type("kk");
  await pause(SETTLE_MS / 2);
  const cursor = await cursorMoves(pty);
  await pause(SETTLE_MS);
  pty.forget();
  await pause(LIVE_MS);
  const updates = pty.updates();
  const [, p99 = ""] = updates.length === 0 ? [] : spread(updates);
  const [keyP50 = "", keyP99 = ""] = cursor.length === 0 ? [] : spread(cursor.map(({ ms }) => ms));
  return [
    ...opened.map(figure),
    keyP50,
    keyP99,
    cursor.length === 0 ? "" : figure(median(cursor.map(({ bytes }) => bytes))),
    updates.length === 0 ? "" : figure(median(updates)),
    p99,
    figure((pty.bytes / LIVE_MS) * 1_000),
  ];
}

const breadcrumb = (pty: Pty): string => pty.screen().split("\n")[1]?.slice(0, 40) ?? "";

interface Move {
  readonly ms: number;
  /** Of the write that moved the cursor. */
  readonly bytes: number;
}

/** Up and down again, until the emulator shows the cursor elsewhere. Nothing where the pane has none. */
async function cursorMoves(pty: Pty): Promise<Move[]> {
  const made: Move[] = [];
  for (let n = 0; n < MOVES && n - made.length < MOST_IN_VAIN; n += 1) {
    await pause(BETWEEN_KEYS_MS + (n % 7) * 5);
    const before = pty.bar();
    if (before === null) break;
    pty.forget();
    const moved = pty.until(() => pty.bar() !== null && pty.bar()?.text !== before.text, KEY_PATIENCE_MS);
    const pressed = performance.now();
    pty.type(n % 2 === 0 ? "j" : "k");
    const at = await moved.catch(() => null);
    if (at !== null) made.push({ ms: at - pressed, bytes: pty.arrivals.findLast((one) => one.at === at)?.bytes ?? 0 });
  }
  return made;
}
