import { isObject, type JsonObject, objectOf, textOf, textsOf } from "../../events/json-values.ts";
import { impersonatedOf } from "../../events/impersonation.ts";
import { LEVELS, STAGES, stageRank, UNKNOWN_LEVEL, UNKNOWN_STAGE } from "../../events/vocabulary.ts";
import { MARK, type ScannedDictionary } from "../../index/event-batch.ts";
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

/** One event's ids, from its parsed JSON: the meaning of every column, in the plainest form. */
export class ParsedEventReader {
  /** Results of read(). */
  actor = 0;
  target = 0;
  outcome = 0;
  receivedUs = Number.NaN;
  stageUs = Number.NaN;
  marks = 0;
  private readonly builder: BatchBuilder;
  private readonly cells = new Uint32Array(8);

  constructor(builder: BatchBuilder) {
    this.builder = builder;
  }

  read(event: JsonObject): void {
    const { stage, receivedUs, stageUs } = momentOf(event);
    const level = LEVELS.indexOf(event["level"] as (typeof LEVELS)[number]);
    const verb = textOf(event["verb"]);
    this.actor = this.actorOf(event["user"], event["impersonatedUser"], event["sourceIPs"], event["userAgent"]);
    this.target = this.targetOf(event["objectRef"], textOf(event["requestURI"]), event["apiVersion"]);
    this.outcome = this.outcomeOf(
      verb,
      level < 0 ? UNKNOWN_LEVEL : level,
      stage,
      event["responseStatus"],
      event["annotations"],
    );
    this.receivedUs = receivedUs;
    this.stageUs = stageUs;
    this.marks =
      (stage === UNKNOWN_STAGE ? stageRank(UNKNOWN_STAGE) | MARK.noStage : stage) |
      (level < 0 ? MARK.noLevel : level << MARK.levelShift) |
      verbMarks(verb) |
      (isObject(event["requestObject"]) || isObject(event["responseObject"]) ? MARK.body : 0);
  }

  actorOf(user: unknown, impersonatedUser: unknown, sourceIPs: unknown, userAgent: unknown): number {
    const real = objectOf(user);
    const impersonated = impersonatedOf(impersonatedUser);
    const effective = impersonated ?? real;
    const ips = textsOf(sourceIPs);
    const groups = [...new Set(textsOf(effective["groups"]))];
    const { cells } = this;
    cells[0] = this.code("user", textOf(effective["username"]));
    cells[1] = impersonated === null ? 0 : this.code("user", textOf(real["username"]));
    cells[2] = groups.length === 0 ? 0 : this.code("groupSet", JSON.stringify(groups));
    cells[3] = this.code("ip", ips[ips.length - 1] ?? "");
    cells[4] = this.code("sourceIPs", ips.join(","));
    cells[5] = this.code("useragent", textOf(userAgent));
    return this.builder.tables.actorTuples.intern(cells);
  }

  targetOf(objectRef: unknown, uri: string, eventVersion: unknown): number {
    const ref = objectOf(objectRef);
    const resource = textOf(ref["resource"]);
    let group = textOf(ref["apiGroup"]);
    // v1alpha1 has no apiGroup: apiVersion is "group/version".
    if (group === "" && eventVersion === "audit.k8s.io/v1alpha1") {
      const version = textOf(ref["apiVersion"]);
      group = version.slice(0, Math.max(0, version.indexOf("/")));
    }
    const { cells } = this;
    cells[0] = this.code("resource", resource === "" || group === "" ? resource : `${resource}.${group}`);
    cells[1] = this.code("subresource", textOf(ref["subresource"]));
    cells[2] = this.code("namespace", textOf(ref["namespace"]));
    cells[3] = this.code("name", textOf(ref["name"]));
    cells[4] = this.code("uid", textOf(ref["uid"]));
    cells[5] = this.code("uri", uri);
    return this.builder.tables.targetTuples.intern(cells);
  }

  outcomeOf(verb: string, level: number, stage: number, responseStatus: unknown, annotations: unknown): number {
    const status = objectOf(responseStatus);
    const notes = objectOf(annotations);
    const { cells } = this;
    cells[0] = this.code("verb", verb);
    cells[1] = level;
    cells[2] = stage;
    cells[3] = codeOf(status["code"]);
    cells[4] = this.code("reason", textOf(status["reason"]));
    cells[5] = this.code("decision", textOf(notes["authorization.k8s.io/decision"]));
    cells[6] = this.code("authReason", textOf(notes["authorization.k8s.io/reason"]));
    cells[7] = Object.keys(notes).length === 0 ? 0 : this.code("annotations", JSON.stringify(notes));
    return this.builder.tables.outcomeTuples.intern(cells);
  }

  private code(dictionary: ScannedDictionary, text: string): number {
    return this.builder.tables.strings[dictionary].internText(text);
  }
}

/** An HTTP status code; 0 for anything else. */
export function codeOf(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 0xffff ? value : 0;
}

function timeOf(value: unknown): number {
  return typeof value === "string" ? parseTimestamp(value) : Number.NaN;
}
