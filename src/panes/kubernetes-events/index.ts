import { openPrompt } from "../../commands/prompt-text.ts";
import type { KubernetesEventsResult } from "../../engine/contract.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { Line } from "../../models/view.ts";
import type { KubernetesEvent } from "../../queries/kubernetes-event.ts";
import { absence, answerOf, emptyView, isFiltered, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { prepared } from "../prepared.ts";
import { previewRows, withPreview } from "../preview.ts";
import { commandLineFor } from "../shell-command.ts";
import { placeText } from "../table-page.ts";
import { sortCommand, sortedBy } from "../sorting.ts";
import {
  EVENT_SORTS,
  eventId,
  eventSelection,
  type EventSort,
  eventTable,
  foldedEvents,
  involvedText,
  type ListedEvent,
  matchesSearch,
  messageText,
  sortedEvents,
  unfolded,
} from "./table.ts";

/** Terms of the requests that write Events. */
const WRITTEN = ["resource:events,events.events.k8s.io", "verb:create,update,patch"];

/** Requests whose bodies are read again for one screen; older ones are counted. */
const READ = 5_000;

/** core/v1 and events.k8s.io Events as the log has them: their own time to live is an hour. */
export const kubernetesEventsPane: Pane = {
  id: "kubernetes-events",
  digit: "0",
  title: "Kubernetes Events",
  tab: "Events",
  about: "Kubernetes Events written in this log, warnings first; enter shows the request, o the object's trail",
  asks: (context) => ({ events: { kind: "kubernetesEvents", ...selectionOf(context), limit: READ } }),
  view,
  params: (args) => ({ search: args.trim() }),
  commands: [
    {
      id: "kubernetes-events.find",
      title: "only Events that say this: reason, message, object, reporter (filters of requests: :filter)",
      short: "find",
      keys: ["/"],
      scope: "pane:kubernetes-events",
      group: "view",
      run: () => [
        { type: "prompt", prompt: openPrompt("narrow", "") },
        { type: "cursor", id: null, index: 0, top: 0 },
      ],
    },
    {
      id: "kubernetes-events.fold",
      title: "repeats of one reason as one row, or every Event",
      short: "fold",
      keys: ["f"],
      scope: "pane:kubernetes-events",
      group: "view",
      run: ({ pane }) => [
        { type: "params", params: { fold: isFoldedIn(pane) ? "off" : "" } },
        { type: "cursor", id: null, index: 0, top: 0 },
      ],
    },
    sortCommand("kubernetes-events", EVENT_SORTS, {
      title: "warnings first, newest, most often, by reason, or by object",
    }),
  ],
};

/** What is being typed, else what was accepted. */
function searchOf({ app, frame }: PaneContext): string {
  return app.prompt?.kind === "narrow" ? app.prompt.text : (frame.params["search"] ?? "");
}

/** Repeats are one row, but where one of them was opened. */
function isFoldedIn({ frame }: PaneContext): boolean {
  return frame.params["fold"] !== "off" && frame.params["reason"] === undefined;
}

function reasonId({ type, reason }: KubernetesEvent): string {
  return JSON.stringify(["reason", type, reason]);
}

type Listing = readonly [sort: EventSort, search: string, isFolded: boolean, reason: string | undefined];

const listOf = prepared((result: KubernetesEventsResult, ...[sort, search, isFolded, reason]: Listing) => {
  const all = result.events.filter(
    (event) => matchesSearch(event, search) && (reason === undefined || event.reason === reason),
  );
  const rows = isFolded ? foldedEvents(all) : unfolded(all);
  const byEvent = new Map(rows.map((row) => [row.event, row]));
  const events = sortedEvents([...byEvent.keys()], sort).flatMap((event) => byEvent.get(event) ?? []);
  const ids = distinctIds(
    events.map(({ event }) => (isFolded && event.reason !== "" ? reasonId(event) : eventId(event))),
  );
  return { events, ids };
});

function view(context: PaneContext, answers: Answers): PaneView {
  const search = searchOf(context);
  const result = answerOf(answers, "events", "kubernetesEvents");
  const title = line(
    span("Kubernetes Events", "heading", true),
    search === "" ? "" : "  find ",
    span(safeText(search, context.unicode), "match"),
    span(staleMark(answers, "events"), "warn"),
  );
  const commandLine = commandLineFor(context, { command: "k8s-events" });
  const reason = absence(context, answers, "events", false) ?? (result === undefined ? null : nothing(context, result));
  if (result === undefined || reason !== null) {
    const isWritten = result !== undefined && result.events.length > 0;
    const selection: PaneSelection = isWritten ? { enter: { frame: frameOf("requests"), chips: WRITTEN } } : {};
    return { ...emptyView(title, reason ?? []), selection, commandLine };
  }
  const sort = sortedBy(EVENT_SORTS, context);
  const { events, ids } = listOf(result, sort, search, isFoldedIn(context), context.frame.params["reason"]);
  const head = [spreadLine(title, line(span(totals(result), "muted")), context.width), ...missing(context, result)];
  const page = Math.max(1, context.height - head.length - 1 - previewRows(context));
  const place = listPlace(context.frame, ids, page);
  const table = layoutTable(
    eventTable(context, place.shown(events), place.rows.ids, {
      count: events.length,
      top: place.top,
      sort,
    }),
    { width: context.width, cursorId: place.cursorId },
  );
  const row = events[place.index];
  return {
    lines: withPreview(
      context,
      [...head, ...table.lines],
      row === undefined ? "" : `${involvedText(row.event)}: ${messageText(row.event)}`,
    ),
    cursorLine: table.cursorLine === null ? null : table.cursorLine + head.length,
    rows: place.rows,
    selection: row === undefined ? {} : rowSelection(row),
    summary: placeText(place),
    commandLine,
  };
}

/** Of folded Events enter shows each, else the request that wrote it. */
function rowSelection({ event, events }: ListedEvent): PaneSelection {
  if (events === 1) return eventSelection(event);
  // No term says the reason of an Event.
  const { term: _, ...own } = eventSelection(event);
  return { ...own, enter: { frame: frameOf("kubernetes-events", { reason: event.reason, label: event.reason }) } };
}

function nothing(context: PaneContext, result: KubernetesEventsResult): Line | null {
  if (result.events.length > 0 && result.withoutBody === result.read) {
    return line(
      span(`${counted(result.events.length, "Event")} were written, and the log kept what none of them says`, "warn"),
      span(": the audit policy has events at level Metadata, reason and message need Request. "),
      span("⏎", "key"),
      " shows the requests that wrote them.",
    );
  }
  if (result.requests > 0 && result.events.length > 0) return null;
  if (isFiltered(context))
    return line(span("No Event was written by the filtered requests. ", "warn"), span("x", "key"), " shows all.");
  return line(
    span("No request here wrote an Event", "warn"),
    span(": the audit policy may leave events out (level None).", "muted"),
  );
}

function totals({ events, read }: KubernetesEventsResult): string {
  const warnings = events.filter((event) => event.type === "Warning").length;
  return `${counted(warnings, "warning")} · ${counted(events.length, "Event")} of ${counted(read, "request")}`;
}

/** What the list cannot show, and why. */
function missing(context: PaneContext, { requests, read, withoutBody, unreadable }: KubernetesEventsResult): Line[] {
  const parts: string[] = [];
  if (withoutBody > 0)
    parts.push(`${count(withoutBody)} of ${count(read)} have no body: the policy needs Request level for events`);
  if (read < requests) parts.push(`newest ${count(read)} of ${counted(requests, "request")} read`);
  if (unreadable > 0) parts.push(`${count(unreadable)} cannot be read again`);
  return parts.length === 0 || context.height < 4 ? [] : [line(span(`  ${parts.join(" · ")}`, "warn"))];
}
