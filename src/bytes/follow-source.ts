import { realpath, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { FollowEvent, FollowSource, GenerationEnd, ReadAt } from "./contract.ts";
import { openFile, readFully, type OpenFile } from "./generation.ts";
import { locate } from "./locate.ts";
import { errorCode, printable, reasonOf } from "./read-error.ts";
import { isLiveName } from "./rotated-set.ts";
import { generationReader, overlapOf, type GenerationReader } from "./tail-reader.ts";
import { successor, type Finished } from "./successor.ts";
import { WakeUp } from "./wake-up.ts";

export interface FollowOptions {
  /**
   * Where to begin in the file that is there at first, by default its start. A file that appears later, or after a rotation,
   * is read from its start.
   */
  readonly start?: (file: ReadAt) => Promise<number> | number;
  /** Longest time between two looks at the file, ms; 2.5 times as long after some idle seconds. */
  readonly pollMs?: number;
  /** Off: polling only. */
  readonly watch?: boolean;
}

/** Changes within this time are read together. */
const COALESCE_MS = 40;
const POLLS_UNTIL_IDLE = 50;

/** Follows a name as `tail -F` does: every generation that is written under it, in order, each to its end. */
export function followSource(path: string, options: FollowOptions = {}): FollowSource {
  return new Follower(path, options);
}

/** Whether to look at once, soon, or as for a file that rests. */
type Outcome = "again" | "busy" | "quiet";

type Opening = { readonly file: OpenFile; readonly offset: number } | { readonly reason: string };

class Follower implements FollowSource {
  readonly path: string;
  private readonly options: FollowOptions;
  private current: GenerationReader | null = null;
  /** The generation delivered last: what comes next is what was created after it. */
  private finished: Finished | null = null;
  /** Where the rotated set lives: behind a symbolic link it is another directory. */
  private setPath: string;
  private first = true;
  private seen: Stats | null = null;
  private waitingFor: string | null = null;

  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.setPath = path;
    this.options = options;
  }

  async *events(signal: AbortSignal): AsyncGenerator<FollowEvent, void, void> {
    const wakeUp = new WakeUp(this.path, COALESCE_MS, this.options.watch ?? true);
    const pollMs = this.options.pollMs ?? 100;
    let idlePolls = 0;
    try {
      while (!signal.aborted) {
        const next = yield* this.attempt(signal);
        if (next === "again") continue;
        idlePolls = next === "quiet" ? idlePolls + 1 : 0;
        await wakeUp.wait(idlePolls > POLLS_UNTIL_IDLE ? pollMs * 2.5 : pollMs, signal);
      }
    } finally {
      wakeUp.close();
      await this.current?.file.handle.close();
      this.current = null;
    }
  }

  /** A file that fails while it is read (disk, network file system) is let go and tried again where it stopped. */
  private async *attempt(signal: AbortSignal): AsyncGenerator<FollowEvent, Outcome, void> {
    try {
      return yield* this.step(signal);
    } catch (error) {
      const { current } = this;
      if (current === null) throw error;
      const fault = `${printable(this.path)}: ${await reasonOf(this.path, error)}`;
      yield* this.finish(current, "deleted", finishedOf(current, this.seen), fault);
      return "quiet";
    }
  }

  private async *step(signal: AbortSignal): AsyncGenerator<FollowEvent, Outcome, void> {
    if (this.current === null) return (yield* this.open()) ? "again" : "quiet";
    const { current } = this;
    const before = await stat(this.path).catch(() => null);
    if (before !== null && this.isUnchanged(before, current)) return "quiet";

    let delivered = this.seen === null || this.waitingFor !== null;
    const drained = current.drain(signal);
    for (;;) {
      const event = await drained.next();
      if (event.done === true) {
        if (!event.value) return yield* this.recoverTruncated(current, signal);
        break;
      }
      delivered = true;
      yield event.value;
    }
    this.seen = before;
    if (before === null || !isSameFile(before, current.file)) {
      const moved = yield* this.leave(current, signal);
      if (moved !== "stay") return "again";
    } else this.waitingFor = null;
    if (delivered) yield { kind: "caughtUp" };
    if (before === null) yield* this.wait(`${printable(this.path)} is gone`);
    return delivered ? "busy" : "quiet";
  }

  private isUnchanged(now: Stats, current: GenerationReader): boolean {
    return (
      this.seen !== null &&
      this.waitingFor === null &&
      isSameFile(now, current.file) &&
      now.size === this.seen.size &&
      now.mtimeMs === this.seen.mtimeMs
    );
  }

  /** Opens what comes after the generation finished last; false when there is nothing yet. */
  private async *open(): AsyncGenerator<FollowEvent, boolean, void> {
    const opening = await this.nextFile();
    if ("reason" in opening) {
      this.first = false;
      yield* this.wait(opening.reason);
      return false;
    }
    const { file } = opening;
    try {
      const offset = this.first ? await startOffset(file, this.options.start) : opening.offset;
      this.current = generationReader(file, offset);
    } catch (error) {
      await file.handle.close();
      throw error;
    }
    this.first = false;
    this.seen = null;
    this.waitingFor = null;
    yield {
      kind: "opened",
      generation: file.generation,
      compression: file.compression,
      offset: this.current.offset,
    };
    return true;
  }

  private async nextFile(): Promise<Opening> {
    try {
      if (this.finished === null) {
        const file = await openFile(this.path);
        this.setPath = await realpath(this.path).catch(() => this.path);
        return { file, offset: 0 };
      }
      const next = await successor(this.path, this.setPath, this.finished);
      if (next === null) return { reason: `${printable(this.path)} does not exist` };
      const file = await openFile(next.path);
      if (next.path === this.path) this.setPath = await realpath(this.path).catch(() => this.path);
      return { file, offset: next.offset };
    } catch (error) {
      const missing = errorCode(error) === "ENOENT";
      const name = printable(this.path);
      return { reason: missing ? `${name} does not exist` : `${name}: ${await reasonOf(this.path, error)}` };
    }
  }

  /** The name means another file now (or none): on to the next generation, unless this one may still grow. */
  private async *leave(
    current: GenerationReader,
    signal: AbortSignal,
  ): AsyncGenerator<FollowEvent, "stay" | "go", void> {
    const after = finishedOf(current, this.seen);
    const next = await successor(this.path, this.setPath, after);
    const deleted = (await current.file.handle.stat()).nlink === 0;
    if (!deleted) {
      if (next === null || next.resumes) return "stay";
      // A writer told to reopen its log writes to the renamed file until it does.
      const begun = await stat(next.path).catch(() => null);
      if (begun === null || begun.size === 0) return "stay";
    }
    yield* current.drain(signal);
    if (signal.aborted) return "go";
    yield* this.finish(current, next === null ? "deleted" : "rotated", finishedOf(current, this.seen));
    return "go";
  }

  /** The file was cut under us (copytruncate): what we had not read yet may be in the copy. */
  private async *recoverTruncated(
    current: GenerationReader,
    signal: AbortSignal,
  ): AsyncGenerator<FollowEvent, "again", void> {
    const after = finishedOf(current, this.seen);
    const { members, at } = await locate(this.setPath, after.generation);
    const copy = members[at];
    if (copy === undefined || isLiveName(copy.name)) {
      yield* this.finish(current, "truncated", null);
      return "again";
    }
    const file = await openFile(copy.path).catch(() => null);
    if (file !== null) {
      try {
        yield* generationReader(file, current.offset, overlapOf(current)).drain(signal);
      } finally {
        await file.handle.close();
      }
    }
    yield* this.finish(current, "truncated", after);
    return "again";
  }

  private async *finish(
    current: GenerationReader,
    end: GenerationEnd,
    finished: Finished | null,
    fault = current.fault,
  ): AsyncGenerator<FollowEvent, void, void> {
    this.current = null;
    this.finished = finished;
    await current.file.handle.close();
    yield { kind: "complete", end, fault };
  }

  private async *wait(reason: string): AsyncGenerator<FollowEvent, void, void> {
    if (reason === this.waitingFor) return;
    this.waitingFor = reason;
    yield { kind: "waiting", reason };
  }
}

function finishedOf(current: GenerationReader, seen: Stats | null): Finished {
  const { generation, mtimeMs } = current.file;
  return { generation, offset: current.offset, mtimeMs: Math.max(mtimeMs, seen?.mtimeMs ?? 0) };
}

function isSameFile(stats: Stats, file: OpenFile): boolean {
  return stats.ino === file.generation.inode && stats.dev === file.generation.device;
}

async function startOffset(file: OpenFile, start: FollowOptions["start"]): Promise<number> {
  if (start === undefined || file.compression !== "none") return 0;
  return start({ size: file.bytes, read: (into, offset) => readFully(file.handle, into, offset) });
}
