import {
  anything,
  array,
  assert,
  constantFrom,
  dictionary,
  object,
  option,
  property,
  record,
  string,
} from "fast-check";
import { describe, expect, it } from "vitest";
import type { Level } from "../../src/events/vocabulary.ts";
import { wholeObject } from "../../src/formats/shape/json-bytes.ts";
import { AuditedEventReader } from "../../src/policy/audited-event.ts";

type Json = Record<string, unknown>;

/** What an event would be at a level, in the plainest form. */
function naive(event: Json, level: Level, omitManagedFields: boolean): Json {
  const reduced = structuredClone(event);
  reduced["level"] = level;
  if (level === "Metadata") {
    delete reduced["requestObject"];
    const annotations = reduced["annotations"] as Json | undefined;
    for (const key of Object.keys(annotations ?? {})) {
      if (key.startsWith("patch.webhook.admission.k8s.io/")) delete annotations?.[key];
    }
    const had = Object.keys((event["annotations"] as Json | undefined) ?? {}).length;
    if (annotations !== undefined && had > 0 && Object.keys(annotations).length === 0) delete reduced["annotations"];
  }
  if (level !== "RequestResponse") delete reduced["responseObject"];
  if (omitManagedFields) {
    if (reduced["verb"] !== "patch") strip(reduced["requestObject"]);
    strip(reduced["responseObject"]);
  }
  return reduced;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strip(body: unknown): void {
  if (!isJson(body)) return;
  if (isJson(body["metadata"])) delete body["metadata"]["managedFields"];
  const each = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);
  const objects = [...each(body["items"]), ...each(body["rows"]).map((row) => (isJson(row) ? row["object"] : null))];
  for (const item of objects) if (isJson(item) && isJson(item["metadata"])) delete item["metadata"]["managedFields"];
}

const word = constantFrom("a", "managedFields", "metadata", "items", 'q"uo,te\\', "ü", "{", "object");
const metadata = dictionary(word, anything({ maxDepth: 1 }), { maxKeys: 4 });
const item = record({ metadata, object: record({ metadata }) }, { requiredKeys: [] });
const body = record(
  { kind: word, metadata, items: array(item), rows: array(item), spec: object() },
  { requiredKeys: [] },
);
const event = record(
  {
    kind: constantFrom("Event"),
    level: constantFrom("Metadata", "RequestResponse"),
    auditID: string(),
    verb: constantFrom("get", "patch", "update"),
    requestURI: constantFrom("/api/v1/pods/a", "/healthz"),
    requestObject: option(body, { nil: "text" }),
    responseObject: body,
    annotations: dictionary(
      constantFrom(
        "patch.webhook.admission.k8s.io/round_0_index_0",
        "patch.webhook.admission.k8s.io/round_1_index_0",
        "a",
        "z",
      ),
      word,
    ),
    stageTimestamp: word,
  },
  { requiredKeys: ["auditID", "level", "verb", "requestURI"] },
);

describe("an event at another level", () => {
  it.each([undefined, 2])("is what JSON.parse would make of it, written with indent %s", (indent) => {
    const reader = new AuditedEventReader();
    assert(
      property(
        event,
        constantFrom<Level>("Metadata", "Request", "RequestResponse"),
        constantFrom(true, false),
        (made, level, omit) => {
          const plain = JSON.parse(JSON.stringify(made)) as Json;
          const bytes = Buffer.from(` ${JSON.stringify(plain, null, indent)}\n`);
          const members = wholeObject(bytes, 1, bytes.length - 1);
          if (members === null) throw new Error("no object");
          const read = reader.read(bytes, 1, bytes.length - 1, members);
          const reduced = read.reduced(level, omit);
          const expected = naive(plain, level, omit);
          expect(JSON.parse(reduced.toString())).toEqual(expected);
          expect(read.keptBytes(level, omit)).toBe(reduced.length + 1);
          if (indent === undefined) expect(reduced.toString()).toBe(JSON.stringify(expected));
        },
      ),
      { numRuns: 500 },
    );
  });
});
