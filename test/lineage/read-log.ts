import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { actorClassOf } from "../../src/events/actor-class.ts";
import { STAGES, type Level, type Stage } from "../../src/events/vocabulary.ts";
import { ClockEvidence } from "../../src/lineage/clock-evidence.ts";
import type { LineageEvent } from "../../src/lineage/event.ts";
import { asObject, field, number, text, type JsonObject, type JsonValue } from "../../src/lineage/json.ts";
import { Lineage } from "../../src/lineage/lineage.ts";
import { versionNumber } from "../../src/lineage/versions.ts";

/** Events of a file or of every log in a directory, in file order. */
export function readEvents(path: string): JsonObject[] {
  const files = path.endsWith("/")
    ? readdirSync(path)
        .filter((file) => /\.log(\.gz)?$/.test(file))
        .sort()
    : [""];
  // The file that is still written to sorts last, as its lines do.
  const ordered = files.toSorted((left, right) => Number(left === "audit.log") - Number(right === "audit.log"));
  return ordered.flatMap((file) => {
    const bytes = readFileSync(join(path, file));
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return plain
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as JsonObject);
  });
}

export const DEMO = `${join(import.meta.dirname, "../../fixtures/demo")}/`;

/** One event per request: the highest stage, as the index keeps it. */
export function assemble(events: readonly JsonObject[]): JsonObject[] {
  const rank = (event: JsonObject): number => STAGES.indexOf(text(event, "stage") as Stage);
  const best = new Map<string, JsonObject>();
  for (const event of events) {
    const key = `${text(event, "auditID")} ${text(event, "requestReceivedTimestamp")}`;
    const known = best.get(key);
    if (known === undefined || rank(event) > rank(known)) best.set(key, event);
  }
  return [...best.values()];
}

function micros(time: string): number {
  const match = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(time);
  if (match?.[1] === undefined) return Number.NaN;
  return Date.parse(`${match[1]}Z`) * 1_000 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}

export function lineageEvent(event: JsonObject, seq: number): LineageEvent {
  const object = field(event, "objectRef");
  const group = text(object, "apiGroup");
  const real = text(event, "user", "username");
  const asUser = text(event, "impersonatedUser", "username");
  const ips = field(event, "sourceIPs");
  const ip: JsonValue | undefined = Array.isArray(ips) ? (ips as readonly JsonValue[]).at(-1) : undefined;
  const user = asUser === "" ? real : asUser;
  return {
    seq,
    apiserver: text(event, "apiserver"),
    auditID: text(event, "auditID"),
    receivedUs: micros(text(event, "requestReceivedTimestamp")),
    stageUs: micros(text(event, "stageTimestamp")),
    stage: text(event, "stage") as Stage,
    level: text(event, "level") as Level,
    verb: text(event, "verb"),
    resource: group === "" ? text(object, "resource") : `${text(object, "resource")}.${group}`,
    subresource: text(object, "subresource"),
    namespace: text(object, "namespace"),
    name: text(object, "name"),
    uid: text(object, "uid"),
    code: number(event, "responseStatus", "code") ?? null,
    reason: text(event, "responseStatus", "reason"),
    user,
    asFrom: asUser === "" ? "" : real,
    actorClass: actorClassOf(user),
    ip: typeof ip === "string" ? ip : "",
    useragent: text(event, "userAgent"),
    uri: text(event, "requestURI"),
    responseStatus: () => asObject(field(event, "responseStatus")),
    requestBody: () => field(event, "requestObject") ?? null,
    wholeAnswer: () => asObject(field(event, "responseObject")),
    responseBody: () => field(event, "responseObject") ?? null,
    annotations: () => field(event, "annotations") ?? null,
    baseVersion: () => versionNumber(text(object, "resourceVersion")),
  };
}

/** `raw`: bodies are read from the events' bytes, as in the engine. */
export function lineageOf(events: readonly JsonObject[], { raw = false } = {}): Lineage {
  const lineage = new Lineage();
  const evidence = new ClockEvidence();
  assemble(events).forEach((event, seq) => {
    const read = lineageEvent(event, seq);
    if (evidence.wants(read)) evidence.hear(read, read);
    lineage.observe(raw ? { ...read, raw: Buffer.from(JSON.stringify(event)) } : read);
  });
  lineage.correct(evidence.clocks.skews());
  return lineage;
}
