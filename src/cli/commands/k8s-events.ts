import type { KubernetesEventsResult } from "../../engine/contract.ts";
import { count, counted } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";
import { involvedText } from "../../panes/kubernetes-events/table.ts";
import type { KubernetesEvent } from "../../queries/kubernetes-event.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { note } from "../notes.ts";
import { fields, type Answer, type OutputRow } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";

export const kubernetesEvents: CliCommand = {
  name: "k8s-events",
  about: "Kubernetes Events (core/v1 and events.k8s.io) found in the log, warnings first",
  operands: [],
  options: [
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  defaults: { output: "table", limit: "all" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  examples: [
    ["ktrail k8s-events audit.log -n demo", "what happened in demo, long after the Events expired"],
    ["ktrail k8s-events audit.log -o jsonl | jq 'select(.type == \"Warning\")'", "warnings, for scripts"],
  ],
  async answer({ engine, invocation: { options }, selection }) {
    const { limit = Number.POSITIVE_INFINITY, tz } = options;
    const result = await engine.ask("kubernetesEvents", { ...selection, limit: Number.POSITIVE_INFINITY });
    tellMissing(result);
    return eventsAnswer(result, result.events.slice(0, limit), tz);
  },
};

function tellMissing({ read, withoutBody, unreadable }: KubernetesEventsResult): void {
  if (withoutBody > 0)
    note(
      `${count(withoutBody)} of ${counted(read, "request")} for events have no body: reason and message need the audit level Request for events`,
    );
  if (unreadable > 0) note(`${counted(unreadable, "request")} for events could not be read again`);
}

/** As in JSON: without what is only of use inside the program. */
function recordOf(event: KubernetesEvent): Readonly<Record<string, unknown>> {
  const { seq: _, ...record } = event;
  return record;
}

function eventsAnswer(result: KubernetesEventsResult, shown: readonly KubernetesEvent[], zone: TimeZone): Answer {
  const { requests, withoutBody, unreadable, events } = result;
  return {
    document: { requests, withoutBody, unreadable, total: events.length, events: shown.map(recordOf) },
    data: {
      columns: [
        column("lastSeen", timeTitle("last seen", zone)),
        column("firstSeen", timeTitle("first seen", zone), { drop: 5 }),
        column("type", "type"),
        column("reason", "reason"),
        column("object", "object", { grow: 1 }),
        column("message", "message", { grow: 3, keep: "head", drop: 1 }),
        numeric("count", "count", { drop: 2 }),
        column("component", "reported by", { drop: 3 }),
      ],
      fields: fields(
        "firstSeen",
        "lastSeen",
        "type",
        "reason",
        "object.kind",
        "object.namespace",
        "object.name",
        "object.uid",
        "message",
        "count",
        "component",
        "host",
        "namespace",
        "name",
        "requests",
        "auditID",
      ),
      empty: "no request wrote an Event",
      batches: [shown.map((event) => eventRow(event, zone))],
    },
  };
}

function eventRow(event: KubernetesEvent, zone: TimeZone): OutputRow {
  return {
    record: recordOf(event),
    cells: () => [
      textCell(secondTime(event.lastSeen, zone)),
      textCell(secondTime(event.firstSeen, zone)),
      textCell(event.type, event.type === "Warning" ? "warn" : "muted"),
      textCell(event.reason),
      textCell(involvedText(event)),
      textCell(event.message),
      countCell(event.count),
      textCell(event.host === "" ? event.component : `${event.component} ${event.host}`, "muted"),
    ],
  };
}
