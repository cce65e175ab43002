import { ByteDictionary } from "../../index/byte-dictionary.ts";
import { eventFacts } from "../../events/event-facts.ts";
import { parseJson } from "../../events/json.ts";
import { isAuditEvent } from "../../formats/shape/audit-event.ts";
import type { BatchBuilder } from "../batch-builder.ts";
import { type ParsedEventReader, verbMarks } from "./parsed-event.ts";

const PLURALS_BYTES = 1024 * 1024;
const GROUP_LIMIT = 0x10000;
/** Outcomes seen lately, directly mapped; a power of two. */
const RECENT_OUTCOMES = 4096;
const OUTCOME_CELLS_HERE = 5;

/** Codes for the pieces of an event that need more than a look-up of their bytes. */
export class EventCodes {
  /** Raw parts of a resource; their codes mean nothing outside. */
  plurals = new ByteDictionary();
  groups = new ByteDictionary();
  private readonly builder: BatchBuilder;
  private readonly parsed: ParsedEventReader;
  /** Code of "plural.group" by plural × GROUP_LIMIT + group. */
  private readonly resources = new Map<number, number>();
  private readonly marksByVerb: number[] = [0, 0];
  /** decision, authReason and annotations codes, three for each annotations object; the first is none. */
  private noteCodes: number[] = [0, 0, 0];
  private readonly cells = new Uint32Array(8);
  private readonly recentCells = new Uint32Array(RECENT_OUTCOMES * OUTCOME_CELLS_HERE);
  private readonly recentIds = new Int32Array(RECENT_OUTCOMES).fill(-1);

  constructor(builder: BatchBuilder, parsed: ParsedEventReader) {
    this.builder = builder;
    this.parsed = parsed;
  }

  /** Forgets codes: they are numbered afresh. */
  clear(): void {
    this.plurals.clear();
    this.groups.clear();
    this.resources.clear();
    this.marksByVerb.length = 2;
    this.clearNotes();
  }

  clearNotes(): void {
    this.noteCodes = [0, 0, 0];
    this.recentIds.fill(-1);
  }

  /** Code of the resource with these raw parts. */
  resource(plural: number, group: number): number {
    if (plural === 0) return 0;
    const key = plural * GROUP_LIMIT + group;
    const known = this.resources.get(key);
    if (known !== undefined) return known;
    const name = this.plurals.text(plural);
    const full = group === 0 ? name : `${name}.${this.groups.text(group)}`;
    const code = this.builder.tables.strings.resource.internText(full);
    if (group >= GROUP_LIMIT || this.plurals.textBytes + this.groups.textBytes > PLURALS_BYTES) {
      this.plurals.clear();
      this.groups.clear();
      this.resources.clear();
    } else {
      this.resources.set(key, code);
    }
    return code;
  }

  /** Actor of the raw JSON from the value of "user" to the end of "userAgent"; −1 when that is no JSON. */
  actor(raw: string): number {
    try {
      const value = parseJson(`{"user":${raw}}`) as Readonly<Record<string, unknown>>;
      // Text where objects belong is a row of a table: whoever knows such rows reads it.
      if (!isAuditEvent({ auditID: "", stage: "", ...value })) return -1;
      return this.parsed.actorOf(eventFacts(value));
    } catch {
      return -1;
    }
  }

  /** A number for the annotations object with this JSON text, for outcome(); −1 when that is no JSON. */
  notes(raw: string): number {
    let value: Readonly<Record<string, unknown>>;
    try {
      value = parseJson(raw) as Readonly<Record<string, unknown>>;
    } catch {
      return -1;
    }
    const allowed = value["authorization.k8s.io/decision"];
    const why = value["authorization.k8s.io/reason"];
    const isEmpty = Object.keys(value).length === 0;
    const { decision, authReason, annotations } = this.builder.tables.strings;
    return this.addNotes(
      typeof allowed === "string" ? decision.internText(allowed) : 0,
      typeof why === "string" && !this.parsed.leavesOut("authReason") ? authReason.internText(why) : 0,
      isEmpty || this.parsed.leavesOut("annotations") ? 0 : annotations.internText(JSON.stringify(value)),
    );
  }

  /** A number for annotations with these codes, for outcome(). */
  addNotes(decision: number, authReason: number, annotations: number): number {
    this.noteCodes.push(decision, authReason, annotations);
    return this.noteCodes.length / 3 - 1;
  }

  /** Bits of MARK for a verb's code. */
  verbMarks(verb: number): number {
    const { marksByVerb } = this;
    const { verb: verbs } = this.builder.tables.strings;
    while (marksByVerb.length <= verb) marksByVerb.push(verbMarks(verbs.text(marksByVerb.length)));
    return marksByVerb[verb] as number;
  }

  /** Id of an outcome; `kind` is stage | level << 2, `notes` from notes(), 0 for none. */
  outcome(verb: number, kind: number, code: number, reason: number, notes: number): number {
    const { recentCells } = this;
    const place = (notes * 31 + verb * 7 + code * 13 + kind * 1021 + reason * 89) & (RECENT_OUTCOMES - 1);
    const at = place * OUTCOME_CELLS_HERE;
    if (
      (this.recentIds[place] as number) >= 0 &&
      recentCells[at] === verb &&
      recentCells[at + 1] === kind &&
      recentCells[at + 2] === code &&
      recentCells[at + 3] === reason &&
      recentCells[at + 4] === notes
    ) {
      return this.recentIds[place] as number;
    }
    const { cells, noteCodes } = this;
    cells[0] = verb;
    cells[1] = kind >> 2;
    cells[2] = kind & 3;
    cells[3] = code;
    cells[4] = reason;
    cells[5] = noteCodes[notes * 3] as number;
    cells[6] = noteCodes[notes * 3 + 1] as number;
    cells[7] = noteCodes[notes * 3 + 2] as number;
    const id = this.builder.tables.outcomeTuples.intern(cells);
    recentCells[at] = verb;
    recentCells[at + 1] = kind;
    recentCells[at + 2] = code;
    recentCells[at + 3] = reason;
    recentCells[at + 4] = notes;
    this.recentIds[place] = id;
    return id;
  }
}
