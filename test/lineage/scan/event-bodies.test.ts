import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { assert, json, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyFacts } from "../../../src/lineage/body-facts.ts";
import { isKubernetesEvent } from "../../../src/events/kubernetes-event.ts";
import { involvedObject } from "../../../src/lineage/kubernetes-events.ts";
import { wants } from "../../../src/lineage/event.ts";
import { text, type JsonObject } from "../../../src/lineage/json.ts";
import { BodyScanner } from "../../../src/lineage/scan/event-bodies.ts";
import { PrunedReader, UnexpectedJson } from "../../../src/lineage/scan/pruned-json.ts";
import { partsToKeep } from "../../../src/lineage/scan/trim.ts";
import { callsIn } from "../../../src/lineage/outside/webhooks.ts";
import { ObjectShape } from "../../../src/lineage/scan/shape.ts";
import { describeShared } from "../../support/shared-data.ts";
import { DEMO, lineageEvent } from "../read-log.ts";

function lines(path: string): Buffer[] {
  const bytes = path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path);
  const found: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    found.push(bytes.subarray(start, end));
  }
  return found;
}

/** Templates' fingerprints are of bytes or of parsed JSON: only that there is one can be compared. */
function comparable(facts: ReturnType<typeof bodyFacts>): unknown {
  return facts?.template === undefined ? facts : { ...facts, template: "some" };
}

/** What lineage keeps of an event that may matter later. */
function trimmed(line: Buffer): Buffer {
  const event = lineageEvent(JSON.parse(line.toString("utf8")) as JsonObject, 0);
  return Buffer.concat(partsToKeep(line, event).map(([start, end]) => line.subarray(start, end)));
}

/** Events whose facts read from bytes, all of them or those kept, differ from those of the parsed event. */
function differences(path: string, keep = (line: Buffer): Buffer => line): string[] {
  const scanner = new BodyScanner();
  const found: string[] = [];
  for (const line of lines(path)) {
    const event = lineageEvent(JSON.parse(line.toString("utf8")) as JsonObject, 0);
    if (!wants(event)) continue;
    const bytes = keep(line);
    scanner.open(bytes, 0, bytes.length, event, false);
    const read = isKubernetesEvent(event.resource)
      ? involvedObject(event, scanner)
      : comparable(bodyFacts(event, scanner));
    const parsed = isKubernetesEvent(event.resource)
      ? involvedObject(event, event)
      : comparable(bodyFacts(event, event));
    try {
      expect(read).toEqual(parsed);
      expect(callsIn(scanner.annotations())).toEqual(callsIn(event.annotations()));
      expect(scanner.baseVersion()).toBe(event.baseVersion());
      expect(text(scanner.responseStatus(), "message")).toBe(text(event.responseStatus(), "message"));
    } catch {
      found.push(`${event.verb} ${event.resource}/${event.subresource} ${event.auditID}`);
    }
  }
  return found;
}

describe("facts read from bytes", () => {
  it.each(["audit.log", "audit-2026-11-21T00-12-27.286.log.gz"])("equal those of JSON.parse: %s", (file) => {
    expect(differences(`${DEMO}${file}`)).toEqual([]);
  });

  it("are in what is kept of an event, which is JSON and a good deal shorter", () => {
    const path = `${DEMO}audit.log`;
    expect(differences(path, trimmed)).toEqual([]);
    const writes = lines(path).filter((line) => line.includes('"level":"RequestResponse"'));
    const kept = writes.map((line) => trimmed(line));
    for (const event of kept) expect(() => JSON.parse(event.toString("utf8")) as unknown).not.toThrow();
    const length = (all: readonly Buffer[]): number => all.reduce((sum, bytes) => sum + bytes.length, 0);
    expect(length(kept)).toBeLessThan(length(writes) * 0.6);
  });

  describeShared("of the whole volume log", ["data/cluster/V/audit.log.gz"], (log) => {
    it("equal them", () => expect(differences(log).slice(0, 5)).toEqual([]));
  });

  it("are not taken from a body a client put into its patch", () => {
    const event = {
      level: "RequestResponse",
      verb: "patch",
      objectRef: { resource: "configmaps", name: "a" },
      responseStatus: { metadata: {}, code: 200 },
      requestObject: { data: {}, responseObject: { metadata: { uid: "forged" } } },
      responseObject: { kind: "ConfigMap", metadata: { name: "a", uid: "true" } },
    };
    const scanner = new BodyScanner();
    const line = Buffer.from(JSON.stringify(event));
    scanner.open(
      line,
      0,
      line.length,
      { verb: "patch", resource: "configmaps", subresource: "", level: "RequestResponse" },
      false,
    );
    expect(scanner.responseBody()).toMatchObject({ metadata: { uid: "true" } });
  });

  it("fall back to JSON.parse for spaces and escapes", () => {
    const text = '{"level": "RequestResponse", "requestObject": {"kind": "Pod", "met\\u0061data": {"uid": "u"}}}';
    const scanner = new BodyScanner();
    const line = Buffer.from(text);
    scanner.open(line, 0, line.length, { verb: "create", resource: "pods", subresource: "", level: "Request" }, false);
    expect(scanner.requestBody()).toMatchObject({ metadata: { uid: "u" } });
  });
});

describe("PrunedReader", () => {
  const reader = new PrunedReader();
  const shape = new ObjectShape({
    a: true,
    b: new ObjectShape({ c: true }),
    d: { each: new ObjectShape({ e: true }) },
  });

  it("reads what is wanted of any JSON, and the whole of it where all is", () => {
    assert(
      property(json(), json(), (first, second) => {
        const text = `{"x":${second},"a":${first},"y":[${second},{"z":${first}}],"b":{"n":${second},"c":${first}}}`;
        const value = JSON.parse(first) as unknown;
        const bytes = Buffer.from(`${JSON.stringify(JSON.parse(text))},`);
        const read = reader.read(bytes, 0, bytes.length, shape);
        expect(JSON.stringify(read)).toBe(JSON.stringify({ a: value, b: { c: value } }));
        expect(reader.position).toBe(bytes.length - 1);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("throws on what is cut short or no JSON", () => {
    const whole = Buffer.from('{"a":"x","b":{"c":1},"d":[{"e":2}]} ');
    for (let end = 1; end < whole.length - 1; end += 1) {
      expect(() => reader.read(whole.subarray(0, end), 0, end, shape)).toThrow(UnexpectedJson);
    }
  });
});
