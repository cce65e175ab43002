import type { ByteSource, FileInput } from "../bytes/contract.ts";
import { fileSource } from "../bytes/file-source.ts";
import { KtrailError } from "../errors.ts";
import { createScanner, type EventScanner } from "../ingest/scanner/scanner.ts";
import type { RequestRing } from "../index/ring.ts";
import type { InputTally } from "./input-tally.ts";
import type { BatchStream, TimedStream } from "./merge.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import { RecordIntake } from "./record-intake.ts";
import type { Stream } from "./streams.ts";
import type { SourceBook } from "./source-book.ts";

export interface ReadOptions {
  readonly book: SourceBook;
  readonly ring: RequestRing;
  readonly passing: PassingBytes;
  readonly format: string;
  readonly signal: AbortSignal;
  /** Called after every chunk, so that progress shows. */
  readonly onProgress: () => void;
}

/** What is read at once: other work gets its turn in between. */
const CHUNK_BYTES = 512 * 1024;

/** What all inputs that are merged may read ahead together. */
const READ_AHEAD_BYTES = 64 * 1024 * 1024;
const LEAST_CHUNK_BYTES = 64 * 1024;

/** The logs of several API servers as streams to be merged: one is taken from at a time, so that they share a scanner. */
export function fileStreams(inputs: readonly FileInput[], options: ReadOptions): readonly TimedStream[] {
  const scanner = createScanner(options.ring.openScanner());
  const chunkBytes = Math.max(LEAST_CHUNK_BYTES, Math.min(CHUNK_BYTES, READ_AHEAD_BYTES / 2 / inputs.length));
  const buffers: Buffer[] = [];
  return inputs.map((input) => ({
    batches: fileBatches(input, scanner, chunkBytes, buffers, options),
    firstUs: input.files[0]?.firstUs ?? Number.NaN,
  }));
}

/** The files of one API server, one after the other, as one stream of time. A file that fails is named; the rest is read. */
async function* fileBatches(
  input: FileInput,
  scanner: EventScanner,
  chunkBytes: number,
  buffers: Buffer[],
  options: ReadOptions,
): BatchStream {
  for (const file of input.files) {
    if (options.signal.aborted) return;
    const tally = options.book.tally(file.path);
    tally.totalBytes = file.bytes;
    yield* batchesOf(
      fileSource(file.path, { bytes: file.bytes, chunkBytes, buffers }),
      tally,
      scanner,
      input.apiserver,
      options,
    );
  }
}

/** What cannot be read again and may never end. Its bytes are kept for re-reading as far as the budget goes. */
export async function* streamBatches({ source, apiserver }: Stream, options: ReadOptions): BatchStream {
  const scanner = createScanner(options.ring.openScanner());
  yield* batchesOf(source, options.book.tally(source.path), scanner, apiserver, options);
}

/** One input from bytes to batches; what can't be read of it is told in its tally. */
async function* batchesOf(
  source: ByteSource,
  tally: InputTally,
  scanner: EventScanner,
  apiserver: string,
  { book, passing, format, signal, onProgress }: ReadOptions,
): BatchStream {
  tally.state = "reading";
  const window = passing.open(0);
  const isStream = source.totalBytes === null && tally.totalBytes === null;
  const intake = new RecordIntake({
    tally,
    scanner,
    format,
    baseOffset: 0,
    apiserver,
    registerSource: (server, context) => window.covers(book.register(tally, server, source.generation, context)),
  });
  try {
    for await (const chunk of source.chunks(signal)) {
      tally.compression = source.compression;
      tally.bytes = source.bytesRead;
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
    }
    intake.end();
    tally.bytes = source.bytesRead;
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
  tally.state = "done";
  onProgress();
}
