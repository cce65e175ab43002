import type { AuditIdHasher } from "../../index/audit-id.ts";
import { MARK } from "../../index/event-batch.ts";
import type { BatchBuilder } from "../batch-builder.ts";
import { ActorReader } from "./actor-reader.ts";
import type { EventCodes } from "./event-codes.ts";
import { Literal } from "./literal.ts";
import { OutcomeReader } from "./outcome-reader.ts";
import type { EventReader } from "./event-reader.ts";
import { RecordBytes } from "./record-bytes.ts";
import { TargetReader } from "./target-reader.ts";
import { TIMESTAMP_BYTES, TimestampReader } from "./timestamp-reader.ts";

const V1_HEAD = new Literal('{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"');
/** Items of an EventList don't say what they are. */
const ITEM_HEAD = new Literal('{"level":"');
/** By position in LEVELS. */
const LEVEL_HEADS = [
  new Literal('None","auditID":"'),
  new Literal('Metadata","auditID":"'),
  new Literal('Request","auditID":"'),
  new Literal('RequestResponse","auditID":"'),
];
const STAGE_KEY = new Literal('","stage":"');
/** By position in STAGES. */
const STAGE_HEADS = [
  new Literal('RequestReceived","requestURI":"'),
  new Literal('ResponseStarted","requestURI":"'),
  new Literal('ResponseComplete","requestURI":"'),
  new Literal('Panic","requestURI":"'),
];
const VERB_KEY = new Literal('","verb":"');
const USER_KEY = new Literal('","user":');
const OBJECT_REF_KEY = new Literal(',"objectRef":{');
const RESPONSE_STATUS_KEY = new Literal(',"responseStatus":{');
const REQUEST_OBJECT_KEY = new Literal(',"requestObject":');
const RESPONSE_OBJECT_KEY = new Literal(',"responseObject":');
const RECEIVED_KEY = new Literal(',"requestReceivedTimestamp":"');
const STAGE_TIME_KEY = new Literal('","stageTimestamp":"');
const ANNOTATIONS_KEY = new Literal(',"annotations":{');

/**
 * Reads an event written as kube-apiserver writes it — keys in its order, no white space, times with microseconds — in
 * one pass over the bytes. Whatever is written otherwise is left to JSON.parse. Bodies are only stepped over: a record
 * whose body is not valid JSON (but nests properly) is taken here, while JSON.parse would refuse it.
 */
export class FastEventReader implements EventReader {
  actor = 0;
  target = 0;
  outcome = 0;
  receivedUs = 0;
  stageUs = 0;
  marks = 0;
  idLow = 0;
  idHigh = 0;
  private readonly codes: EventCodes;
  private readonly ids: AuditIdHasher;
  private readonly record = new RecordBytes();
  private readonly actors: ActorReader;
  private readonly targets: TargetReader;
  private readonly outcomes: OutcomeReader;
  private readonly times = new TimestampReader();

  constructor(builder: BatchBuilder, codes: EventCodes, ids: AuditIdHasher) {
    this.codes = codes;
    this.ids = ids;
    this.actors = new ActorReader(this.record, codes);
    this.targets = new TargetReader(this.record, builder, codes);
    this.outcomes = new OutcomeReader(this.record, builder, codes);
  }

  clear(): void {
    this.codes.clear();
    this.actors.clear();
    this.targets.clear();
    this.outcomes.clear();
  }

  read(buffer: Uint8Array, start: number, end: number): boolean {
    return this.readAt(this.record.attach(buffer, start, end));
  }

  private readAt(start: number): boolean {
    const { record } = this;
    const { view, bytes, end } = record;
    let p = start;
    if (V1_HEAD.isAt(view, p)) p += V1_HEAD.length;
    else if (ITEM_HEAD.isAt(view, p)) p += ITEM_HEAD.length;
    else return false;

    const level = bytes[p] === 0x4d ? 1 : bytes[p] === 0x4e ? 0 : bytes[p + 7] === 0x22 ? 2 : 3;
    const levelHead = LEVEL_HEADS[level] as Literal;
    if (!levelHead.isAt(view, p)) return false;
    p = this.ids.hashQuoted(view, p + levelHead.length, end);
    if (p < 0 || !STAGE_KEY.isAt(view, p)) return false;
    p += STAGE_KEY.length;
    // "ResponseComplete", "ResponseStarted", "RequestReceived", "Panic"
    const stage = bytes[p] === 0x50 ? 3 : bytes[p + 8] === 0x43 ? 2 : bytes[p + 8] === 0x53 ? 1 : 0;
    const stageHead = STAGE_HEADS[stage] as Literal;
    if (!stageHead.isAt(view, p)) return false;
    p = this.targets.readUri(p + stageHead.length);
    if (p < 0 || !VERB_KEY.isAt(view, p)) return false;
    p = this.outcomes.readVerb(p + VERB_KEY.length);
    if (p < 0 || !USER_KEY.isAt(view, p)) return false;
    this.actor = this.actors.read(p + USER_KEY.length);
    if (this.actor < 0) return false;
    p = this.actors.end;

    if (OBJECT_REF_KEY.isAt(view, p)) {
      p = this.targets.readObjectRef(p + OBJECT_REF_KEY.length);
      if (p < 0) return false;
    } else {
      this.targets.noObjectRef();
    }
    if (RESPONSE_STATUS_KEY.isAt(view, p)) {
      p = this.outcomes.readStatus(p + RESPONSE_STATUS_KEY.length);
      if (p < 0) return false;
    } else {
      this.outcomes.noStatus();
    }
    let hasBody = false;
    if (REQUEST_OBJECT_KEY.isAt(view, p)) {
      p += REQUEST_OBJECT_KEY.length;
      hasBody = bytes[p] === 0x7b;
      p = record.value(p);
      if (p < 0) return false;
    }
    if (RESPONSE_OBJECT_KEY.isAt(view, p)) {
      p += RESPONSE_OBJECT_KEY.length;
      hasBody ||= bytes[p] === 0x7b;
      p = record.value(p);
      if (p < 0) return false;
    }
    return this.readTail(p, level, stage, hasBody);
  }

  private readTail(at: number, level: number, stage: number, hasBody: boolean): boolean {
    const { view, bytes, end } = this.record;
    let p = at;
    if (p + RECEIVED_KEY.length + STAGE_TIME_KEY.length + 2 * TIMESTAMP_BYTES + 2 > end) return false;
    if (!RECEIVED_KEY.isAt(view, p)) return false;
    p += RECEIVED_KEY.length;
    this.receivedUs = this.times.read(view, bytes, p);
    p += TIMESTAMP_BYTES;
    if (!STAGE_TIME_KEY.isAt(view, p)) return false;
    p += STAGE_TIME_KEY.length;
    this.stageUs = this.times.read(view, bytes, p);
    p += TIMESTAMP_BYTES;
    // NaN: written otherwise.
    if (this.receivedUs !== this.receivedUs || this.stageUs !== this.stageUs || bytes[p] !== 0x22) return false;
    p++;
    let notes = 0;
    if (p + 1 === end && bytes[p] === 0x7d) {
      p++;
    } else {
      if (!ANNOTATIONS_KEY.isAt(view, p) || bytes[end - 1] !== 0x7d) return false;
      notes = this.outcomes.readAnnotations(p + ANNOTATIONS_KEY.length - 1, end - 1);
      if (notes < 0) return false;
    }
    this.target = this.targets.intern();
    const kind = stage | (level << MARK.levelShift);
    this.outcome = this.outcomes.intern(kind, notes);
    this.marks = kind | this.outcomes.verbMarks | (hasBody ? MARK.body : 0);
    this.idLow = this.ids.low;
    this.idHigh = this.ids.high;
    return true;
  }
}
