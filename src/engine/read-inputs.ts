import { readSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ByteSource, FileInput, InputFile } from "../bytes/contract.ts";
import { fileSource } from "../bytes/file-source.ts";
import { openFile, type OpenFile } from "../bytes/generation.ts";
import { KtrailError } from "../errors.ts";
import { createScanner, type EventScanner } from "../ingest/scanner/scanner.ts";
import type { EventBatch } from "../index/event-batch.ts";
import type { RequestRing } from "../index/ring.ts";
import type { InputTally } from "./input-tally.ts";
import type { BatchStream, TimedStream } from "./merge.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import type { RangedFile } from "./ranges/contract.ts";
import { rangeBatches } from "./ranges/file-ranges.ts";
import { isWorthwhile, type Parallel } from "./ranges/parallel.ts";
import { scanRange, type ReadFile } from "./ranges/scan-range.ts";
import { RecordIntake, type RegisterSource } from "./record-intake.ts";
import type { Stream } from "./streams.ts";
import type { SourceBook } from "./source-book.ts";

export interface ReadOptions {
  readonly book: SourceBook;
  readonly ring: RequestRing;
  readonly passing: PassingBytes;
  readonly format: string;
  readonly signal: AbortSignal;
  /** Null: everything is scanned in this thread. */
  readonly parallel: Parallel | null;
  /** Called after every chunk, so that progress shows. */
  readonly onProgress: () => void;
}

/** What this thread reads of a range at once: other work gets its turn in between. */
const BUFFER_BYTES = 512 * 1024;

/** Each remembers what it has seen, in up to 8 MiB: more inputs than this share one. */
const MOST_SCANNERS = 8;
/** What all inputs that are merged may read ahead together. */
const READ_AHEAD_BYTES = 64 * 1024 * 1024;
const LEAST_CHUNK_BYTES = 64 * 1024;

/** The logs of several API servers as streams to be merged: one is taken from at a time, so that they may share scanners. */
export function fileStreams(inputs: readonly FileInput[], options: ReadOptions): readonly TimedStream[] {
  const own = inputs.length <= MOST_SCANNERS ? inputs : inputs.slice(0, 1);
  const scanners = own.map(() => createScanner(options.ring.openScanner()));
  const chunkBytes = Math.max(LEAST_CHUNK_BYTES, Math.min(BUFFER_BYTES, READ_AHEAD_BYTES / 2 / inputs.length));
  return inputs.map((input, at) => ({
    batches: fileBatches(input, scanners[at % scanners.length] as EventScanner, chunkBytes, options),
    firstUs: input.files[0]?.firstUs ?? Number.NaN,
  }));
}

/** The files of one API server, one after the other, as one stream of time. A file that fails is named; the rest is read. */
async function* fileBatches(
  input: FileInput,
  scanner: EventScanner,
  chunkBytes: number,
  options: ReadOptions,
): BatchStream {
  let laterBytes = plainBytes(input.files);
  for (const file of input.files) {
    if (options.signal.aborted) return;
    laterBytes -= plainBytes([file]);
    const tally = options.book.tally(file.path);
    tally.totalBytes = file.bytes;
    const reading = new InputReading(tally, scanner, input.apiserver, options, laterBytes);
    let source = fileSource(file.path, { bytes: file.bytes, chunkBytes });
    let from = 0;
    for (;;) {
      const rest: RestOfFile | null = yield* reading.inOnePiece(source, from);
      if (rest === null) break;
      const resumed: number | null = yield* reading.inRanges(rest);
      if (resumed === null) break;
      from = resumed;
      source = fileSource(file.path, { from, opener: () => Promise.resolve(rest.file) });
    }
    reading.end();
  }
}

/** What cannot be read again and may never end. Its bytes are kept for re-reading as far as the budget goes. */
export async function* streamBatches({ source, apiserver }: Stream, options: ReadOptions): BatchStream {
  const scanner = createScanner(options.ring.openScanner());
  const reading = new InputReading(options.book.tally(source.path), scanner, apiserver, options);
  yield* reading.inOnePiece(source, 0);
  reading.end();
}

/** Only plain files can be read from their middle. */
function plainBytes(files: readonly InputFile[]): number {
  return files.reduce((sum, { bytes, compression }) => sum + (compression === "none" ? bytes : 0), 0);
}

/** What is left of a file that may be read in ranges from the start of a line on. Whoever has it closes it. */
interface RestOfFile {
  readonly file: OpenFile;
  readonly from: number;
}

/** One input on its way from bytes to batches; what can't be read of it is told in its tally. */
class InputReading {
  private readonly tally: InputTally;
  private readonly scanner: EventScanner;
  private readonly apiserver: string;
  private readonly options: ReadOptions;
  private readonly numbers = new Map<string, number>();
  private readonly laterBytes: number;
  private readonly startedMs = performance.now();
  private mayBeSplit: boolean;

  /** `laterBytes`: what follows that could be split too. */
  constructor(tally: InputTally, scanner: EventScanner, apiserver: string, options: ReadOptions, laterBytes = 0) {
    this.laterBytes = laterBytes;
    this.tally = tally;
    this.scanner = scanner;
    this.apiserver = apiserver;
    this.options = options;
    this.mayBeSplit = options.parallel !== null;
    tally.state = "reading";
  }

  end(): void {
    this.tally.state = "done";
    this.options.onProgress();
  }

  /** Scans what comes in this thread, until its end or until threads are ready for what is left. */
  async *inOnePiece(source: ByteSource, from: number): AsyncGenerator<EventBatch, RestOfFile | null, void> {
    const { tally, scanner } = this;
    const { book, passing, format, signal, onProgress } = this.options;
    const window = passing.open(from);
    const isStream = source.totalBytes === null && tally.totalBytes === null;
    const intake = new RecordIntake({
      tally,
      scanner,
      format,
      baseOffset: from,
      apiserver: this.apiserver,
      registerSource: (server, context) => window.covers(this.sourceNumber(source, server, context)),
    });
    try {
      for await (const chunk of source.chunks(signal)) {
        tally.compression = source.compression;
        tally.bytes = from + source.bytesRead;
        if (isStream) {
          book.keep(tally, chunk);
          tally.state = "following";
          tally.heard();
        }
        window.enter(chunk);
        intake.push(chunk);
        if (intake.refused !== null) break;
        yield scanner.takeBatch();
        window.leave(intake.consumedOffset);
        onProgress();
        const rest = await this.rest(source, intake);
        if (rest !== null) return rest;
      }
      intake.end();
      tally.bytes = from + source.bytesRead;
      yield scanner.takeBatch();
      if (intake.refused !== null) tally.error = `${tally.path} ${intake.refused}`;
      else if (source.fault !== null) tally.error = source.fault;
    } catch (error) {
      if (!(error instanceof KtrailError)) throw error;
      // What was read before stays: only this input's rest is lost.
      tally.error = error.message;
      yield scanner.takeBatch();
    } finally {
      passing.close(window);
    }
    return null;
  }

  /** Returns from where on `rest.file`, left open then, has to be read in one piece; null when it was read to its end. */
  async *inRanges({ file, from }: RestOfFile): AsyncGenerator<EventBatch, number | null, void> {
    const { passing, ring, signal, parallel, onProgress } = this.options;
    if (parallel === null) return from;
    this.mayBeSplit = false;
    const lane = parallel.threads.openLane(ring);
    const cancel = (): void => lane.cancel();
    signal.addEventListener("abort", cancel);
    const ranged: RangedFile = { fd: file.handle.fd, format: this.tally.format, apiserver: this.apiserver };
    const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const read: ReadFile = async (into, bytes, offset) => {
      await nextTurn();
      return readSync(ranged.fd, into, 0, bytes, offset);
    };
    let resumed: number | null = null;
    try {
      const batches = rangeBatches({
        file: ranged,
        from,
        size: file.bytes,
        rangeBytes: parallel.rangeBytes,
        mostAhead: parallel.threads.mostAhead,
        lane,
        scanHere: (range) => scanRange(ranged, range, this.scanner, buffer, read),
        discard: (batch) => ring.discard(batch),
        tally: this.tally,
        registerSource: (server, context) => this.sourceNumber(file, server, context),
        signal,
        goesOn: () => !passing.isWanted && !signal.aborted,
      });
      for (;;) {
        const { done, value } = await batches.next();
        if (done === true) {
          resumed = value;
          break;
        }
        yield value;
        onProgress();
      }
    } finally {
      signal.removeEventListener("abort", cancel);
      // No thread may read under a number that is given to another file next.
      await lane.close();
      if (resumed === null) await file.handle.close();
    }
    return resumed;
  }

  private readonly sourceNumber = (
    { generation }: Pick<ByteSource, "generation">,
    apiserver: string,
    context: string,
  ): ReturnType<RegisterSource> => {
    const key = `${apiserver}\n${context}`;
    const number = this.numbers.get(key) ?? this.options.book.register(this.tally, apiserver, generation, context);
    this.numbers.set(key, number);
    return number;
  };

  /** Null when it is better or has to be read in one piece. */
  private async rest(source: ByteSource, intake: RecordIntake): Promise<RestOfFile | null> {
    const { passing, parallel, signal } = this.options;
    if (parallel === null || !this.mayBeSplit || passing.isWanted || signal.aborted) return null;
    const { generation, compression, totalBytes } = source;
    const from = intake.consumedOffset;
    if (generation === null || compression !== "none" || !intake.isSplittable) return null;
    if (totalBytes === null || totalBytes - from < 2 * parallel.rangeBytes) return null;
    if (!parallel.threads.hasRoom) {
      const ms = performance.now() - this.startedMs;
      if (isWorthwhile(from, ms, totalBytes - from + this.laterBytes)) void parallel.threads.start();
      return null;
    }
    const file = await openFile(source.path).catch(() => null);
    if (file === null) return null;
    const { device, inode } = file.generation;
    if (device === generation.device && inode === generation.inode) return { file, from };
    await file.handle.close();
    return null;
  }
}
