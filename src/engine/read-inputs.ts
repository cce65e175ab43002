import type { ByteSource, FileInput, StreamInput } from "../bytes/contract.ts";
import { fileSource } from "../bytes/file-source.ts";
import { pipeSource, stdinSource } from "../bytes/stdin-source.ts";
import { KtrailError } from "../errors.ts";
import { createScanner, type EventScanner } from "../ingest/scanner/scanner.ts";
import type { InputTally } from "./input-tally.ts";
import type { PassingBytes } from "./passing-bytes.ts";
import type { BatchStream } from "./merge.ts";
import { RecordIntake } from "./record-intake.ts";
import type { RequestRing } from "../index/ring.ts";
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

/** The files of one API server, one after the other, as one stream of time. A file that fails is named; the rest is read. */
export async function* fileBatches(input: FileInput, options: ReadOptions): BatchStream {
  const scanner = createScanner(options.ring.openScanner());
  for (const file of input.files) {
    if (options.signal.aborted) return;
    const tally = options.book.tally(file.path);
    tally.totalBytes = file.bytes;
    yield* sourceBatches(fileSource(file.path), tally, scanner, input.apiserver, options);
  }
}

/** Standard input or a named pipe; may never end. Its bytes are kept for re-reading as far as the budget goes. */
export async function* streamBatches(input: StreamInput, options: ReadOptions): BatchStream {
  const source = input.path === "-" ? stdinSource() : pipeSource(input.path);
  yield* sourceBatches(source, options.book.tally(input.path), createScanner(options.ring.openScanner()), "", options);
}

async function* sourceBatches(
  source: ByteSource,
  tally: InputTally,
  scanner: EventScanner,
  apiserver: string,
  options: ReadOptions,
): BatchStream {
  const { book, passing, format, signal, onProgress } = options;
  const window = passing.open(0);
  const isStream = source.totalBytes === null && tally.totalBytes === null;
  const intake = new RecordIntake({
    tally,
    scanner,
    format,
    baseOffset: 0,
    apiserver,
    registerSource: (server) => window.covers(book.register(tally, server, source.generation)),
  });
  tally.state = "reading";
  try {
    for await (const chunk of source.chunks(signal)) {
      tally.compression = source.compression;
      tally.bytes = source.bytesRead;
      if (isStream) book.keep(tally, chunk);
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
