import { basename } from "node:path";
import type { FileGeneration, FileInput, GenerationEnd } from "../bytes/contract.ts";
import { followSource } from "../bytes/follow-source.ts";
import { pastRanges } from "../bytes/past.ts";
import { errorCode, readError } from "../bytes/read-error.ts";
import { lineStartBefore } from "../bytes/line-starts.ts";
import { offsetOfTime } from "../bytes/time-offset.ts";
import { KtrailError } from "../errors.ts";
import { createScanner } from "../ingest/scanner/scanner.ts";
import { lineTimeUs } from "./line-time.ts";
import type { LiveLane } from "./live-merge.ts";
import type { ReadOptions } from "./read-inputs.ts";
import { RecordIntake } from "./record-intake.ts";

export interface FollowHooks extends ReadOptions {
  /** Where this log's events go, beside those of other API servers. */
  readonly lane: LiveLane;
  /** The first time everything written so far was read. */
  readonly onCaughtUp: () => void;
  /** Filling backwards has begun, or ended. */
  readonly onBackfill: (isRunning: boolean) => void;
  readonly onNote: (note: string) => void;
  /** Resolves when whoever takes requests as they come has room for more. */
  readonly room: () => Promise<void> | undefined;
  /** Filling backwards has failed by a fault of the program. */
  readonly onFault: (error: unknown) => void;
}

const ENDS: Readonly<Record<GenerationEnd, string>> = {
  rotated: "rotated",
  truncated: "truncated",
  emptied: "emptied: what was not read yet is lost",
  deleted: "deleted",
};

/**
 * Follows the live file of one API server from `tailMs` before now, for ever; what came before is filled in behind by
 * `fillBackwards`, unless `tailMs` is 0: then only what is written from now on is read. Resolves when the signal fires.
 */
export async function followInput(input: FileInput, path: string, tailMs: number, hooks: FollowHooks): Promise<void> {
  const { book, ring, passing, format, signal } = hooks;
  const tally = book.tally(path);
  const scanner = createScanner(ring.openScanner());
  let start: { generation: FileGeneration; offset: number } | null = null;
  let reading: FileGeneration | null = null;
  let intake: RecordIntake | null = null;
  let window = passing.open(0);
  let caughtUp = false;
  const source = followSource(path, {
    start: (file) => {
      if (tailMs === 0) return lineStartBefore(file, file.size);
      return Number.isFinite(tailMs) ? offsetOfTime(file, lineTimeUs, (Date.now() - tailMs) * 1_000) : 0;
    },
  });
  const flush = async (): Promise<void> => {
    await hooks.lane.push(scanner.takeBatch());
    hooks.onProgress();
  };
  for await (const event of source.events(signal)) {
    switch (event.kind) {
      case "opened": {
        const { generation } = event;
        reading = generation;
        passing.close(window);
        const opened = passing.open(event.offset);
        window = opened;
        start ??= { generation, offset: event.offset };
        tally.compression = event.compression;
        tally.state = "following";
        tally.error = null;
        tally.heard();
        intake = new RecordIntake({
          tally,
          scanner,
          format,
          baseOffset: event.offset,
          apiserver: input.apiserver,
          registerSource: (server, context) => opened.covers(book.register(tally, server, generation, context)),
        });
        break;
      }
      case "chunk":
        tally.state = "following";
        tally.heard();
        tally.bytes += event.bytes.length;
        window.enter(event.bytes);
        intake?.push(event.bytes);
        await flush();
        window.leave(intake?.consumedOffset ?? Number.POSITIVE_INFINITY);
        await hooks.room();
        break;
      case "complete":
        if (reading !== null && event.movedTo !== null) book.moved(reading, event.movedTo);
        intake?.end();
        await flush();
        hooks.onNote(`${basename(path)} ${ENDS[event.end]}`);
        break;
      case "lost":
        tally.lose(event.sentence);
        hooks.onProgress();
        break;
      case "waiting":
        tally.state = "waiting";
        tally.waitingFor = event.reason;
        void hooks.lane.live();
        hooks.onProgress();
        break;
      case "caughtUp":
        // As of now: what is written next may show that it is a log after all.
        tally.error = intake === null || intake.doubt === null ? null : `${path} ${intake.doubt}`;
        hooks.onProgress();
        if (caughtUp) break;
        caughtUp = true;
        void hooks.lane.live().then(hooks.onCaughtUp);
        // Read from its start, a followed file is what was asked for: its rotated siblings are not. From now on, no past is.
        if (!Number.isFinite(tailMs) || tailMs === 0) break;
        hooks.onBackfill(true);
        fillBackwards(input, start, hooks)
          .catch(async (error: unknown) => {
            if (errorCode(error) === "") hooks.onFault(error);
            else tally.lose((await readError(path, error)).message);
          })
          .finally(() => hooks.onBackfill(false));
        break;
      default:
        event satisfies never;
    }
  }
}

/** Reads the past piece by piece, newest first, and puts it in front of what is there, until the ring is full. */
async function fillBackwards(
  input: FileInput,
  start: { readonly generation: FileGeneration; readonly offset: number } | null,
  hooks: FollowHooks,
): Promise<void> {
  const { book, ring, format, signal } = hooks;
  const scanner = createScanner(ring.openScanner());
  for await (const range of pastRanges(input, start, signal)) {
    const tally = book.tally(range.source.path);
    const intake = new RecordIntake({
      tally,
      scanner,
      format,
      baseOffset: range.from,
      apiserver: input.apiserver,
      registerSource: (server, context) => book.register(tally, server, range.generation, context),
    });
    try {
      for await (const chunk of range.source.chunks(signal)) {
        intake.push(chunk);
        tally.bytes += chunk.length;
      }
      if (range.source.fault !== null) tally.lose(range.source.fault);
    } catch (error) {
      if (!(error instanceof KtrailError)) throw error;
      tally.lose(error.message);
    }
    intake.end();
    if (intake.refused !== null) tally.error = `${range.source.path} ${intake.refused}`;
    ring.prepend(scanner.takeBatch());
    hooks.onProgress();
    if (signal.aborted || ring.rowCount >= ring.capacity * 0.95) break;
  }
}
