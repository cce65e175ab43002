import { learnMember, topMember, type KnownArchive } from "./known-archives.ts";
import { ArchiveFault, type Member } from "./member.ts";
import { fileMembers, streamMembers } from "./members.ts";

/** An idle cursor holds a file and a decoder, which may have 64 MiB. */
const IDLE_CLOSE_MS = 2_000;
const MAX_IDLE = 4;
/** A file that is opened is looked at first: so much of it is kept to be read again. */
const MAX_HEAD_BYTES = 1024 * 1024;

/** An archive being pulled: what it has passed can only be had by beginning anew. */
interface Cursor {
  readonly archive: KnownArchive;
  readonly members: AsyncGenerator<Member, void, void>;
  /** Ordinal of the member come upon last; −1 at the start. */
  at: number;
  /** That member, or a file in it, as far as it was read; null when its beginning is gone. */
  begun: Begun | null;
  idleSinceMs: number;
}

interface Begun {
  readonly inner: string;
  readonly head: Uint8Array[];
  readonly rest: AsyncGenerator<Uint8Array, void, void>;
}

/** Cursors nobody uses right now: the files of one API server lie behind each other, and are asked for in that order. */
let idle: Cursor[] = [];
let timer: NodeJS.Timeout | null = null;

/**
 * A file in an archive, as its bytes are stored there. Leaving early keeps the place. Throws an ArchiveFault when the way
 * there is damaged.
 */
export async function* cursorChunks(archive: KnownArchive, inner: string): AsyncGenerator<Uint8Array, void, void> {
  const cursor = takeIdle(archive, inner) ?? {
    archive,
    members: fileMembers(archive),
    at: -1,
    begun: null,
    idleSinceMs: 0,
  };
  let isUsable = false;
  try {
    if (cursor.begun?.inner !== inner) {
      await cursor.begun?.rest.return();
      cursor.begun = await advance(cursor, inner);
    }
    const { head, rest } = cursor.begun;
    let bytes = 0;
    isUsable = true;
    for (const chunk of head) {
      bytes += chunk.length;
      yield chunk;
    }
    isUsable = false;
    // Pulled by hand: `for await` would end what is kept.
    for (;;) {
      const next = await rest.next();
      if (next.done === true) break;
      bytes += next.value.length;
      if (bytes > MAX_HEAD_BYTES) cursor.begun = null;
      else head.push(Uint8Array.from(next.value));
      isUsable = true;
      yield next.value;
      isUsable = false;
    }
    cursor.begun = null;
    isUsable = true;
  } finally {
    if (isUsable) park(cursor);
    else await close(cursor);
  }
}

async function advance(cursor: Cursor, inner: string): Promise<Begun> {
  for (;;) {
    const next = await cursor.members.next();
    if (next.done === true) throw new ArchiveFault("it is not in the archive any more");
    const member = next.value;
    cursor.at = member.ordinal;
    learnMember(cursor.archive, member);
    const rest = restBehind(member.name, inner);
    if (rest !== null) return { inner, head: [], rest: rest === "" ? member.chunks() : nested(member, rest, 1) };
  }
}

/** What of a path is left behind a member's name: "" for the member itself, null when it leads elsewhere. */
function restBehind(name: string, path: string): string | null {
  if (path === name) return "";
  return path.startsWith(`${name}/`) ? path.slice(name.length + 1) : null;
}

async function* nested(archive: Member, path: string, depth: number): AsyncGenerator<Uint8Array, void, void> {
  for await (const member of streamMembers(archive.chunks(), depth)) {
    const rest = restBehind(member.name, path);
    if (rest === null) continue;
    yield* rest === "" ? member.chunks() : nested(member, rest, depth + 1);
    return;
  }
  throw new ArchiveFault("it is not in the archive any more");
}

/** The idle cursor that is nearest before a file; null when there is none. */
function takeIdle(archive: KnownArchive, inner: string): Cursor | null {
  const ordinal = topMember(archive, inner)?.known.ordinal ?? Number.POSITIVE_INFINITY;
  let best: Cursor | null = null;
  for (const cursor of idle) {
    if (cursor.archive !== archive) continue;
    if (cursor.begun?.inner === inner) {
      best = cursor;
      break;
    }
    if (cursor.at < ordinal && (best === null || cursor.at > best.at)) best = cursor;
  }
  idle = idle.filter((other) => other !== best);
  return best;
}

function park(cursor: Cursor): void {
  cursor.idleSinceMs = performance.now();
  idle.push(cursor);
  if (idle.length > MAX_IDLE) void close(idle.shift() as Cursor);
  closeWhenIdle();
}

async function close({ begun, members }: Cursor): Promise<void> {
  await begun?.rest.return().catch(() => undefined);
  await members.return().catch(() => undefined);
}

function closeWhenIdle(): void {
  if (timer !== null) return;
  timer = setTimeout(() => {
    timer = null;
    const before = performance.now() - IDLE_CLOSE_MS;
    for (const cursor of idle) if (cursor.idleSinceMs <= before) void close(cursor);
    idle = idle.filter(({ idleSinceMs }) => idleSinceMs > before);
    if (idle.length > 0) closeWhenIdle();
  }, IDLE_CLOSE_MS);
  timer.unref();
}
