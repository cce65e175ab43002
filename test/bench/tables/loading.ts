/** The explorer on the log of a big cluster: when it is of use, when it has all, and keys until then. */
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { measure } from "../child.ts";
import { generated } from "../data.ts";
import { isLoading, type Key, moves, SIZES, toTopPane } from "../keys.ts";
import { once } from "../loaded.ts";
import { missingPty, Pty } from "../pty.ts";
import { figure, type Table, times } from "../report.ts";
import type { Settings } from "../settings.ts";
import { median } from "../statistics.ts";
import { spread } from "./queries.ts";

const PATIENCE_MS = 10 * 60_000;
/** Keys until the log is read, and no more than these. */
const MOST_KEYS = 150;

export interface LoadTimes {
  /** Of `ktrail top FILE --by user`, the same file in turn. */
  readonly headless: { readonly seconds: number; readonly cpuSeconds: number };
  /** From the start of the process. */
  readonly loaded: { readonly seconds: number; readonly cpuSeconds: number };
  /** Until the overview shows figures and who asked most. */
  readonly usefulSeconds: number;
  /** By size of the terminal. */
  readonly keys: ReadonlyMap<string, readonly Key[]>;
}

export function loadTimes({ size, runs }: Settings): Promise<LoadTimes> {
  return once("loading", async () => {
    ensureBuilt();
    const { path } = generated("big-meta", size);
    const headless: { seconds: number; cpuSeconds: number }[] = [];
    const opened: Opened[] = [];
    for (let round = 0; round < runs; round++) {
      process.stderr.write(`loading: round ${round + 1}\n`);
      const { wallSeconds, cpuSeconds } = await measure([process.execPath, PROGRAM, "top", path, "--by", "user"]);
      headless.push({ seconds: wallSeconds, cpuSeconds });
      opened.push(await untilLoaded(path));
    }
    const keys = new Map<string, readonly Key[]>();
    for (const terminal of SIZES) keys.set(terminal.join("×"), await keysWhileLoading(path, terminal));
    const of = <T>(list: readonly T[], pick: (one: T) => number): number => median(list.map(pick));
    return {
      headless: { seconds: of(headless, (one) => one.seconds), cpuSeconds: of(headless, (one) => one.cpuSeconds) },
      loaded: { seconds: of(opened, (one) => one.seconds), cpuSeconds: of(opened, (one) => one.cpuSeconds) },
      usefulSeconds: of(opened, (one) => one.usefulSeconds),
      keys,
    };
  });
}

interface Opened {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly usefulSeconds: number;
}

async function untilLoaded(path: string): Promise<Opened> {
  const pty = new Pty([process.execPath, PROGRAM, path], ...SIZES[0]);
  try {
    const useful = await pty.until(() => isUseful(pty));
    const loaded = await pty.until(() => isUseful(pty) && !isLoading(pty), PATIENCE_MS);
    return {
      seconds: (loaded - pty.started) / 1_000,
      cpuSeconds: pty.cpuSeconds().all,
      usefulSeconds: (useful - pty.started) / 1_000,
    };
  } finally {
    await pty.close();
  }
}

/** The overview's head and the first of who asked. */
function isUseful(pty: Pty): boolean {
  const screen = pty.screen();
  return / [1-9][\d,]* requests in /.test(screen) && /Who \d/.test(screen);
}

async function keysWhileLoading(path: string, [columns, rows]: (typeof SIZES)[number]): Promise<readonly Key[]> {
  process.stderr.write(`loading: keys at ${columns}×${rows}\n`);
  const pty = new Pty([process.execPath, PROGRAM, path], columns, rows);
  try {
    await pty.until(() => isUseful(pty));
    await toTopPane(pty);
    const keys = await moves(pty, (made) => made < MOST_KEYS && isLoading(pty));
    return keys;
  } finally {
    await pty.close();
  }
}

export async function loadingTable(settings: Settings): Promise<Table> {
  const { headless, loaded, usefulSeconds, keys } = await loadTimes(settings);
  return {
    id: "loading",
    title: `The explorer reading ${figure(settings.size / 1e6)} MB of a big cluster (\`big-meta\`)`,
    columns: ["", "p50", "p99", "worst", "keys"],
    rows: [
      ["ktrail top FILE --by user, s", figure(headless.seconds), "", "", ""],
      ["explorer, until all is read, s", figure(loaded.seconds), "", "", ""],
      ["of the headless time", times(loaded.seconds / headless.seconds), "", "", ""],
      ["of its CPU", times(loaded.cpuSeconds / headless.cpuSeconds), "", "", ""],
      ["first screen with figures and who asked, s", figure(usefulSeconds), "", "", ""],
      ...[...keys].map(([terminal, made]) => [
        `cursor move meanwhile, ${terminal}, ms`,
        ...spread(made.map(({ ms }) => ms)),
        String(made.length),
      ]),
    ],
    notes: [missingPty()].filter((note) => note !== null),
  };
}
