import type { KubernetesEventsResult } from "../../engine/contract.ts";
import { count, counted } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";
import { EVENT_TABLE, unfolded } from "../../panes/kubernetes-events/table.ts";
import type { KubernetesEvent } from "../../queries/kubernetes-event.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand } from "../contract.ts";
import { note } from "../notes.ts";
import { type Answer, TABLE_FORMATS } from "../output.ts";

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
  outputs: TABLE_FORMATS,
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
    data: tableSection(EVENT_TABLE, unfolded(shown), printedLook(zone), ({ event }) => recordOf(event)),
  };
}
