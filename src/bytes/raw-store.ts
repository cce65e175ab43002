import { setImmediate as nextTurn } from "node:timers/promises";
import type { FileGeneration, RawRequest, RawResult, RawStore } from "./contract.ts";
import { fileSource } from "./file-source.ts";
import type { OpenFile } from "./generation.ts";
import { openGeneration } from "./locate.ts";
import { PackedReader } from "./raw-packed.ts";
import { PlainReader } from "./raw-plain.ts";
import { RawRing } from "./raw-ring.ts";
import { WINDOW_BYTES, WindowCache } from "./raw-windows.ts";
import { printable, reasonOf } from "./read-error.ts";

export interface RawStoreOptions {
  /** Bytes kept of inputs that cannot be read again; default 256 MiB. */
  readonly streamBytes?: number;
  /** A source's file was found under another name. */
  readonly onMoved?: (source: number, path: string) => void;
}

const STREAM_BYTES = 256 * 1024 * 1024;
/** The operating system caches plain files; decompressing is what must not be done twice. */
const PLAIN_CACHE_BYTES = 4 * WINDOW_BYTES;
const PACKED_CACHE_BYTES = 64 * WINDOW_BYTES;
/** A pass over many events comes back only within one enclosing record. */
const PASS_CACHE_BYTES = 4 * WINDOW_BYTES;
/** An open descriptor keeps a deleted file's blocks on the node's disk. */
const IDLE_CLOSE_MS = 1_000;
/** A file that is gone is not searched for again with every event. */
const MISSING_FOR_MS = 2_000;
const SLICE_MS = 8;

interface FileState {
  readonly generation: FileGeneration;
  readonly plain: PlainReader;
  /** Set once the generation was found compressed. */
  packed: PackedReader | null;
  missingUntilMs: number;
}

/** One file being read in a pass over many requests. */
interface Pass {
  readonly source: number;
  packed: PackedReader | null;
}

/** Close it when done: it holds files open for a second after their last use. */
export function openRawStore(options: RawStoreOptions = {}): RawStore {
  return new FilesAndRing(options.streamBytes ?? STREAM_BYTES, options.onMoved ?? (() => {}));
}

class FilesAndRing implements RawStore {
  private readonly files = new Map<number, FileState>();
  private readonly ring: RawRing;
  private readonly plainCache = new WindowCache(PLAIN_CACHE_BYTES);
  private readonly packedCache = new WindowCache(PACKED_CACHE_BYTES);
  /**
   * Readers of finished passes, by source: the next page of a long listing goes on where the last one stopped instead of
   * decompressing from the start again.
   */
  private readonly parked = new Map<number, PackedReader>();
  private idleTimer: NodeJS.Timeout | null = null;

  private readonly onMoved: (source: number, path: string) => void;

  constructor(streamBytes: number, onMoved: (source: number, path: string) => void) {
    this.ring = new RawRing(streamBytes);
    this.onMoved = onMoved;
  }

  get streamBytes(): number {
    return this.ring.heldBytes;
  }

  addFile(source: number, generation: FileGeneration): void {
    const plain = new PlainReader(source, generation, this.plainCache);
    this.files.set(source, { generation, plain, packed: null, missingUntilMs: 0 });
  }

  addStream(source: number): void {
    this.ring.addSource(source);
  }

  append(source: number, chunk: Uint8Array): void {
    this.ring.append(source, chunk);
  }

  readNow({ source, offset, bytes }: RawRequest): RawResult | null {
    if (this.ring.has(source)) return this.ring.read(source, offset, bytes);
    const file = this.files.get(source);
    if (file === undefined) return { missing: "unknown source" };
    if (file.packed !== null) return file.packed.readCached(offset, bytes);
    const result = file.plain.read(offset, bytes);
    if (file.plain.isOpen) this.closeWhenIdle();
    return result;
  }

  async read(request: RawRequest): Promise<RawResult> {
    const result = await this.readVia(request, (file) => file.packed);
    this.closeWhenIdle();
    return result;
  }

  async *readMany(
    requests: readonly RawRequest[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly index: number; readonly result: RawResult }, void, void> {
    // Its own position in compressed files: a card opened meanwhile must not send the pass back to the start.
    let pass: Pass = { source: -1, packed: null };
    let last: { readonly request: RawRequest; readonly result: RawResult } | null = null;
    const passCache = new WindowCache(PASS_CACHE_BYTES);
    let answers = 0;
    let turnMs = performance.now();
    try {
      for (const index of sortedIndexes(requests)) {
        const request = requests[index];
        if (request === undefined || signal?.aborted === true) return;
        answers += 1;
        if (answers % 64 === 0 && performance.now() - turnMs > SLICE_MS) {
          await nextTurn();
          turnMs = performance.now();
        }
        if (pass.source !== request.source) {
          await this.leave(pass);
          pass = { source: request.source, packed: null };
        }
        const here = pass;
        const result: RawResult =
          last !== null && isSameSpan(last.request, request)
            ? last.result
            : (this.readNow(request) ??
              (await this.readVia(
                request,
                (file) =>
                  (here.packed ??= this.unpark(request.source) ?? this.packedReader(request.source, file, passCache)),
              )));
        last = { request, result };
        yield { index, result };
      }
    } finally {
      await this.leave(pass);
    }
  }

  close(): void {
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.idleTimer = null;
    for (const { plain, packed } of this.files.values()) {
      plain.close();
      void packed?.close();
    }
    for (const reader of this.parked.values()) void reader.close();
    this.parked.clear();
    this.plainCache.clear();
    this.packedCache.clear();
  }

  private async readVia(request: RawRequest, via: (file: FileState) => PackedReader | null): Promise<RawResult> {
    const now = this.readNow(request);
    if (now !== null) return now;
    const file = this.files.get(request.source);
    if (file === undefined) return { missing: "unknown source" };
    if (file.packed === null) {
      const lost = await this.find(request.source, file);
      if (lost !== null) return { missing: lost };
    }
    if (file.packed === null) return this.readNow(request) ?? { missing: goneReason(file) };
    const packed = via(file) ?? file.packed;
    try {
      return packed.readCached(request.offset, request.bytes) ?? (await packed.read(request.offset, request.bytes));
    } catch {
      // The compressed file went away as well: search anew next time.
      file.packed = null;
      return { missing: goneReason(file) };
    }
  }

  /** Looks for the generation under another name; returns why it is lost, or null when it was found. */
  private async find(source: number, file: FileState): Promise<string | null> {
    if (performance.now() < file.missingUntilMs) return goneReason(file);
    let found: OpenFile | null;
    try {
      found = await openGeneration(file.generation);
    } catch (error) {
      return reasonOf(file.generation.path, error);
    }
    if (found === null) {
      file.missingUntilMs = performance.now() + MISSING_FOR_MS;
      return goneReason(file);
    }
    await found.handle.close();
    this.onMoved(source, found.path);
    if (found.compression === "none") file.plain.moveTo(found.path);
    else {
      file.plain.close();
      file.packed = this.packedReader(source, file, this.packedCache);
    }
    return null;
  }

  private packedReader(source: number, { generation }: FileState, cache: WindowCache): PackedReader {
    const opener = async (): Promise<OpenFile> => {
      const file = await openGeneration(generation);
      if (file === null) throw new Error("it was removed or overwritten");
      return file;
    };
    return new PackedReader(source, () => fileSource(generation.path, { opener }), cache);
  }

  /** A pass holds a plain file open only while it reads it, a compressed one until it is idle. */
  private async leave(pass: Pass): Promise<void> {
    this.files.get(pass.source)?.plain.close();
    if (pass.packed === null) return;
    const other = this.parked.get(pass.source);
    this.parked.set(pass.source, pass.packed);
    this.closeWhenIdle();
    await other?.close();
  }

  private unpark(source: number): PackedReader | null {
    const reader = this.parked.get(source) ?? null;
    this.parked.delete(source);
    return reader;
  }

  private closeWhenIdle(): void {
    if (this.idleTimer !== null) return;
    this.idleTimer = setTimeout(() => {
      this.idleTimer = null;
      const before = performance.now() - IDLE_CLOSE_MS;
      let open = 0;
      for (const { plain, packed } of this.files.values()) {
        for (const reader of [plain, packed]) {
          if (reader === null || !reader.isOpen) continue;
          if (reader.usedMs > before) open += 1;
          else void reader.close();
        }
      }
      for (const [source, reader] of this.parked) {
        if (reader.usedMs > before) open += 1;
        else {
          this.parked.delete(source);
          void reader.close();
        }
      }
      if (open > 0) this.closeWhenIdle();
    }, IDLE_CLOSE_MS);
    this.idleTimer.unref();
  }
}

function goneReason({ generation }: FileState): string {
  return `${printable(generation.path)} was removed or overwritten`;
}

function isSameSpan(a: RawRequest, b: RawRequest): boolean {
  return a.offset === b.offset && a.bytes === b.bytes && a.source === b.source;
}

function sortedIndexes(requests: readonly RawRequest[]): Uint32Array {
  const order = new Uint32Array(requests.length);
  let sorted = true;
  for (let index = 0; index < order.length; index += 1) {
    order[index] = index;
    sorted &&= index === 0 || compareRequests(requests[index - 1], requests[index]) <= 0;
  }
  return sorted ? order : order.sort((a, b) => compareRequests(requests[a], requests[b]));
}

function compareRequests(a: RawRequest | undefined, b: RawRequest | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a.source - b.source || a.offset - b.offset;
}
