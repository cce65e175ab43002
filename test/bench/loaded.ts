import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { bundle } from "../support/bundle.ts";
import { measure } from "./child.ts";
import { auditLines } from "./generate.ts";

export interface QueryTimes {
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

/** Generated events of level Metadata, as bytes to pipe. */
export function eventStream(events: number, seed = SEED): Readable {
  return Readable.from(blocks(events, seed), { objectMode: false, highWaterMark: 4 * 2 ** 20 });
}

function* blocks(events: number, seed: number): Generator<Buffer> {
  let block: string[] = [];
  let made = 0;
  for (const line of auditLines("meta", seed)) {
    block.push(line);
    made++;
    if (block.length < LINES_AT_ONCE && made < events) continue;
    yield Buffer.from(block.join(""));
    block = [];
    if (made >= events) return;
  }
}

const known = new Map<string, Promise<Loaded>>();

/** An engine of this capacity after so many requests, in a process of its own; the same question is measured once. */
export function loaded(capacity: number, requests: number, rounds: number): Promise<Loaded> {
  const key = `${capacity} ${requests} ${rounds}`;
  const found = known.get(key) ?? load(capacity, requests, rounds);
  known.set(key, found);
  return found;
}

async function load(capacity: number, requests: number, rounds: number): Promise<Loaded> {
  const program = await bundle("test/bench/ours/load.ts");
  try {
    process.stderr.write(`loading ${requests} requests\n`);
    const { stdout } = await measure(
      [process.execPath, program, String(capacity), String(rounds)],
      eventStream(requests),
    );
    return JSON.parse(stdout) as Loaded;
  } finally {
    rmSync(dirname(program), { recursive: true, force: true });
  }
}
