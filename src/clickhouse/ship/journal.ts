import { createHash, randomInt } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { FileGeneration } from "../../bytes/contract.ts";
import { holdsGeneration } from "../../bytes/generation.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { type Batch, ShipFailure, type ShippedPoint, type ShipSource } from "./contract.ts";
import { JournalFile, journalText } from "./journal-file.ts";
import { takeLock } from "./lock.ts";
import { seqAt } from "./seq-numbers.ts";

const JOURNAL = "journal";
/** Hashes of shipped events, 8 bytes each: what overlaps is known by them. */
const SEEN = /^seen-(\d+)$/;
/** So many are known; twice as many are kept before the older ones go. */
const MOST_SEEN = 1 << 20;
/** Sources that are shipped whole and were seen longest ago are forgotten. */
const MOST_SOURCES = 20_000;

interface OpenRecord {
  readonly kind: "open";
  readonly version: 1;
  readonly store: string;
  readonly seed: readonly [number, number];
  readonly lane: number | null;
  readonly lastSeq: number;
  readonly seenFile: number;
}
interface LaneRecord {
  readonly kind: "lane";
  readonly lane: number;
  readonly lastSeq: number;
}
interface SourceRecord {
  readonly kind: "source";
  readonly id: number;
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** Base64. */
  readonly head: string;
}
type PointRecord = readonly [id: number, from: number, skip: number, format: string, isWhole: boolean];
interface PointsRecord {
  readonly kind: "points";
  readonly points: readonly PointRecord[];
  /** Hashes in the file of those seen. */
  readonly seen: number;
}
interface BatchRecord extends Omit<PointsRecord, "kind"> {
  readonly kind: "batch";
  readonly seq: number;
  readonly rows: number;
  readonly token: string;
  readonly cutMs: number;
  readonly codec: string;
}
interface DoneRecord {
  readonly kind: "done";
  readonly seq: number;
}
type JournalRecord = OpenRecord | LaneRecord | SourceRecord | PointsRecord | BatchRecord | DoneRecord;

interface KnownSource {
  readonly id: number;
  generation: FileGeneration;
  /** As journalled. */
  headBytes: number;
  state: ShippedPoint | null;
}

/**
 * What a shipper has done and has begun to do, in a directory of its own: how far each source is in batches, and the batches that
 * are not known to be in the store. What is cut into a batch is on the disk before anything of it is sent, so that it is sent
 * again with the same bytes, whoever is killed when.
 */
export class Journal {
  private readonly directory: string;
  private readonly release: () => void;
  private file: JournalFile;
  private readonly sources: KnownSource[] = [];
  private readonly seenFd: number;
  private seen = 0;
  readonly seed: readonly [number, number];
  /** Of seq-numbers.ts; null: none yet. */
  lane: number | null;
  /** The last one that is taken. */
  lastSeq: number;
  /** Batches of an earlier shipper that are to be sent. */
  readonly left: readonly Batch[];
  private readonly known: Buffer;

  /**
   * `store`: what it is shipped to; one journal is of one. Throws ShipFailure when the directory is another's or in use, and the
   * system's errors.
   */
  constructor(directory: string, store: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.release = takeLock(join(directory, "lock"));
    const path = join(directory, JOURNAL);
    const { records, file } = JournalFile.open(path);
    file.close();
    const known = records as readonly JournalRecord[];
    const [first] = known;
    if (first !== undefined && (first.kind !== "open" || first.version !== 1 || first.store !== store)) {
      this.release();
      const of = first.kind === "open" ? first.store : "something else";
      throw new ShipFailure(`${directory} is the journal of ${of}, not of ${store}: --journal names another directory`);
    }
    const opened = first?.kind === "open" ? first : null;
    this.seed = opened?.seed ?? [randomInt(2 ** 32), randomInt(2 ** 32)];
    this.lane = opened?.lane ?? null;
    this.lastSeq = opened?.lastSeq ?? 0;
    const open = this.replay(known);
    this.known = this.readSeen(opened?.seenFile ?? 0);
    const seenFile = (opened?.seenFile ?? 0) + 1;
    const kept = this.known.subarray(Math.max(0, this.known.length - MOST_SEEN * 8));
    writeWhole(join(directory, `seen-${seenFile}`), kept, { replace: true });
    this.seen = kept.length / 8;
    this.left = open.map((record) => this.batchOf(record));
    const own: OpenRecord = {
      kind: "open",
      version: 1,
      store,
      seed: this.seed,
      lane: this.lane,
      lastSeq: this.lastSeq,
      seenFile,
    };
    writeWhole(path, journalText([own, ...this.state(), ...open]), { replace: true });
    this.file = JournalFile.open(path).file;
    this.seenFd = openSync(join(directory, `seen-${seenFile}`), "a", 0o600);
    const wanted = new Set(open.map(({ seq }) => batchName(seq)));
    for (const name of readdirSync(directory)) {
      const isOldSeen = SEEN.test(name) && name !== `seen-${seenFile}`;
      const isDone = name.startsWith("batch-") && !wanted.has(name);
      if (isOldSeen || isDone || name.startsWith(".ktrail-")) rmSync(join(directory, name), { force: true });
    }
  }

  /** Random, and the same for as long as the journal; the seed cannot be told from it. */
  get shipper(): string {
    return createHash("sha256").update(this.seed.join()).digest("hex").slice(0, 16);
  }

  /** Whose numbers are given from here on; `lastSeq` is taken. */
  take(lane: number, lastSeq: number): void {
    this.lane = lane;
    this.lastSeq = Math.max(this.lastSeq, lastSeq);
    this.file.add({ kind: "lane", lane, lastSeq: this.lastSeq });
  }

  /** Hashes of events that are shipped or journalled, two words each. */
  *seenHashes(): Generator<readonly [low: number, high: number]> {
    for (let at = 0; at + 8 <= this.known.length; at += 8)
      yield [this.known.readUInt32LE(at), this.known.readUInt32LE(at + 4)];
  }

  /** How far a source is in batches. `rewritten`: another file was in its place, of which not all was shipped. */
  before({ path, generation, bytes, isPacked }: ShipSource): (ShippedPoint & { readonly rewritten?: true }) | null {
    if (generation === null) return null;
    const source = this.sourceOf(generation);
    if (source === undefined || source.state === null) {
      const wasThere = this.sources.some(
        (each) =>
          each.generation.path === path &&
          each.generation.inode === generation.inode &&
          each.generation.device === generation.device,
      );
      return wasThere ? { point: { from: 0, skip: 0, format: "" }, isWhole: false, rewritten: true } : null;
    }
    const { point, isWhole } = source.state;
    if (isPacked || bytes >= point.from) return { point, isWhole: isWhole && isPacked };
    // Shorter than what was read of it.
    source.state = null;
    return { point: { from: 0, skip: 0, format: "" }, isWhole: false, rewritten: true };
  }

  /** Of the generations read under this path, the oldest of which not all is in batches; else the newest. */
  readOnFrom(path: string): (FileGeneration & { readonly isWhole: boolean }) | null {
    const own = this.sources.filter(({ generation, state }) => generation.path === path && state !== null);
    const source = own.find(({ state }) => state?.isWhole === false) ?? own.at(-1);
    return source === undefined ? null : { ...source.generation, isWhole: source.state?.isWhole === true };
  }

  /** Writes a batch, and that its sources are in batches up to here, onto the disk. `hashes`: of its events, low and high words. */
  cut(batch: Batch, points: ReadonlyMap<ShipSource, ShippedPoint>, hashes: readonly number[]): void {
    writeWhole(join(this.directory, batchName(batch.seq)), batch.payload, { replace: true });
    const { seq, rows, token, cutMs, codec } = batch;
    const record = this.passed(points, hashes);
    this.lastSeq = Math.max(this.lastSeq, seqAt(seq, rows - 1));
    this.file.add(...record.sources, { kind: "batch", seq, rows, token, cutMs, codec, ...record.points });
  }

  /** That sources are known up to here although nothing of them is to be sent. */
  note(points: ReadonlyMap<ShipSource, ShippedPoint>): void {
    const record = this.passed(points, []);
    this.file.add(...record.sources, { kind: "points", ...record.points });
  }

  done(seq: number): void {
    this.file.add({ kind: "done", seq });
    rmSync(join(this.directory, batchName(seq)), { force: true });
  }

  close(): void {
    this.file.close();
    closeSync(this.seenFd);
    this.release();
  }

  private passed(
    points: ReadonlyMap<ShipSource, ShippedPoint>,
    hashes: readonly number[],
  ): { readonly sources: readonly SourceRecord[]; readonly points: Omit<PointsRecord, "kind"> } {
    const sources: SourceRecord[] = [];
    const ids: PointRecord[] = [];
    for (const [{ path, generation }, state] of points) {
      // A stream cannot be gone on with.
      if (generation === null) continue;
      let source = this.sourceOf(generation);
      if (source === undefined) {
        source = { id: (this.sources.at(-1)?.id ?? 0) + 1, generation: { ...generation, path }, headBytes: -1, state };
        this.sources.push(source);
      }
      source.state = state;
      if (generation.head.length > source.headBytes) {
        source.generation = { ...generation, path };
        source.headBytes = generation.head.length;
        sources.push(sourceRecord(source));
      }
      ids.push([source.id, state.point.from, state.point.skip, state.point.format, state.isWhole]);
    }
    if (hashes.length > 0) {
      const bytes = Buffer.alloc(hashes.length * 4);
      hashes.forEach((word, at) => bytes.writeUInt32LE(word >>> 0, at * 4));
      for (let at = 0; at < bytes.length;) at += writeSync(this.seenFd, bytes, at);
      fsyncSync(this.seenFd);
      this.seen += hashes.length / 2;
    }
    return { sources, points: { points: ids, seen: this.seen } };
  }

  /** Applies the records; returns the batches that are not done. */
  private replay(records: readonly JournalRecord[]): BatchRecord[] {
    const open = new Map<number, BatchRecord>();
    for (const record of records) {
      if (record.kind === "source") {
        const { id, path, device, inode } = record;
        const generation = { path, device, inode, head: Buffer.from(record.head, "base64") };
        const known = this.sources.find((source) => source.id === id);
        if (known === undefined) this.sources.push({ id, generation, headBytes: generation.head.length, state: null });
        else Object.assign(known, { generation, headBytes: generation.head.length });
      } else if (record.kind === "done") open.delete(record.seq);
      else if (record.kind === "lane") {
        this.lane = record.lane;
        this.lastSeq = Math.max(this.lastSeq, record.lastSeq);
      } else if (record.kind !== "open") {
        for (const [id, from, skip, format, isWhole] of record.points) {
          const source = this.sources.find((each) => each.id === id);
          if (source !== undefined) source.state = { point: { from, skip, format }, isWhole };
        }
        this.seen = record.seen;
        if (record.kind === "batch") {
          open.set(record.seq, record);
          this.lastSeq = Math.max(this.lastSeq, seqAt(record.seq, record.rows - 1));
        }
      }
    }
    this.sources.splice(0, Math.max(0, this.sources.length - MOST_SOURCES));
    return [...open.values()];
  }

  /** Those behind what the journal tells were of a batch that was not journalled. */
  private readSeen(number: number): Buffer {
    try {
      return readFileSync(join(this.directory, `seen-${number}`)).subarray(0, this.seen * 8);
    } catch {
      return Buffer.alloc(0);
    }
  }

  private batchOf({ seq, rows, token, cutMs, codec }: BatchRecord): Batch {
    const payload = readFileSync(join(this.directory, batchName(seq)));
    return { seq, rows, token, cutMs, codec, payload, isUncertain: true };
  }

  private state(): JournalRecord[] {
    const points = this.sources.flatMap(({ id, state }): PointRecord[] =>
      state === null ? [] : [[id, state.point.from, state.point.skip, state.point.format, state.isWhole]],
    );
    return [...this.sources.map(sourceRecord), { kind: "points", points, seen: this.seen }];
  }

  private sourceOf(generation: FileGeneration): KnownSource | undefined {
    return this.sources.findLast((source) => holdsGeneration(generation, source.generation));
  }
}

function sourceRecord({ id, generation: { path, device, inode, head } }: KnownSource): SourceRecord {
  return { kind: "source", id, path, device, inode, head: Buffer.from(head).toString("base64") };
}

function batchName(seq: number): string {
  return `batch-${seq}`;
}
