import type { AuditIdHasher } from "../../index/audit-id.ts";
import { HASH_START, STATE_FACTOR, WORD_FACTOR } from "../../index/byte-hash.ts";
import type { ByteDictionary } from "../../index/byte-dictionary.ts";
import { OMISSIBLE_TEXTS, type OmissibleText } from "../../index/ring-options.ts";
import type { BatchBuilder, ScannedRows } from "../batch-builder.ts";
import type { OtherLine } from "../contract.ts";
import { ActorParts } from "./actor-parts.ts";
import type { EventCodes } from "./event-codes.ts";
import { type Kernel, makeRoomForRecord, releaseWith, rowsOf, takeKernel } from "./kernel-instance.ts";

/** Words of the kernel's result; of a string start, end and hash follow each other. */
const FIELD = {
  news: 0,
  line: 1,
  marks: 3,
  code: 4,
  who: 5,
  whereFrom: 6,
  notes: 7,
  isLeftOut: 8,
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
  user: 43,
  groups: 46,
  address: 49,
  addresses: 52,
  agent: 55,
  decision: 58,
  why: 61,
  annotations: 64,
} as const;
const RESULT_WORDS = 67;
const NEWS = { actor: 1, target: 2, outcome: 4 } as const;
/** What the kernel's next() and record() answer. */
const ANSWER = { done: 0, rowsFull: 1, news: 2, other: 3, textsFull: 4 } as const;

/** Lines are copied in pieces that stay in the processor's cache until they are read; a longer line makes them larger. */
const WINDOW_BYTES = 128 * 1024;
const UNKNOWN = -2;
const NEWLINE = 0x0a;
/** What the kernel's omitTexts() takes. */
const OMITS = { none: 0, uidAndUri: 1, name: 2 } as const;
type LeavesOut = Readonly<Record<OmissibleText, boolean>>;

/**
 * Reads events written as kube-apiserver writes them: keys in its order, no white space, times with microseconds.
 * wasm/event-kernel.ts finds, hashes and compares bytes and remembers the codes of what it saw; here codes are given to
 * what is new. Whatever is written otherwise is left to JSON.parse. Bodies are only stepped over: a record whose body is
 * not valid JSON (but nests properly) is taken here, while JSON.parse would refuse it.
 */
export class KernelEventReader {
  /** Results of read(): tuple ids, times in µs, bits of MARK, and the hash of the auditID. */
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
  private bytes!: Uint8Array;
  private view!: DataView;
  private buffer!: Buffer;
  private words!: Uint32Array;
  private rows!: ScannedRows;
  private readonly inputAt: number;
  private readonly recordAt: number;
  private readonly inputBytes: number;
  private readonly leavesOut: LeavesOut;
  private readonly omits: number;
  /** Whether more of an actor is asked for than the user's name. */
  private readonly isActorWhole: boolean;
  /** notes() number by the kernel's number for the text; UNKNOWN until asked for. */
  private readonly notes: Int32Array;
  private readonly actorParts: ActorParts;
  private readonly cells = new Uint32Array(6);

  /** Null where WebAssembly with SIMD is missing. */
  static create(
    builder: BatchBuilder,
    codes: EventCodes,
    ids: AuditIdHasher,
    omits: readonly OmissibleText[],
  ): KernelEventReader | null {
    const kernel = takeKernel();
    return kernel === null ? null : new KernelEventReader(kernel, builder, codes, ids, omits);
  }

  private constructor(
    kernel: Kernel,
    builder: BatchBuilder,
    codes: EventCodes,
    ids: AuditIdHasher,
    omits: readonly OmissibleText[],
  ) {
    this.leavesOut = Object.fromEntries(OMISSIBLE_TEXTS.map((name) => [name, omits.includes(name)])) as LeavesOut;
    const { uid, uri, name } = this.leavesOut;
    this.omits = !(uid && uri) ? OMITS.none : name ? OMITS.name : OMITS.uidAndUri;
    const { groupSet, ip, sourceIPs, useragent } = this.leavesOut;
    this.isActorWhole = !(groupSet && ip && sourceIPs && useragent);
    kernel.omitTexts(this.omits, !this.isActorWhole);
    this.kernel = kernel;
    this.builder = builder;
    this.codes = codes;
    this.attach();
    this.inputAt = kernel.inputAt();
    this.recordAt = kernel.recordAt();
    this.inputBytes = kernel.inputBytes();
    this.notes = new Int32Array(kernel.maxTexts() + 1).fill(UNKNOWN);
    this.actorParts = new ActorParts(kernel.maxTexts());
    kernel.seedText(HASH_START, WORD_FACTOR, STATE_FACTOR);
    ids.seedInto(kernel);
    kernel.clearTexts();
    kernel.clearTargets();
    releaseWith(this);
  }

  private attach(): void {
    const { kernel } = this;
    const { buffer } = kernel.memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.buffer = Buffer.from(buffer);
    this.words = new Uint32Array(buffer, kernel.resultAt(), RESULT_WORDS);
    this.rows = rowsOf(kernel);
  }

  /** Forgets ids: they are numbered afresh. */
  clear(): void {
    this.codes.clear();
    this.clearTexts();
    this.kernel.clearTargets();
  }

  private clearTexts(): void {
    this.kernel.clearTexts();
    this.notes.fill(UNKNOWN);
    this.actorParts.clear();
    this.codes.clearNotes();
  }

  /** Whether buffer[start, end), without white space around it, was read. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    const { kernel, recordAt } = this;
    const bytes = end - start;
    if (!makeRoomForRecord(kernel, bytes)) return false;
    if (this.bytes.buffer !== kernel.memory.buffer) this.attach();
    const { rows } = this;
    this.bytes.set(new Uint8Array(buffer.buffer, buffer.byteOffset + start, bytes), recordAt);
    this.bytes[recordAt + bytes] = NEWLINE;
    let answer = kernel.record(bytes);
    while (this.makeRoom(answer)) answer = kernel.record(bytes);
    if (answer === ANSWER.other || (answer === ANSWER.news && !this.learn())) return false;
    kernel.takeRows();
    this.actor = rows.actor[0] as number;
    this.target = rows.target[0] as number;
    this.outcome = rows.outcome[0] as number;
    this.receivedUs = rows.receivedUs[0] as number;
    this.stageUs = rows.stageUs[0] as number;
    this.marks = rows.marks[0] as number;
    this.idLow = rows.idLow[0] as number;
    this.idHigh = rows.idHigh[0] as number;
    return true;
  }

  /**
   * Adds the events of the lines in buffer[start, end) to the batch, in their order among the lines that `other` gets.
   * Returns where the first line begins that was not dealt with: it has no end here, is longer than the kernel's window, or follows one
   * for which `other` was false.
   */
  readLines(
    buffer: Uint8Array,
    start: number,
    end: number,
    source: () => number,
    offset: number,
    other: OtherLine,
  ): number {
    const { kernel, words, inputAt } = this;
    for (let from = start, most = WINDOW_BYTES; ;) {
      const bytes = Math.min(end - from, most);
      this.bytes.set(new Uint8Array(buffer.buffer, buffer.byteOffset + from, bytes), inputAt);
      kernel.begin(bytes);
      const base = offset + (from - start);
      for (;;) {
        const answer = kernel.next();
        if (this.makeRoom(answer) || (answer === ANSWER.news && this.learn())) continue;
        const rows = kernel.takeRows();
        if (rows > 0) this.builder.addRows(this.rows, rows, source(), base);
        if (answer === ANSWER.done) break;
        if (answer === ANSWER.rowsFull) continue;
        const shift = from - inputAt;
        const lineEnd = (words[FIELD.line + 1] as number) + shift;
        if (!other((words[FIELD.line] as number) + shift, lineEnd)) return lineEnd + 1;
      }
      const dealtWith = kernel.dealtWith();
      from += dealtWith;
      if (from === end) return end;
      if (dealtWith === 0) {
        if (bytes === end - from || most === this.inputBytes) return from;
        most = this.inputBytes;
      }
    }
  }

  /** Whether the answer was that there are too many texts: then read again. */
  private makeRoom(answer: number): boolean {
    if (answer !== ANSWER.textsFull) return false;
    this.clearTexts();
    return true;
  }

  /** Gives codes to what the kernel has not seen before; false when that turns out to be no JSON. */
  private learn(): boolean {
    const { words, codes } = this;
    const news = words[FIELD.news] as number;
    let actor = 0;
    let target = 0;
    let outcome = 0;
    let verbMarks = 0;
    if ((news & NEWS.actor) !== 0 && (actor = this.actorOf()) < 0) return false;
    if ((news & NEWS.target) !== 0) target = this.targetOf();
    if ((news & NEWS.outcome) !== 0) {
      const notes = this.notesOf(words[FIELD.notes] as number);
      if (notes < 0) return false;
      const { strings } = this.builder.tables;
      const verb = this.intern(strings.verb, FIELD.verb);
      const reason = this.intern(strings.reason, FIELD.reason);
      outcome = codes.outcome(verb, (words[FIELD.marks] as number) & 15, words[FIELD.code] as number, reason, notes);
      verbMarks = codes.verbMarks(verb);
    }
    this.kernel.learn(actor, target, outcome, verbMarks);
    return true;
  }

  private actorOf(): number {
    const { words, actorParts, cells } = this;
    const { actorTuples } = this.builder.tables;
    const who = words[FIELD.who] as number;
    const where = words[FIELD.whereFrom] as number;
    if (actorParts.read(who, where, cells)) return actorTuples.intern(cells);
    const actor = this.readActor();
    if (actor >= 0) actorParts.keep(who, where, actorTuples.columns, actor);
    return actor;
  }

  private readActor(): number {
    const { words, codes, cells, kernel, leavesOut, isActorWhole: isWhole } = this;
    if (!kernel.readActor(isWhole)) {
      const whereFrom = words[FIELD.whereFrom] as number;
      const end = whereFrom > 0 ? words[FIELD.whereFromAt + 1] : words[FIELD.whoAt + 1];
      return codes.actor(this.text(words[FIELD.whoAt] as number, end as number));
    }
    const { strings, actorTuples } = this.builder.tables;
    if (isWhole) {
      this.touch(strings.user, FIELD.user);
      this.touch(strings.ip, FIELD.address);
      this.touch(strings.sourceIPs, FIELD.addresses);
      this.touch(strings.useragent, FIELD.agent);
    }
    cells[0] = this.intern(strings.user, FIELD.user);
    cells[1] = 0;
    cells[2] = leavesOut.groupSet ? 0 : this.intern(strings.groupSet, FIELD.groups);
    cells[3] = leavesOut.ip ? 0 : this.intern(strings.ip, FIELD.address);
    cells[4] = leavesOut.sourceIPs ? 0 : this.intern(strings.sourceIPs, FIELD.addresses);
    cells[5] = leavesOut.useragent ? 0 : this.intern(strings.useragent, FIELD.agent);
    return actorTuples.intern(cells);
  }

  private targetOf(): number {
    const { words, codes, cells } = this;
    const { strings, targetTuples } = this.builder.tables;
    const isWhole = words[FIELD.isLeftOut] === 0;
    if (isWhole) {
      this.touch(strings.uri, FIELD.uri);
      this.touch(strings.name, FIELD.name);
      this.touch(strings.uid, FIELD.uid);
    }
    cells[0] = codes.resource(this.intern(codes.plurals, FIELD.plural), this.intern(codes.groups, FIELD.group));
    cells[1] = this.intern(strings.subresource, FIELD.subresource);
    cells[2] = this.intern(strings.namespace, FIELD.namespace);
    cells[3] = isWhole || this.omits === OMITS.uidAndUri ? this.intern(strings.name, FIELD.name) : 0;
    cells[4] = isWhole ? this.intern(strings.uid, FIELD.uid) : 0;
    cells[5] = isWhole ? this.intern(strings.uri, FIELD.uri) : 0;
    return targetTuples.intern(cells);
  }

  private touch(dictionary: ByteDictionary, field: number): void {
    this.touched += dictionary.touch(this.words[field + 2] as number) & 1;
  }

  private notesOf(number: number): number {
    if (number === 0) return 0;
    let notes = this.notes[number] as number;
    if (notes === UNKNOWN) notes = this.notes[number] = this.readNotes();
    return notes;
  }

  private readNotes(): number {
    const { codes, kernel, leavesOut } = this;
    if (!kernel.readNotes(!(leavesOut.authReason && leavesOut.annotations)))
      return codes.notes(this.textAt(FIELD.notesAt));
    const { strings } = this.builder.tables;
    return codes.addNotes(
      this.intern(strings.decision, FIELD.decision),
      leavesOut.authReason ? 0 : this.intern(strings.authReason, FIELD.why),
      leavesOut.annotations ? 0 : this.intern(strings.annotations, FIELD.annotations),
    );
  }

  private intern(dictionary: ByteDictionary, field: number): number {
    const { words } = this;
    const start = words[field] as number;
    const end = words[field + 1] as number;
    return start === end ? 0 : dictionary.intern(this.view, this.bytes, start, end, (words[field + 2] as number) | 0);
  }

  private textAt(field: number): string {
    return this.text(this.words[field] as number, this.words[field + 1] as number);
  }

  private text(start: number, end: number): string {
    return this.buffer.toString("utf8", start, end);
  }
}
