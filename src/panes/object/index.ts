import type { Command } from "../../commands/contract.ts";
import { objectName } from "../../events/object-name.ts";
import type { ObjectAt, ObjectChange } from "../../lineage/contract.ts";
import { maskBody } from "../../masking/mask.ts";
import { jsonLines } from "../../models/json-lines.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { dateTime, parseTime, zoneName } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { changeLines } from "../diff/changes.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { nearAsk, unknownObject } from "../near-objects.ts";
import { parseObject } from "../object-argument.ts";
import { prepared } from "../prepared.ts";
import { commandLineFor, isoMicros } from "../shell-command.ts";
import { moment } from "../time-column.ts";
import { isUnmasked, unmaskCommand } from "../unmask-command.ts";

/** An object as it was at any time, change by change, and what differs between two of them. */
export const objectPane: Pane = {
  id: "object",
  title: "object",
  about: "an object as it was at a time, change by change, what is unknown marked; what two times differ in",
  asks(context) {
    const { object = "", namespace = "", at = "", since = "", seq = "" } = context.frame.params;
    if (object === "") return {};
    const after = Number(seq);
    const ask = {
      object,
      ...(namespace === "" ? {} : { namespace }),
      ...usOf(at, "atUs"),
      ...usOf(since, "sinceUs"),
      ...(seq === "" || !Number.isSafeInteger(after) ? {} : { afterSeq: after }),
    };
    return { ...nearAsk(context), state: { kind: "object", ...ask } };
  },
  view,
  completes: "object",
  params(args) {
    const params = parseObject(args);
    if (params["object"] === undefined) throw new Error("object needs an object: :object deploy/nginx -n demo");
    return params;
  },
  commands: [
    changeCommand("object.next-change", "state after the next change", "]", "next", "this is its last change"),
    changeCommand("object.previous-change", "state before this change", "[", "previous", "this is its first change"),
    {
      id: "object.compare",
      title: "keep this time to compare others with; again: the object alone",
      short: "compare",
      keys: ["="],
      scope: "pane:object",
      group: "view",
      disabledReason: ({ pane, view: { jumps } }) =>
        (pane.frame.params["since"] ?? "") === "" && jumps?.["here"] === undefined ? "it was never changed" : null,
      run: ({ pane, view: { jumps } }) => {
        const isOn = (pane.frame.params["since"] ?? "") !== "";
        return [{ type: "params", params: { since: isOn ? "" : (jumps?.["here"]?.id ?? "") } }, TO_TOP];
      },
    },
    unmaskCommand("object"),
  ],
};

const TO_TOP = { type: "cursor", id: null, index: 0, top: 0 } as const;

/** Not a row but a time: `id` is the time of a change. */
function changeCommand(id: string, title: string, key: string, name: string, none: string): Command {
  return {
    id,
    title,
    ...(key === "]" ? { short: "change" } : {}),
    keys: [key],
    scope: "pane:object",
    group: "view",
    disabledReason: ({ view: { jumps } }) => (jumps?.[name] === undefined ? none : null),
    run: ({ view: { jumps } }) => {
      const change = jumps?.[name];
      return change === undefined ? [] : [{ type: "params", params: { at: change.id, seq: "" } }];
    },
  };
}

function usOf(time: string, name: "atUs" | "sinceUs"): { readonly atUs?: number; readonly sinceUs?: number } {
  const us = Number(time);
  return time === "" || !Number.isFinite(us) ? {} : { [name]: us };
}

function view(context: PaneContext, answers: Answers): PaneView {
  const { object = "", namespace = "" } = context.frame.params;
  const safe = (text: string): string => safeText(text, context.unicode);
  const name = safe(namespace === "" ? object : `${object} -n ${namespace}`);
  const title = line(span("Object ", "heading", true), span(name, "accent", true));
  if (object === "") {
    const hint = line(span("I", "key"), " on an object, or ", span(":object deploy/NAME -n NAMESPACE", "key"));
    return emptyView(line(span("Which object?", "heading", true)), hint);
  }
  const result = answerOf(answers, "state", "object");
  const unfiltered = { ...context, window: null, app: { ...context.app, chips: [], humansOnly: false } };
  const reason = absence(unfiltered, answers, "state", false);
  const commandLine = commandLineFor(context, {
    command: "object",
    operands: [object],
    options: [...(namespace === "" ? [] : ["-n", namespace]), ...atOptions(context, result?.changes.last?.atUs)],
    unfiltered: true,
  });
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  if (result === null) return { ...emptyView(title, unknownObject(context, answers, "state")), commandLine };
  const head = headLines(context, result, staleMark(answers, "state"));
  const lines = bodyLines(result, context);
  const page = Math.max(1, context.height - head.length);
  const ids = distinctIds(lines.map(({ path }) => path));
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(lines);
  const current = lines[place.index];
  const { last } = result.changes;
  const timeMs = parseTime(last?.t ?? null);
  return {
    lines: [
      ...head,
      ...shown.map((entry, row): Line => [
        { text: place.top + row === place.index ? "▸ " : "  ", tone: "accent" },
        ...entry.line,
      ]),
    ],
    cursorLine: current === undefined ? null : place.index - place.top + head.length,
    rows: place.rows,
    selection: {
      object: { name: `${result.resource}/${result.name}`, namespace: result.namespace },
      ...(current === undefined || current.copy === "" ? {} : { copy: current.copy }),
      ...(last === null || last.seq === null ? {} : { seq: last.seq }),
      ...(last === null || last.by === "" ? {} : { user: last.by }),
      ...(Number.isFinite(timeMs) ? { timeUs: timeMs * 1_000 } : {}),
    },
    jumps: { next: jumpTo(result.changes.next), previous: jumpTo(result.changes.previous), here: jumpTo(last) },
    summary: `change ${count(result.changes.number)} of ${count(result.changes.of)}`,
    commandLine,
  };
}

function jumpTo(change: ObjectChange | null): { readonly id: string; readonly index: number } | undefined {
  return change === null ? undefined : { id: String(change.atUs), index: 0 };
}

/** Times to the microsecond, none before the change it shows. */
function atOptions({ frame }: PaneContext, changeUs: number | undefined): readonly string[] {
  const { at = "", since = "", seq = "" } = frame.params;
  const us = seq === "" ? usOf(at, "atUs").atUs : changeUs;
  const sinceUs = usOf(since, "sinceUs").sinceUs;
  const time = (value: number | undefined): string => (value === undefined ? "" : isoMicros(Math.ceil(value)));
  if (sinceUs !== undefined) {
    const isLater = us !== undefined && sinceUs > us;
    return ["--at", isLater ? `${time(us)}..${time(sinceUs)}` : `${time(sinceUs)}..${time(us)}`];
  }
  return us === undefined ? [] : ["--at", time(us)];
}

function headLines(context: PaneContext, result: ObjectAt, mark: string): Line[] {
  const { app, width, unicode } = context;
  const safe = (text: string): string => safeText(text, unicode);
  const when = (time: string | null): string => {
    const ms = parseTime(time);
    return Number.isFinite(ms) ? `${dateTime(ms, app.timeZone)} ${zoneName(ms, app.timeZone)}` : "-";
  };
  const { changes, known, since } = result;
  const { last } = changes;
  const tone = known === "whole" ? "good" : "warn";
  const head: Line[] = [
    spreadLine(
      line(span("Object ", "heading", true), span(safe(objectName(result)), "accent", true), span(mark, "warn")),
      line(span(known === "whole" ? "known whole" : known === "partial" ? "known in part" : "only named", tone)),
      width,
    ),
    spreadLine(
      line(
        span(result.at === null ? "As it was last  " : "At  ", "heading", true),
        result.at === null ? "" : when(result.at),
        span(result.state === null ? "  it was not there" : "", "warn", true),
        span(
          result.deleted === null ? "" : `  removal asked for ${moment(context, parseTime(result.deleted))}`,
          "warn",
        ),
      ),
      line(span("[ ]", "key"), span(` change ${count(changes.number)} of ${count(changes.of)}`, "muted")),
      width,
    ),
  ];
  if (last !== null)
    head.push(
      line(
        span("Changed  ", "heading", true),
        span(`${when(last.t)}  `, "muted"),
        safe(last.what),
        span(" by ", "muted"),
        span(orDash(safe(last.by)), "human"),
      ),
    );
  if (result.unknown.length > 0)
    head.push(line(span("Not known  ", "heading", true), span(safe(result.unknown.join(", ")), "warn")));
  if (since !== undefined)
    head.push(
      line(
        span("Against  ", "heading", true),
        when(since.at),
        span(since.isLater ? "  what changed until then  " : "  what changed since  ", "muted"),
        span("=", "key"),
        span(" ends it", "muted"),
      ),
    );
  head.push([]);
  return head;
}

interface BodyLine {
  readonly path: string;
  readonly line: Line;
  readonly copy: string;
}

/** Objects can be megabytes. */
const bodyLines = prepared(
  (result: ObjectAt, context: PaneContext): readonly BodyLine[] =>
    result.since === undefined ? stateLines(context, result) : differenceLines(context, result, result.since),
  (context) => [context.width, context.unicode, isUnmasked(context)],
);

/** The object, a `?` before what is not known of it. */
function stateLines(context: PaneContext, { state, unknown, resource }: ObjectAt): readonly BodyLine[] {
  if (state === null) return [];
  const subject = { resource: resource.split(".", 1)[0] ?? "" };
  const shown = isUnmasked(context) ? state : maskBody(state, subject);
  const untold = unknown.map((path) => `/${path.replaceAll(".", "/")}`);
  const isUnknown = (path: string): boolean => untold.some((one) => path === one || path.startsWith(`${one}/`));
  const there = jsonLines(shown, {
    width: Math.max(10, context.width - 4),
    unicode: context.unicode,
    isFolded: () => false,
  }).map(({ path, line: spans, copy = "" }) => ({
    path,
    copy,
    line: [isUnknown(path) ? span("? ", "warn", true) : span("  "), ...spans],
  }));
  const missing = unknown.filter((path) => !there.some((entry) => entry.path === `/${path.replaceAll(".", "/")}`));
  return [
    ...there,
    ...missing.map((path) => ({
      path: `? ${path}`,
      copy: "",
      line: line(span("? ", "warn", true), span(`${safeText(path, context.unicode)}: not known`, "warn")),
    })),
  ];
}

function differenceLines(
  context: PaneContext,
  { state, resource }: ObjectAt,
  since: NonNullable<ObjectAt["since"]>,
): readonly BodyLine[] {
  const [before, after] = since.isLater ? [state, since.state] : [since.state, state];
  const lines = changeLines(
    { resource: resource.split(".", 1)[0] ?? "", before, after, changes: since.changes },
    { width: context.width - 4, unicode: context.unicode, unmasked: isUnmasked(context), everything: false },
  );
  return lines.length > 0 ? lines : [{ path: "", copy: "", line: line(span("Nothing differs.", "muted")) }];
}
