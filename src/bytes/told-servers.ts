import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { pathOf } from "../files/file-names.ts";
import type { InputFile } from "./contract.ts";
import { fileSource } from "./file-source.ts";
import { parseRotatedName } from "./rotated-set.ts";

type Span = readonly [fromUs: number, toUs: number];

/** What tells logs apart by what is in them. */
export interface LogContent {
  /** Which API server wrote these decompressed bytes, as far as they prove it; "" where they don't. */
  readonly serverIn: (bytes: Uint8Array) => string;
  /** When the first and the last event in these decompressed bytes were written, µs; NaN when they do not tell. */
  readonly timesIn: (bytes: Uint8Array) => Span;
}

export interface ToldServers {
  /** Of each log: its API server's name, "" where nothing tells it. */
  readonly names: readonly string[];
  /** Paths of logs without a name that were written at the same time: counted as one API server's, and nobody knows. */
  readonly untold: readonly string[];
}

/** More logs of different names are no API servers' any more, and looking into all of them is not worth it. */
const MOST_LOGS = 16;
/** An API server writes its own name every ten seconds. */
const MOST_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

/**
 * Whose the logs are that no path tells apart (`cp1.log cp2.log`): what is in them decides, and where it doesn't they stay
 * without a name. A log may be cut in two by anybody: that two overlap in time proves nothing, and is only told.
 */
export async function toldServers(
  logs: readonly (readonly InputFile[])[],
  names: readonly string[],
  content: LogContent,
): Promise<ToldServers> {
  const open = names.flatMap((name, at) => (name === "" && (logs[at]?.length ?? 0) > 0 ? [at] : []));
  if (open.length < 2 || open.length > MOST_LOGS) return { names, untold: [] };
  const proven = await Promise.all(open.map((at) => provenServer(logs[at] ?? [], content)));
  const labels = new Map<string, string>();
  for (const [order, server] of proven.entries()) {
    if (server !== "" && !labels.has(server)) labels.set(server, labelOf(logs[open[order] ?? 0] ?? []));
  }
  const isSeveral = labels.size > 1;
  const told = [...names];
  for (const [order, at] of open.entries()) {
    if (isSeveral) told[at] = labels.get(proven[order] ?? "") ?? "";
  }
  const nameless = open.filter((at, order) => told[at] === "" && (isSeveral || proven[order] === ""));
  const spans = new Map<number, Span>();
  if (nameless.length > 0) for (const at of open) spans.set(at, await spanOf(logs[at] ?? [], content));
  const others = (at: number): number[] => open.filter((other) => other !== at && told[other] === "");
  const untold = nameless.filter((at) => others(at).some((other) => overlap(spans.get(at), spans.get(other))));
  return { names: told, untold: untold.flatMap((at) => logs[at]?.at(-1)?.path ?? []) };
}

/** `cp1` of `cp1.log` and its rotated files. */
function labelOf(files: readonly InputFile[]): string {
  return parseRotatedName(basename(files[0]?.path ?? "")).base.replace(/\.[a-z]+$/, "");
}

/** By its newest file, the first bytes of which were written by one process at most. */
async function provenServer(files: readonly InputFile[], { serverIn }: LogContent): Promise<string> {
  const newest = files.at(-1);
  if (newest === undefined) return "";
  let read = 0;
  try {
    for await (const chunk of fileSource(newest.path, { chunkBytes: 1024 * 1024 }).chunks()) {
      const server = serverIn(chunk);
      if (server !== "") return server;
      read += chunk.length;
      if (read >= MOST_BYTES) break;
    }
  } catch {
    // Who reads it says why it can't be.
  }
  return "";
}

function overlap(
  [from, to]: Span = [Number.NaN, Number.NaN],
  [otherFrom, otherTo]: Span = [Number.NaN, Number.NaN],
): boolean {
  return from < otherTo && otherFrom < to;
}

/** To its last lines; of what is packed, to when it was last written. */
async function spanOf(files: readonly InputFile[], { timesIn }: LogContent): Promise<Span> {
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) return [Number.NaN, Number.NaN];
  const [from] = timesIn(await headOf(first));
  const [, to] = timesIn(last.compression === "none" ? tailOf(last) : new Uint8Array(0));
  return [from, Number.isNaN(to) ? last.writtenMs * 1_000 : to];
}

async function headOf({ path }: InputFile): Promise<Uint8Array> {
  try {
    for await (const chunk of fileSource(path, { chunkBytes: TAIL_BYTES }).chunks()) return chunk.slice();
  } catch {
    // Who reads it says why it can't be.
  }
  return new Uint8Array(0);
}

function tailOf({ path, bytes }: InputFile): Uint8Array {
  const tail = Buffer.alloc(Math.min(TAIL_BYTES, bytes));
  let file: number;
  try {
    file = openSync(pathOf(path), "r");
  } catch {
    return tail.subarray(0, 0);
  }
  try {
    const length = readSync(file, tail, 0, tail.length, Math.max(0, bytes - tail.length));
    return tail.subarray(0, length);
  } catch {
    return tail.subarray(0, 0);
  } finally {
    closeSync(file);
  }
}
