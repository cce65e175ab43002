import type { FileGeneration, FileInput, PastRange } from "./contract.ts";
import { fileSource } from "./file-source.ts";
import { holdsGeneration, openFile, readFully, type OpenFile } from "./generation.ts";
import { lineStartBefore } from "./line-starts.ts";
import { locate, openGeneration } from "./locate.ts";

/** About 8,000 events at Metadata level: a tenth of a second of work, so that the live tail is never held up. */
const RANGE_BYTES = 8 * 1024 * 1024;

/**
 * What was written before `start`, newest first: pieces of that generation backwards, then the older files of its rotated
 * set. Without `start`, all files of the input. Rotation meanwhile is coped with; files that went away are left out.
 * Piece borders are line starts, so a piece may be longer than `rangeBytes`.
 */
export async function* pastRanges(
  input: FileInput,
  start: { readonly generation: FileGeneration; readonly offset: number } | null,
  signal: AbortSignal,
  rangeBytes = RANGE_BYTES,
): AsyncGenerator<PastRange, void, void> {
  if (start === null) {
    for (const { path } of input.files.toReversed()) {
      const file = await openFile(path).catch(() => null);
      if (signal.aborted) return;
      if (file !== null) yield* rangesOf(file, Number.POSITIVE_INFINITY, signal, rangeBytes);
    }
    return;
  }
  const first = await openGeneration(start.generation);
  if (first !== null) yield* rangesOf({ ...first, generation: start.generation }, start.offset, signal, rangeBytes);
  yield* olderFiles(start.generation, signal, rangeBytes);
}

async function* olderFiles(
  newest: FileGeneration,
  signal: AbortSignal,
  rangeBytes: number,
): AsyncGenerator<PastRange, void, void> {
  let last = newest;
  let { members, at } = await locate(last.path, last);
  while (!signal.aborted) {
    const older = members[at - 1];
    if (older === undefined) return;
    at -= 1;
    const file = await openFile(older.path).catch(() => null);
    if (file === null) continue;
    if (holdsGeneration(file.generation, last)) {
      // Numbered files moved on by one, and this is the one we had; or it is a copy of it.
      await file.handle.close();
      ({ members, at } = await locate(last.path, last));
      if (members[at - 1]?.path === older.path) at -= 1;
      continue;
    }
    last = file.generation;
    yield* rangesOf(file, Number.POSITIVE_INFINITY, signal, rangeBytes);
  }
}

/** Closes the file: each piece opens it again, so that a deleted file is not held for as long as filling takes. */
async function* rangesOf(
  file: OpenFile,
  end: number,
  signal: AbortSignal,
  rangeBytes: number,
): AsyncGenerator<PastRange, void, void> {
  const { generation, compression } = file;
  const range = (from: number, to: number): PastRange => {
    const opener = (): Promise<OpenFile> => openAgain(generation);
    return { generation, compression, from, to, source: fileSource(generation.path, { from, to, opener }) };
  };
  await file.handle.close();
  if (compression !== "none") {
    if (end > 0) yield range(0, end);
    return;
  }
  for (let to = Math.min(end, file.bytes); to > 0 && !signal.aborted;) {
    const from = await rangeStart(generation, to, rangeBytes);
    if (from === null) return;
    yield range(from, to);
    to = from;
  }
}

/** Null when the generation is gone. In one that was compressed meanwhile the rest is one piece. */
async function rangeStart(generation: FileGeneration, to: number, rangeBytes: number): Promise<number | null> {
  if (to <= rangeBytes) return 0;
  const file = await openGeneration(generation);
  if (file === null) return null;
  try {
    if (file.compression !== "none") return 0;
    const reader = { size: file.bytes, read: (into: Uint8Array, at: number) => readFully(file.handle, into, at) };
    return await lineStartBefore(reader, to - rangeBytes);
  } finally {
    await file.handle.close();
  }
}

async function openAgain(generation: FileGeneration): Promise<OpenFile> {
  const file = await openGeneration(generation);
  if (file === null) throw new Error("it was removed while it was read backwards");
  return file;
}
