import { type EventFacts, eventFacts } from "../../events/event-facts.ts";
import { isObject, type JsonObject, objectOf } from "../../events/json-values.ts";
import { LEVELS, STAGES, stageRank, UNKNOWN_LEVEL, UNKNOWN_STAGE } from "../../events/vocabulary.ts";
import { MARK, type ScannedDictionary, TARGET_CELLS } from "../../index/event-batch.ts";
import type { OmissibleText } from "../../index/ring-options.ts";
import type { BatchBuilder } from "../batch-builder.ts";
import { parseTimestamp } from "./timestamps.ts";

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** Bits of MARK for a verb. */
export function verbMarks(verb: string): number {
  return WRITES.has(verb) ? MARK.write : 0;
}

/** Which stage of which request an event tells of; NaN for no time. Times in µs. */
export function momentOf(event: JsonObject): {
  readonly stage: number;
  readonly receivedUs: number;
  readonly stageUs: number;
} {
  const stage = STAGES.indexOf(event["stage"] as (typeof STAGES)[number]);
  const times = [
    event["requestReceivedTimestamp"],
    event["timestamp"],
    objectOf(event["metadata"])["creationTimestamp"],
  ];
  return {
    stage: stage < 0 ? UNKNOWN_STAGE : stage,
    receivedUs: times.map(timeOf).find((us) => !Number.isNaN(us)) ?? Number.NaN,
    stageUs: timeOf(event["stageTimestamp"]),
  };
}

/** One event's ids, from its parsed JSON. */
export class ParsedEventReader {
  /** Results of read(). */
  actor = 0;
  target = 0;
  outcome = 0;
  receivedUs = Number.NaN;
  stageUs = Number.NaN;
  marks = 0;
  private readonly builder: BatchBuilder;
  private readonly omits: readonly OmissibleText[];
  private readonly cells = new Uint32Array(8);

  constructor(builder: BatchBuilder, omits: readonly OmissibleText[]) {
    this.builder = builder;
    this.omits = omits;
  }

  /** Whether nobody asks for texts of this dictionary. */
  leavesOut(dictionary: OmissibleText): boolean {
    return this.omits.includes(dictionary);
  }

  read(event: JsonObject): void {
    const { stage, receivedUs, stageUs } = momentOf(event);
    const level = LEVELS.indexOf(event["level"] as (typeof LEVELS)[number]);
    const facts = eventFacts(event);
    const { tables } = this.builder;
    this.actor = this.actorOf(facts);
    this.target = tables.targetTuples.intern(this.targetCells(facts));
    this.outcome = tables.outcomeTuples.intern(this.outcomeCells(facts, level < 0 ? UNKNOWN_LEVEL : level, stage));
    this.receivedUs = receivedUs;
    this.stageUs = stageUs;
    this.marks =
      (stage === UNKNOWN_STAGE ? stageRank(UNKNOWN_STAGE) | MARK.noStage : stage) |
      (level < 0 ? MARK.noLevel : level << MARK.levelShift) |
      verbMarks(facts.verb) |
      (isObject(facts.requestObject) || isObject(facts.responseObject) ? MARK.body : 0);
  }

  actorOf({ user, asFrom, groups, ip, sourceIPs, useragent }: EventFacts): number {
    const { cells } = this;
    cells[0] = this.code("user", user);
    cells[1] = this.code("user", asFrom);
    cells[2] = groups.length === 0 || this.leavesOut("groupSet") ? 0 : this.code("groupSet", JSON.stringify(groups));
    cells[3] = this.leavesOut("ip") ? 0 : this.code("ip", ip);
    cells[4] = this.leavesOut("sourceIPs") ? 0 : this.code("sourceIPs", sourceIPs.join(","));
    cells[5] = this.leavesOut("useragent") ? 0 : this.code("useragent", useragent);
    return this.builder.tables.actorTuples.intern(cells);
  }

  private targetCells(facts: EventFacts): Uint32Array {
    for (const [at, cell] of TARGET_CELLS.entries()) this.cells[at] = this.code(cell, facts[cell]);
    return this.cells;
  }

  private outcomeCells(
    { verb, code, reason, decision, authReason, annotations }: EventFacts,
    level: number,
    stage: number,
  ): Uint32Array {
    const { cells } = this;
    cells[0] = this.code("verb", verb);
    cells[1] = level;
    cells[2] = stage;
    cells[3] = code;
    cells[4] = this.code("reason", reason);
    cells[5] = this.code("decision", decision);
    const isBare = Object.keys(annotations).length === 0 || this.leavesOut("annotations");
    cells[6] = this.leavesOut("authReason") ? 0 : this.code("authReason", authReason);
    cells[7] = isBare ? 0 : this.code("annotations", JSON.stringify(annotations));
    return cells;
  }

  private code(dictionary: ScannedDictionary, text: string): number {
    return this.builder.tables.strings[dictionary].internText(text);
  }
}

function timeOf(value: unknown): number {
  return typeof value === "string" ? parseTimestamp(value) : Number.NaN;
}
