import type { AuditIdHasher } from "../../index/audit-id.ts";
import { HASH_START, STATE_FACTOR, WORD_FACTOR } from "../../index/byte-hash.ts";
import type { ByteDictionary } from "../../index/byte-dictionary.ts";
import type { BatchBuilder } from "../batch-builder.ts";
import type { EventCodes } from "./event-codes.ts";
import { EVENT_KERNEL } from "./event-kernel.wasm.ts";
import type { EventReader } from "./event-reader.ts";

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  inputAt(): number;
  inputBytes(): number;
  resultAt(): number;
  seedText(start: number, word: number, state: number): void;
  seedIds(low: number, high: number, a: number, b: number, c: number, d: number): void;
  clearSpans(): void;
  read(bytes: number): number;
}

/** Words of the kernel's result; of a string start, end and hash follow each other. */
const FIELD = {
  marks: 0,
  idLow: 1,
  idHigh: 2,
  code: 3,
  who: 4,
  whereFrom: 5,
  notes: 6,
  uriSpan: 7,
  uri: 10,
  verb: 13,
  plural: 16,
  group: 19,
  namespace: 22,
  name: 25,
  uid: 28,
  subresource: 31,
  reason: 34,
  whoAt: 37,
  whereFromAt: 39,
  notesAt: 41,
  uriAt: 43,
} as const;
const RESULT_WORDS = 48;
const TIMES_AT = 192;

const READ = 1;
const FULL = 2;
const UNKNOWN = -2;
const MAX_SPANS = 32_768;
/** Who × where from seen lately, directly mapped; a power of two. */
const RECENT_ACTORS = 4096;
/** Each kernel reserves address space; with more scanners than this on one thread the others do without. */
const MAX_KERNELS = 32;

/** What is used of the standard's API; Node's types lack it without those of a browser. */
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };
  }
).WebAssembly;

let compiled: object | undefined;
let kernels = 0;
/** Kernels of scanners nobody uses any more; each holds 6 MiB. */
const idle: Kernel[] = [];
const released = new FinalizationRegistry<Kernel>((kernel) => idle.push(kernel));

function takeKernel(): Kernel | null {
  const used = idle.pop();
  if (used !== undefined) return used;
  if (kernels >= MAX_KERNELS) return null;
  try {
    compiled ??= new Module(Buffer.from(EVENT_KERNEL.join(""), "base64"));
    const kernel = new Instance(compiled).exports as Kernel;
    kernels++;
    return kernel;
  } catch {
    // No SIMD here, or no memory for another one: the twin in TypeScript does the same.
    return null;
  }
}

/** FastEventReader's twin: finding, hashing and comparing bytes is done by wasm/event-kernel.ts, here codes are given. */
export class KernelEventReader implements EventReader {
  actor = 0;
  target = 0;
  outcome = 0;
  receivedUs = 0;
  stageUs = 0;
  marks = 0;
  idLow = 0;
  idHigh = 0;
  /** Keeps touch() from being optimised away. */
  private touched = 0;
  private readonly kernel: Kernel;
  private readonly builder: BatchBuilder;
  private readonly codes: EventCodes;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly words: Uint32Array;
  private readonly times: Float64Array;
  private readonly inputAt: number;
  private readonly inputBytes: number;
  /** notes() number, or URI code, by span; UNKNOWN until asked for. */
  private readonly spanValues = new Int32Array(MAX_SPANS + 1).fill(UNKNOWN);
  private readonly actors = new Map<number, number>();
  private readonly recentPairs = new Float64Array(RECENT_ACTORS).fill(-1);
  private readonly recentActors = new Int32Array(RECENT_ACTORS);
  private readonly cells = new Uint32Array(6);

  /** Null where WebAssembly with SIMD is missing. */
  static create(builder: BatchBuilder, codes: EventCodes, ids: AuditIdHasher): KernelEventReader | null {
    const kernel = takeKernel();
    return kernel === null ? null : new KernelEventReader(kernel, builder, codes, ids);
  }

  private constructor(kernel: Kernel, builder: BatchBuilder, codes: EventCodes, ids: AuditIdHasher) {
    this.kernel = kernel;
    this.builder = builder;
    this.codes = codes;
    const { buffer } = kernel.memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.words = new Uint32Array(buffer, kernel.resultAt(), RESULT_WORDS);
    this.times = new Float64Array(buffer, kernel.resultAt() + TIMES_AT, 2);
    this.inputAt = kernel.inputAt();
    this.inputBytes = kernel.inputBytes();
    kernel.seedText(HASH_START, WORD_FACTOR, STATE_FACTOR);
    ids.seedInto(kernel);
    kernel.clearSpans();
    released.register(this, kernel);
  }

  /** Longer records are left to FastEventReader. */
  get maxBytes(): number {
    return this.inputBytes;
  }

  clear(): void {
    this.codes.clear();
    this.clearSpans();
  }

  private clearSpans(): void {
    this.kernel.clearSpans();
    this.spanValues.fill(UNKNOWN);
    this.actors.clear();
    this.recentPairs.fill(-1);
    this.codes.clearNotes();
  }

  read(buffer: Uint8Array, start: number, end: number): boolean {
    this.bytes.set(new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start), this.inputAt);
    let answer = this.kernel.read(end - start);
    if (answer === FULL) {
      this.clearSpans();
      answer = this.kernel.read(end - start);
    }
    return answer === READ && this.readCodes();
  }

  private readCodes(): boolean {
    const { words, codes, cells } = this;
    const { strings } = this.builder.tables;
    this.touched +=
      (strings.uri.touch(words[FIELD.uri + 2] as number) +
        strings.name.touch(words[FIELD.name + 2] as number) +
        strings.uid.touch(words[FIELD.uid + 2] as number)) &
      1;
    const actor = this.actorOf(words[FIELD.who] as number, words[FIELD.whereFrom] as number);
    if (actor < 0) return false;
    let notes = words[FIELD.notes] as number;
    if (notes > 0) {
      const span = notes;
      notes = this.spanValues[span] as number;
      if (notes === UNKNOWN) notes = this.spanValues[span] = codes.notes(this.textAt(FIELD.notesAt));
      if (notes < 0) return false;
    }
    const uriSpan = words[FIELD.uriSpan] as number;
    if (uriSpan > 0) {
      let uri = this.spanValues[uriSpan] as number;
      if (uri === UNKNOWN) uri = this.spanValues[uriSpan] = codes.uri(this.textAt(FIELD.uriAt));
      if (uri < 0) return false;
      cells[5] = uri;
    } else {
      cells[5] = this.intern(strings.uri, FIELD.uri);
    }
    cells[0] = codes.resource(this.intern(codes.plurals, FIELD.plural), this.intern(codes.groups, FIELD.group));
    cells[1] = this.intern(strings.subresource, FIELD.subresource);
    cells[2] = this.intern(strings.namespace, FIELD.namespace);
    cells[3] = this.intern(strings.name, FIELD.name);
    cells[4] = this.intern(strings.uid, FIELD.uid);
    const verb = this.intern(strings.verb, FIELD.verb);
    const reason = this.intern(strings.reason, FIELD.reason);
    const marks = words[FIELD.marks] as number;
    this.actor = actor;
    this.target = this.builder.tables.targetTuples.intern(cells);
    this.outcome = codes.outcome(verb, marks & 15, words[FIELD.code] as number, reason, notes);
    this.marks = marks | codes.verbMarks(verb);
    this.receivedUs = this.times[0] as number;
    this.stageUs = this.times[1] as number;
    this.idLow = words[FIELD.idLow] as number;
    this.idHigh = words[FIELD.idHigh] as number;
    return true;
  }

  private intern(dictionary: ByteDictionary, field: number): number {
    const { words } = this;
    const start = words[field] as number;
    const end = words[field + 1] as number;
    return start === end ? 0 : dictionary.intern(this.view, this.bytes, start, end, (words[field + 2] as number) | 0);
  }

  private actorOf(who: number, whereFrom: number): number {
    const pair = who * (MAX_SPANS * 2) + whereFrom;
    const place = (who * 67 + whereFrom) & (RECENT_ACTORS - 1);
    if (this.recentPairs[place] === pair) return this.recentActors[place] as number;
    let actor = this.actors.get(pair);
    if (actor === undefined) {
      const { words } = this;
      const end = whereFrom > 0 ? words[FIELD.whereFromAt + 1] : words[FIELD.whoAt + 1];
      actor = this.codes.actor(this.text(words[FIELD.whoAt] as number, end as number));
      this.actors.set(pair, actor);
    }
    this.recentPairs[place] = pair;
    this.recentActors[place] = actor;
    return actor;
  }

  private textAt(field: number): string {
    return this.text(this.words[field] as number, this.words[field + 1] as number);
  }

  private text(start: number, end: number): string {
    return Buffer.from(this.bytes.buffer, start, end - start).toString("utf8");
  }
}
