import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { FileGeneration, FollowEvent, FollowSource, GenerationEnd, ReadAt } from "./contract.ts";
import { HEAD_BYTES, holdsGeneration, openFile, readFully, readHead, type OpenFile } from "./generation.ts";
import { openGeneration } from "./locate.ts";
import { errorCode, printable, reasonOf } from "./read-error.ts";
import { generationReader, overlapOf, type GenerationReader } from "./tail-reader.ts";
import { WakeUp } from "./wake-up.ts";
import { WatchedSet, type Member } from "./watched-set.ts";
import { pathOf, realName } from "../files/file-names.ts";

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

/** Changes within this time are read together: a look costs half a millisecond, whatever there is. */
const COALESCE_MS = 80;
const POLLS_UNTIL_IDLE = 50;
/** A rotated file that cannot be read is tried this often; what comes after it has to wait. */
const MOST_TRIES = 20;

/** Follows a name as `tail -F` does: every generation that is written under it, in order, each to its end. */
export function followSource(path: string, options: FollowOptions = {}): FollowSource {
  return new Follower(path, options);
}

/** Whether to look at once, soon, or as for a file that rests. */
type Outcome = "again" | "busy" | "quiet";

interface Current {
  readonly reader: GenerationReader;
  /** Opened under the followed name, not as a rotated file. */
  readonly isLive: boolean;
  /** When it was last written, as far as we saw. */
  mtimeMs: number;
}

class Follower implements FollowSource {
  readonly path: string;
  private readonly options: FollowOptions;
  private current: Current | null = null;
  /** Its file failed: what is left of it is still to be read. */
  private interrupted: Current | null = null;
  private failures = 0;
  /** The live file delivered last: back under its name, it is not read twice. */
  private finished: Current | null = null;
  /** The rotated files beside the live one: behind a symbolic link they lie elsewhere. */
  private set: WatchedSet;
  private isFirst = true;
  private seen: Stats | null = null;
  private waitingFor: string | null = null;
  private readonly tries = new Map<string, number>();

  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.set = new WatchedSet(path);
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
        await wakeUp.wait(idlePolls > POLLS_UNTIL_IDLE ? pollMs * 2.5 : pollMs, next === "busy", signal);
      }
    } finally {
      wakeUp.close();
      await this.current?.reader.file.handle.close();
      this.current = null;
    }
  }

  /** A file that fails while it is read (disk, network file system) is let go and tried again where it stopped. */
  private async *attempt(signal: AbortSignal): AsyncGenerator<FollowEvent, Outcome, void> {
    try {
      if (this.interrupted !== null) return yield* this.resume(this.interrupted);
      if (this.current === null) return (yield* this.open()) ? "again" : "quiet";
      return yield* this.step(this.current, signal);
    } catch (error) {
      if (this.current !== null) {
        this.interrupted = this.current;
        this.current = null;
        await this.interrupted.reader.file.handle.close().catch(() => null);
      }
      yield* this.wait(`${printable(this.path)}: ${await reasonOf(this.path, error)}`);
      return "quiet";
    }
  }

  private async *step(current: Current, signal: AbortSignal): AsyncGenerator<FollowEvent, Outcome, void> {
    // In this order: what is beside a file that proves afterwards to be the live one is older than it.
    const isSetUnchanged = await this.set.isUnchanged();
    if (!isSetUnchanged) await this.set.see();
    const live = await stat(pathOf(this.path)).catch(() => null);
    if (current.isLive && isSetUnchanged && live !== null && this.isUnchanged(live, current)) return "quiet";
    const { generation } = current.reader.file;
    const isUnread = current.isLive && current.reader.offset === 0;
    const isEmpty = (): boolean => generation.head.length === 0;
    if (isUnread && (!isSetUnchanged || isEmpty()) && (await this.hasEarlier(current))) {
      yield* this.finish(current, "truncated");
      return "again";
    }
    const wasEmpty = current.reader.offset === 0;
    const wasWaiting = this.waitingFor !== null;
    let delivered = this.seen === null || wasWaiting;
    // Nothing proves yet what is written to an empty file from here on.
    const drained = isUnread && isEmpty() ? "nothing" : yield* this.drain(current, signal);
    if (drained === "truncated" || signal.aborted) return "again";
    delivered ||= drained === "more";
    this.failures = 0;
    this.seen = live;
    // Much may have happened while what was read was dealt with.
    const now = await stat(pathOf(this.path)).catch(() => null);
    const isLive = now !== null && current.isLive && isSameFile(now, current.reader.file);
    const end = !isLive
      ? await this.endOf(current, now)
      : wasEmpty && current.reader.offset > 0 && (await this.hasEarlier(current))
        ? "truncated"
        : null;
    if (end !== null) {
      // Written before the rotation, and after what was read.
      if ((yield* this.drain(current, signal)) !== "truncated" && !signal.aborted) yield* this.finish(current, end);
      return "again";
    }
    if (isLive) {
      current.mtimeMs = now.mtimeMs;
      this.set.passSeen();
      this.waitingFor = null;
    }
    if (delivered) yield { kind: "caughtUp" };
    if (now === null) yield* this.wait(`${printable(this.path)} is gone`);
    return delivered && !wasWaiting ? "busy" : "quiet";
  }

  /** Delivers what there is; deals with a file that was cut. */
  private async *drain(
    current: Current,
    signal: AbortSignal,
  ): AsyncGenerator<FollowEvent, "more" | "nothing" | "truncated", void> {
    let more: "more" | "nothing" = "nothing";
    const drained = current.reader.drain(signal);
    for (;;) {
      const event = await drained.next();
      if (event.done !== true) {
        more = "more";
        yield event.value;
      } else if (event.value) {
        return more;
      } else {
        yield* this.recoverTruncated(current, signal);
        return "truncated";
      }
    }
  }

  private isUnchanged(now: Stats, current: Current): boolean {
    return (
      this.seen !== null &&
      this.waitingFor === null &&
      isSameFile(now, current.reader.file) &&
      now.size === this.seen.size &&
      now.mtimeMs === this.seen.mtimeMs
    );
  }

  /**
   * Of a file that was empty when we last looked nothing can tell whether it is still the one it was: what was written to it
   * meanwhile may have been copied away. It is left for what lies beside it, and come back to. Its first bytes are looked at
   * before what is beside it, and have to be the same when it is read.
   */
  private async hasEarlier({ reader }: Current): Promise<boolean> {
    const { generation, handle } = reader.file;
    await this.set.see();
    const head =
      reader.offset > 0 ? generation.head : await readHead({ handle, compression: "none", member: null }, HEAD_BYTES);
    if (generation.head.length === 0) generation.head = head;
    return (await this.set.unread({ ...generation, head })).length > 0;
  }

  /**
   * How a file that has lost its name has ended; null when it may still grow. An empty file under the name is no successor:
   * a writer told to reopen its log writes to the renamed file until it does.
   */
  private async endOf({ reader }: Current, now: Stats | null): Promise<GenerationEnd | null> {
    const { file } = reader;
    if ((await this.set.unread(file.generation)).length > 0) return "rotated";
    if (now !== null && now.size > 0 && !isSameFile(now, file)) return "rotated";
    return (await file.handle.stat()).nlink === 0 ? "deleted" : null;
  }

  /** Opens what comes next; false when there is nothing yet. */
  private async *open(): AsyncGenerator<FollowEvent, boolean, void> {
    const [member] = this.isFirst ? [] : await this.set.unread();
    try {
      const current = member === undefined ? await this.openLive() : await this.openMember(member);
      if (current === null) return true;
      this.current = current;
      this.seen = null;
      this.waitingFor = null;
      const { generation, compression } = current.reader.file;
      yield { kind: "opened", generation, compression, offset: current.reader.offset };
      return true;
    } catch (error) {
      if (member !== undefined) yield* this.failed(member, error);
      else {
        if (this.isFirst) await this.set.passAll().catch(() => null);
        const name = printable(this.path);
        const isMissing = errorCode(error) === "ENOENT";
        yield* this.wait(isMissing ? `${name} does not exist` : `${name}: ${await reasonOf(this.path, error)}`);
      }
      return false;
    } finally {
      this.isFirst = false;
    }
  }

  private async openLive(): Promise<Current> {
    const file = await openFile(this.path);
    try {
      await this.settleIn();
      const { mtimeMs } = file;
      if (this.isFirst) {
        return { reader: generationReader(file, await startOffset(file, this.options.start)), isLive: true, mtimeMs };
      }
      // The one that was read last, back under its name, or a copy of it.
      const before = this.finished;
      this.finished = null;
      const isBack = before !== null && holdsGeneration(file.generation, before.reader.file.generation);
      const reader = isBack
        ? generationReader(file, before.reader.offset, overlapOf(before.reader))
        : generationReader(file, 0);
      return { reader, isLive: true, mtimeMs };
    } catch (error) {
      await file.handle.close();
      throw error;
    }
  }

  /** The rotated files that are there already are older. Behind a link pointed elsewhere: those written before we came. */
  private async settleIn(): Promise<void> {
    const path = await realName(this.path);
    if (this.isFirst) {
      this.set = new WatchedSet(path);
      await this.set.passAll();
    } else if (!this.set.isFor(path)) {
      this.set = new WatchedSet(path);
      await this.set.passAll(this.finished?.mtimeMs);
    }
  }

  /** Null when another file has that name now: numbered ones move on. */
  private async openMember(member: Member): Promise<Current | null> {
    const file = await openFile(member.path);
    if (member.generation !== null && !holdsGeneration(file.generation, member.generation)) {
      await file.handle.close();
      return null;
    }
    this.tries.clear();
    return { reader: generationReader(file, 0), isLive: false, mtimeMs: file.mtimeMs };
  }

  /** A rotated file that cannot be opened: it may have been renamed, or have to be given up. */
  private async *failed(member: Member, error: unknown): AsyncGenerator<FollowEvent, void, void> {
    if (errorCode(error) === "ENOENT") return;
    const tries = (this.tries.get(member.path) ?? 0) + 1;
    this.tries.set(member.path, tries);
    const reason = `${printable(member.path)}: ${await reasonOf(member.path, error)}`;
    if (tries < MOST_TRIES) {
      yield* this.wait(reason);
      return;
    }
    this.set.giveUp(member);
    yield { kind: "lost", sentence: reason };
  }

  /** Goes on where reading failed, in whatever file holds the generation now. A rotated one is given up in the end. */
  private async *resume(interrupted: Current): AsyncGenerator<FollowEvent, Outcome, void> {
    const { reader, isLive, mtimeMs } = interrupted;
    const { generation } = reader.file;
    this.failures += 1;
    const isLast = !isLive && this.failures >= MOST_TRIES;
    const file = isLast ? null : await openGeneration(generation);
    if (file !== null) {
      // A copy is not the file that is written to, which goes on with something else.
      const { device, inode } = file.generation;
      const isSame = device === generation.device && inode === generation.inode;
      const found = { ...file, generation: isSame ? generation : { ...generation, device, inode } };
      const rest = generationReader(found, reader.offset, overlapOf(reader));
      this.current = { reader: rest, isLive: isLive && isSame, mtimeMs };
      this.interrupted = null;
      this.seen = null;
      return "again";
    }
    const now = isLive ? await stat(pathOf(this.path)).catch(() => null) : null;
    const isThere = isLive && (now === null || (isSameFile(now, reader.file) && !(await this.isRewritten(generation))));
    if (isThere || (!isLive && !isLast)) return "quiet";
    this.interrupted = null;
    this.failures = 0;
    this.finished = isLive ? interrupted : null;
    this.set.pass(generation);
    yield { kind: "lost", sentence: `${printable(generation.path)} could not be read to its end` };
    yield { kind: "complete", end: "deleted", movedTo: null };
    return "again";
  }

  /** Whether the file can be read and holds something else: what it held while it failed is gone. */
  private async isRewritten(generation: FileGeneration): Promise<boolean> {
    const file = await openFile(this.path).catch(() => null);
    if (file === null) return false;
    await file.handle.close();
    return !holdsGeneration(file.generation, generation);
  }

  /** The file was cut under us (copytruncate): what we had not read yet may be in the copy. */
  private async *recoverTruncated(current: Current, signal: AbortSignal): AsyncGenerator<FollowEvent, void, void> {
    const { reader } = current;
    const overlap = overlapOf(reader);
    let isRecovered = false;
    for (const { path } of await this.set.holding(reader.file.generation)) {
      const file = await openFile(path).catch(() => null);
      if (file === null) continue;
      const rest = generationReader(file, reader.offset, overlap);
      try {
        isRecovered = yield* rest.drain(signal);
        if (rest.fault !== null) yield { kind: "lost", sentence: rest.fault };
      } finally {
        await file.handle.close();
      }
      if (!isRecovered) continue;
      this.set.pass(reader.file.generation);
      break;
    }
    const unread = (this.seen?.size ?? 0) - reader.offset;
    if (!isRecovered && unread > 0) {
      yield { kind: "lost", sentence: `${printable(this.path)} was truncated before ${unread} bytes of it were read` };
    }
    yield* this.finish(current, isRecovered ? "truncated" : "emptied");
    this.finished = null;
  }

  private async *finish(current: Current, end: GenerationEnd): AsyncGenerator<FollowEvent, void, void> {
    const { reader, isLive } = current;
    this.current = null;
    if (reader.offset > 0) {
      this.set.pass(reader.file.generation);
      if (isLive) this.finished = current;
    }
    await reader.file.handle.close();
    if (reader.fault !== null) yield { kind: "lost", sentence: reader.fault };
    const [now] = end === "deleted" ? [] : await this.set.holding(reader.file.generation).catch(() => []);
    yield { kind: "complete", end, movedTo: now?.path ?? null };
  }

  private async *wait(reason: string): AsyncGenerator<FollowEvent, void, void> {
    if (reason === this.waitingFor) return;
    this.waitingFor = reason;
    yield { kind: "waiting", reason };
  }
}

function isSameFile(stats: Stats, file: OpenFile): boolean {
  return stats.ino === file.generation.inode && stats.dev === file.generation.device;
}

async function startOffset(file: OpenFile, start: FollowOptions["start"]): Promise<number> {
  if (start === undefined || file.compression !== "none") return 0;
  return start({ size: file.bytes, read: (into, offset) => readFully(file.handle, into, offset) });
}
