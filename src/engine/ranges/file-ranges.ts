import type { EventBatch } from "../../index/event-batch.ts";
import type { InputTally } from "../input-tally.ts";
import type { RegisterSource } from "../record-intake.ts";
import type { Range, RangedFile, ScannedRange } from "./contract.ts";
import type { Lane } from "./scan-threads.ts";

export interface FileRanges {
  readonly file: RangedFile;
  /** Where the first line begins. */
  readonly from: number;
  /** Size of the file when it was opened; what was appended since is read too. */
  readonly size: number;
  readonly rangeBytes: number;
  /** Ranges that were given to somebody and are not appended yet. */
  readonly mostAhead: number;
  readonly lane: Pick<Lane, "scan">;
  /** Scans a range in this thread. */
  readonly scanHere: (range: Range) => Promise<ScannedRange>;
  /** Hears of batches that will not be appended. */
  readonly discard: (batch: EventBatch) => void;
  readonly tally: InputTally;
  readonly registerSource: RegisterSource;
  readonly signal: AbortSignal;
  /** Asked before each range: false ends the reading in ranges. */
  readonly goesOn: () => boolean;
}

/** A range somebody scans, and what became of it. */
interface Given {
  result: ScannedRange | "failed" | null;
  readonly settled: Promise<void>;
}

/**
 * The rest of a file, scanned in ranges by several threads and this one: its batches in the file's order. Returns where the
 * file has to be read on from in one piece: a range could not be scanned by itself, or its thread failed. Null when all
 * was read.
 */
export async function* rangeBatches(options: FileRanges): AsyncGenerator<EventBatch, number | null, void> {
  const { tally, registerSource, discard, signal, mostAhead } = options;
  const numbers = new Map<string, number>();
  const ahead: Given[] = [];
  const ranges = new Ranges(options);
  let done = options.from;
  try {
    for (;;) {
      while (ahead.length < mostAhead) {
        const given = ranges.giveAway();
        if (given === null) break;
        ahead.push(given);
      }
      const first = ahead[0];
      if (ahead.length < mostAhead && (first === undefined || first.result === null)) {
        const scanned = ranges.scanHere();
        if (scanned !== null) {
          ahead.push(scanned);
          await scanned.settled;
          continue;
        }
      }
      if (first === undefined) return done;
      await first.settled;
      const { result } = first;
      if (signal.aborted || result === null || result === "failed" || result.remembers) return done;
      // Otherwise the file was rewritten under us.
      if (result.end > result.start && result.start !== done) return done;
      ahead.shift();
      done = Math.max(done, result.end);
      place(result, numbers, registerSource);
      tally.add(result.rejected);
      tally.bytes = done;
      yield result.batch;
      if (result.isAtEnd) return null;
    }
  } finally {
    for (const { result } of ahead) if (result !== null && result !== "failed") discard(result.batch);
  }
}

/** Cuts a file into ranges, one after the other. */
class Ranges {
  private readonly options: FileRanges;
  private next: number;

  constructor(options: FileRanges) {
    this.options = options;
    this.next = options.from;
  }

  /** The next range, given to another thread; null when there is none or nobody takes it. */
  giveAway(): Given | null {
    const { lane, file } = this.options;
    return this.take((range) => lane.scan(file, range));
  }

  /** The next range, scanned in this thread. */
  scanHere(): Given | null {
    return this.take(this.options.scanHere);
  }

  private take(scan: (range: Range) => Promise<ScannedRange> | null): Given | null {
    const { from, size, rangeBytes, goesOn } = this.options;
    const { next } = this;
    if (next >= size || !goesOn()) return null;
    const to = next + rangeBytes < size ? next + rangeBytes : Number.POSITIVE_INFINITY;
    const scanning = scan({ from: next, to, isLineStart: next === from });
    if (scanning === null) return null;
    this.next = to;
    const given: Given = {
      result: null,
      settled: scanning.then(
        (result) => void (given.result = result),
        () => void (given.result = "failed"),
      ),
    };
    return given;
  }
}

/** Gives the rows of a range the source numbers of the ring. */
function place(scanned: ScannedRange, numbers: Map<string, number>, register: RegisterSource): void {
  const known = scanned.sources.map(({ apiserver, context }) => {
    const key = `${apiserver}\n${context}`;
    const number = numbers.get(key) ?? register(apiserver, context);
    numbers.set(key, number);
    return number;
  });
  const { source, count } = scanned.batch;
  for (let i = 0; i < count; i++) source[i] = known[source[i] as number] as number;
}
