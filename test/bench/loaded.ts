import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { FLAG, MALLOC } from "../../scripts/bundle/bounded.cjs";
import { bundle } from "../support/bundle.ts";
import type { Asked } from "./asked.ts";
import { measure } from "./child.ts";
import { auditLines, type Profile } from "./generate.ts";

export interface QueryTimes {
  readonly asked: Asked;
  /** The first time; else again. */
  readonly isFirst: boolean;
  readonly name: string;
  readonly ms: readonly number[];
  /** Of the engine's thread: what the wall time would be on an idle machine. */
  readonly cpuMs: readonly number[];
  /** Until the first answer, which may be a partial one. */
  readonly firstMs: readonly number[];
  readonly firstCpuMs: readonly number[];
  /** Longest time in which the engine let nothing else run. */
  readonly longestStretchMs: number;
  /** The question that took the most CPU time. */
  readonly slowest: string;
}

/** What ours/load.ts prints. */
export interface Loaded {
  readonly kept: number;
  readonly seen: number;
  readonly residentMiB: number;
  /** Whenever another capacity of requests was seen. */
  readonly samples: readonly { readonly seen: number; readonly residentMiB: number }[];
  readonly queries: readonly QueryTimes[];
}

const SEED = 7;
const LINES_AT_ONCE = 1_000;

/** Generated events, as bytes to pipe. */
export function eventStream(events: number, profile: Profile = "meta", seed = SEED): Readable {
  return Readable.from(blocks(events, profile, seed), { objectMode: false, highWaterMark: 4 * 2 ** 20 });
}

function* blocks(events: number, profile: Profile, seed: number): Generator<Buffer> {
  let block: string[] = [];
  let made = 0;
  for (const line of auditLines(profile, seed)) {
    block.push(line);
    made++;
    if (block.length < LINES_AT_ONCE && made < events) continue;
    yield Buffer.from(block.join(""));
    block = [];
    if (made >= events) return;
  }
}

export interface Filling {
  readonly profile: Profile;
  readonly capacity: number;
  readonly requests: number;
  /** How often the questions are asked again. */
  readonly rounds: number;
  readonly asked: readonly Asked[];
}

const known = new Map<string, unknown>();

/** What tables share is measured once. */
export function once<T>(key: string, make: () => Promise<T>): Promise<T> {
  const found = (known.get(key) as Promise<T> | undefined) ?? make();
  known.set(key, found);
  return found;
}

/** An engine of this capacity after so many requests, in a process of its own that begins as the explorer's does. */
export function loaded(filling: Filling): Promise<Loaded> {
  return once(JSON.stringify(filling), () => load(filling));
}

async function load({ profile, capacity, requests, rounds, asked }: Filling): Promise<Loaded> {
  const program = await bundle("test/bench/ours/load.ts");
  try {
    process.stderr.write(`loading ${requests} requests of ${profile}\n`);
    const malloc = Object.entries(MALLOC).map(([name, value]) => `${name}=${value}`);
    const { stdout } = await measure(
      ["env", ...malloc, process.execPath, FLAG, program, String(capacity), String(rounds), ...asked],
      eventStream(requests, profile),
    );
    return JSON.parse(stdout) as Loaded;
  } finally {
    rmSync(dirname(program), { recursive: true, force: true });
  }
}
