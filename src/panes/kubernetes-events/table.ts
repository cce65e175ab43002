import { objectName } from "../../events/object-name.ts";
import { isClusterScoped } from "../../events/resource-names.ts";
import { count } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import { termFor } from "../../queries/filter-term.ts";
import type { KubernetesEvent } from "../../queries/kubernetes-event.ts";
import { frameOf } from "../../state/initial-state.ts";
import { type AnswerTable, fields, screenLook, screenTable, timeCell } from "../answer-table.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";

export const EVENT_SORTS = ["type", "last", "count", "reason", "object"] as const;
export type EventSort = (typeof EVENT_SORTS)[number];

/** `pod/nginx-7cd5 -n demo`; without a body only the name is known. */
export function involvedText({ object }: Pick<KubernetesEvent, "object">): string {
  if (object.kind !== "") return objectName(object);
  return object.namespace === "" ? object.name : `${object.name} -n ${object.namespace}`;
}

export function messageText(event: KubernetesEvent): string {
  return event.body === "none" ? "(no body kept)" : event.message;
}

export function eventId(event: KubernetesEvent): string {
  return event.name === "" ? `seq ${event.seq}` : JSON.stringify([event.namespace, event.name]);
}

/** In any case, in what the row says. */
export function matchesSearch(event: KubernetesEvent, search: string): boolean {
  if (search === "") return true;
  const wanted = search.toLowerCase();
  const { type, reason, message, component, host, name } = event;
  return [type, reason, message, component, host, name, involvedText(event)].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

export function sortedEvents(events: readonly KubernetesEvent[], sort: EventSort): readonly KubernetesEvent[] {
  // The engine's order: warnings first, then the newest.
  if (sort === "type") return events;
  const time = (event: KubernetesEvent): number => parseTime(event.lastSeen) || 0;
  const byText = (of: (event: KubernetesEvent) => string) => (a: KubernetesEvent, b: KubernetesEvent) => {
    const [x, y] = [of(a), of(b)];
    return x === y ? time(b) - time(a) : x < y ? -1 : 1;
  };
  const compare = {
    last: (a: KubernetesEvent, b: KubernetesEvent) => time(b) - time(a),
    count: (a: KubernetesEvent, b: KubernetesEvent) => b.count - a.count,
    reason: byText((event) => event.reason),
    object: byText(involvedText),
  }[sort];
  return [...events].sort(compare);
}

/** A row of the list: an Event, or the newest of those of one type and reason. */
export interface ListedEvent {
  readonly event: KubernetesEvent;
  /** Objects beside its own that the folded Events are about. */
  readonly others: number;
  /** Events folded into it, itself among them. */
  readonly events: number;
}

export function unfolded(events: readonly KubernetesEvent[]): readonly ListedEvent[] {
  return events.map((event) => ({ event, others: 0, events: 1 }));
}

/** One row for each type and reason, counting what happened in all; an Event without a reason stands alone. */
export function foldedEvents(events: readonly KubernetesEvent[]): readonly ListedEvent[] {
  const rows = new Map<string, { newest: KubernetesEvent; count: number; events: number; objects: Set<string> }>();
  for (const event of events) {
    const key = event.reason === "" ? `seq ${event.seq}` : JSON.stringify([event.type, event.reason]);
    const row = rows.get(key) ?? { newest: event, count: 0, events: 0, objects: new Set<string>() };
    rows.set(key, row);
    row.count += event.count;
    row.events += 1;
    row.objects.add(involvedText(event));
    if (parseTime(event.lastSeen) > parseTime(row.newest.lastSeen)) row.newest = event;
  }
  return [...rows.values()].map(({ newest, count, events, objects }) => ({
    event: { ...newest, count },
    others: objects.size - 1,
    events,
  }));
}

export const EVENT_TABLE: AnswerTable<ListedEvent> = {
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
  columns: [
    { id: "last", title: "last", isTime: true, cell: ({ event }, look) => timeCell(event.lastSeen, look, "muted") },
    {
      id: "first",
      title: "first",
      isTime: true,
      drop: 8,
      cell: ({ event }, look) => timeCell(event.firstSeen, look, "muted"),
    },
    {
      id: "type",
      title: "type",
      maxWidth: 10,
      drop: 1,
      cell: ({ event: { type } }, { unicode }) => ({
        ...text(type, unicode),
        tone: type === "Warning" ? "warn" : "muted",
      }),
    },
    {
      id: "reason",
      title: "reason",
      room: (width) => ({ minWidth: width < 100 ? 10 : 17 }),
      maxWidth: 28,
      keep: "head",
      cell: ({ event }, { unicode }) => text(event.reason, unicode),
    },
    {
      id: "object",
      title: "object",
      keep: "object",
      room: (width) => ({ minWidth: width < 100 ? 14 : 24 }),
      maxWidth: 36,
      cell: ({ event, others }, { unicode }) =>
        text(others === 0 ? involvedText(event) : `${involvedText(event)} +${others}`, unicode),
    },
    {
      id: "message",
      title: "message",
      room: (width) => ({ minWidth: width < 100 ? 24 : 44 }),
      keep: "head",
      grow: 1,
      cell: ({ event }, { unicode }) => ({
        ...text(messageText(event), unicode),
        ...(event.body === "none" ? { tone: "muted" } : {}),
      }),
    },
    {
      id: "count",
      title: "count",
      align: "right",
      minWidth: 5,
      drop: 3,
      cell: ({ event }) => ({ text: count(event.count), value: event.count }),
    },
    {
      id: "component",
      title: "reported by",
      minWidth: 12,
      room: (width) => ({ maxWidth: width < 160 ? 24 : 40 }),
      keep: "head",
      drop: 7,
      cell: ({ event: { component, host } }, { unicode, width }) => ({
        ...text(host === "" || width < 160 ? component : `${component} ${host}`, unicode),
        tone: "muted",
      }),
    },
  ],
};

function text(value: string, unicode: boolean): Cell {
  return { text: orDash(safeText(value, unicode)), ...(value === "" ? { tone: "muted" } : {}) };
}

export function eventTable(
  context: PaneContext,
  rows: readonly ListedEvent[],
  ids: readonly string[],
  place: { readonly count: number; readonly top: number; readonly sort: EventSort },
): TableModel {
  // Of many objects one tells little: the message has the room, and the preview names it.
  const hasObjects = context.width >= 100 || rows.every(({ events }) => events === 1);
  const columns = EVENT_TABLE.columns.filter(({ id }) => id !== "object" || hasObjects);
  return {
    ...screenTable({ columns, empty: "no Event says that" }, screenLook(context), rows, { ids, ...place }),
    stretch: "whole",
    sort: { column: place.sort, reverse: false },
  };
}

export function eventSelection(event: KubernetesEvent): PaneSelection {
  const { object, seq } = event;
  const lastMs = parseTime(event.lastSeen);
  const terms = ["resource:events,events.events.k8s.io", termFor("namespace", event.namespace)];
  return {
    copy: messageText(event),
    ...(event.name === "" ? {} : { term: [...terms, termFor("name", event.name)].join(" ") }),
    ...(object.resource === "" || object.name === ""
      ? {}
      : {
          object: {
            name: `${object.resource}/${object.name}`,
            namespace: isClusterScoped(object.resource) ? "" : object.namespace,
          },
        }),
    seq,
    ...(Number.isNaN(lastMs) ? {} : { timeUs: lastMs * 1_000 }),
    enter: { frame: frameOf("request", { seq: String(seq) }) },
  };
}
