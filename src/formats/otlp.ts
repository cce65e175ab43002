import type { Format, Opened } from "./contract.ts";
import { isAuditEvent, isObject, type JsonObject } from "./shape/audit-event.ts";
import { serverName } from "./shape/rebuilt-event.ts";
import { V1_CREATE, V1_LIST } from "./shape/sample-events.ts";

/** Deeper values are no part of an event. */
const MAX_DEPTH = 64;

/** A member by its name in JSON, or by the one of the .proto file, which encoders may keep. */
function memberOf(value: JsonObject, name: string): unknown {
  return value[name] ?? value[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** What an AnyValue of OTLP stands for. */
function plain(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth > MAX_DEPTH) return undefined;
  const [kvlistValue, arrayValue, intValue, bytesValue] = ["kvlistValue", "arrayValue", "intValue", "bytesValue"].map(
    (name) => memberOf(value, name),
  );
  if (isObject(kvlistValue)) return plainPairs(kvlistValue["values"], depth);
  if (isObject(arrayValue)) {
    const { values } = arrayValue;
    return Array.isArray(values) ? values.map((inner) => plain(inner, depth + 1)) : [];
  }
  if (intValue !== undefined) return Number(intValue);
  if (typeof bytesValue === "string") return Buffer.from(bytesValue, "base64").toString("utf8");
  return memberOf(value, "stringValue") ?? memberOf(value, "boolValue") ?? memberOf(value, "doubleValue");
}

function plainPairs(pairs: unknown, depth: number): JsonObject {
  if (!Array.isArray(pairs)) return {};
  const entries = (pairs as readonly unknown[])
    .filter(isObject)
    .map((pair) => [String(pair["key"]), plain(pair["value"], depth + 1)]);
  return Object.fromEntries(entries) as JsonObject;
}

function listAt(value: unknown, key: string): readonly JsonObject[] {
  const list: unknown = isObject(value) ? memberOf(value, key) : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function* recordsOf(resourceLogs: readonly unknown[]): Iterable<Opened> {
  for (const resource of resourceLogs) {
    const facts = plainPairs(
      isObject(resource) && isObject(resource["resource"]) ? resource["resource"]["attributes"] : [],
      0,
    );
    const apiserver = serverName(
      facts["k8s.cluster.name"],
      facts["k8s.node.name"] ?? facts["host.name"] ?? facts["k8s.pod.name"],
    );
    // Until 2022 scopes were instrumentation libraries.
    for (const scope of [...listAt(resource, "scopeLogs"), ...listAt(resource, "instrumentationLibraryLogs")]) {
      for (const record of [...listAt(scope, "logRecords"), ...listAt(scope, "logs")]) {
        const body = plain(record["body"], 0);
        // A parser puts an event's members beside the body unless told otherwise.
        const attributes = plainPairs(record["attributes"], 0);
        if (isAuditEvent(attributes)) yield { value: attributes, apiserver };
        else if (typeof body === "string") yield { text: body, apiserver };
        else if (isObject(body)) yield { value: body, apiserver };
      }
    }
  }
}

export const otlp: Format = {
  id: "otlp",
  title: "OpenTelemetry (OTLP JSON)",
  docs: "OTLP logs as JSON, as the OpenTelemetry Collector's file exporter writes them: the event is the body of a log record.",
  open(value) {
    const resourceLogs = memberOf(value, "resourceLogs");
    return Array.isArray(resourceLogs) ? { many: recordsOf(resourceLogs) } : null;
  },
  samples: () => {
    const pairs = (value: JsonObject): object[] =>
      Object.entries(value).map(([key, inner]) => ({ key, value: anyValue(inner) }));
    const anyValue = (value: unknown): object => {
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
      if (isObject(value)) return { kvlistValue: { values: pairs(value) } };
      return typeof value === "number" ? { intValue: String(value) } : { stringValue: String(value) };
    };
    const batch = (...bodies: readonly unknown[]): string =>
      `${JSON.stringify({
        resourceLogs: [
          {
            resource: {
              attributes: [
                { key: "k8s.cluster.name", value: { stringValue: "shop" } },
                { key: "host.name", value: { stringValue: "cp1" } },
              ],
            },
            scopeLogs: [{ scope: {}, logRecords: bodies.map((body) => ({ timeUnixNano: "1", body: anyValue(body) })) }],
          },
        ],
      })}\n`;
    const apiservers = ["shop/cp1"];
    return [
      { name: "bodies as text", text: batch(V1_LIST, V1_CREATE), events: 2, apiservers },
      { name: "bodies as values", text: batch(JSON.parse(V1_LIST)), events: 1, apiservers },
      {
        name: "bodies as bytes, parsed ones in attributes, names of the .proto file",
        text: JSON.stringify({
          resource_logs: [
            {
              scope_logs: [
                { log_records: [{ body: { bytes_value: Buffer.from(V1_LIST).toString("base64") } }] },
                { log_records: [{ body: {}, attributes: pairs(JSON.parse(V1_CREATE) as JsonObject) }] },
              ],
            },
          ],
        }),
        events: 2,
      },
      {
        name: "of a collector before scopes",
        text: JSON.stringify({
          resourceLogs: [{ instrumentationLibraryLogs: [{ logs: [{ body: { stringValue: V1_LIST } }] }] }],
        }),
        events: 1,
      },
    ];
  },
};
