import { isUnmasked, unmaskCommand } from "../unmask-command.ts";
import type { ObjectState } from "../../engine/contract.ts";
import { objectName } from "../../events/object-name.ts";
import { wrapText } from "../../models/display-width.ts";
import { jsonLines } from "../../models/json-lines.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { maskBody } from "../../masking/mask.ts";
import { count } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { dateTime, zoneName } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { prepared } from "../prepared.ts";
import { actorTone, codeTone } from "../tones.ts";
import { changeLines, type DiffLine, isBookkeeping } from "./changes.ts";
import { guessSentence, outcomeSentence } from "./outcome.ts";

/** What one request changed in its object, path by path. */
export const diffPane: Pane = {
  id: "diff",
  title: "diff",
  about: "what a request changed in its object: added, removed and changed fields, no-op writes named",
  asks({ frame }) {
    const seq = Number(frame.params["seq"] ?? "");
    if (frame.params["seq"] === undefined || !Number.isSafeInteger(seq)) return {};
    return { state: { kind: "state", seq, managedFields: frame.params["all"] === "1" } };
  },
  view,
  params(args) {
    const seq = args.trim();
    if (!/^-?\d+$/.test(seq)) throw new Error("diff needs the number of a row; D on a request opens it");
    return { seq };
  },
  commands: [
    {
      id: "diff.all-fields",
      title: "also managedFields, resourceVersion and timestamps, or hide them again",
      short: "all fields",
      keys: ["f"],
      scope: "pane:diff",
      group: "view",
      run: ({ pane }) => [{ type: "params", params: { all: pane.frame.params["all"] === "1" ? "" : "1" } }],
    },
    unmaskCommand("diff"),
  ],
};

type Look = Parameters<typeof changeLines>[1];

/** Objects can be megabytes. */
const linesOf = prepared(
  (state: ObjectState, look: Look): readonly DiffLine[] =>
    state.outcome === "created" ? wholeObject(state, look) : changeLines(state, look),
  ({ width, unicode, unmasked, everything }) => [width, unicode, unmasked, everything],
);

/** All of a created object, as one addition. */
function wholeObject(state: ObjectState, { width, unicode, unmasked }: Look): DiffLine[] {
  const subject = { resource: state.resource };
  const shown = unmasked ? state.after : maskBody(state.after, subject);
  return jsonLines(shown, { width: width - 2, unicode, isFolded: () => false }).map((json) => ({
    line: [{ text: "+ ", tone: "good" as const }, ...json.line],
    path: json.path,
    copy: json.copy ?? "",
  }));
}

function view(context: PaneContext, answers: Answers): PaneView {
  const title = line(span("Diff", "heading", true));
  if (context.frame.params["seq"] === undefined)
    return emptyView(title, line(span("D", "key"), " on a request shows what it changed in its object."));
  const unfiltered = { ...context, window: null, app: { ...context.app, chips: [], humansOnly: false } };
  const reason = absence(unfiltered, answers, "state", false);
  const state = answerOf(answers, "state", "state");
  if (state === undefined || (reason !== null && state !== null)) return emptyView(title, reason ?? []);
  if (state === null) return emptyView(title, line(span("This request is not kept any more: it was evicted.", "warn")));
  const head = headLines(context, state, staleMark(answers, "state"));
  const lines = linesOf(state, {
    width: context.width - 2,
    unicode: context.unicode,
    unmasked: isUnmasked(context),
    everything: context.frame.params["all"] === "1",
  });
  const page = Math.max(1, context.height - head.length);
  const ids = distinctIds(lines.map((entry) => entry.path));
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(lines);
  const current = lines[place.index];
  const drawn = shown.map((entry, at): Line => [
    { text: place.top + at === place.index ? "▸ " : "  ", tone: "accent" },
    ...entry.line,
  ]);
  const object = { name: `${state.resource}/${state.name}`, namespace: state.namespace };
  return {
    lines: [...head, ...drawn],
    cursorLine: current === undefined ? null : place.index - place.top + head.length,
    rows: place.rows,
    selection: {
      seq: state.seq,
      ...(current === undefined ? {} : { copy: current.copy === "" ? current.path : current.copy }),
      ...(state.resource === "" || state.name === "" ? {} : { object }),
      ...(state.user === "" ? {} : { user: state.user }),
      ...(Number.isFinite(state.receivedUs) ? { timeUs: state.receivedUs } : {}),
    },
    summary: state.outcome,
    ...(lines.length > page ? { summary: `${count(place.index + 1)}/${count(lines.length)}` } : {}),
  };
}

function headLines(context: PaneContext, state: ObjectState, mark: string): Line[] {
  const { width, unicode, app } = context;
  const safe = (text: string): string => safeText(text, unicode);
  const ms = state.receivedUs / 1_000;
  const head: Line[] = [
    spreadLine(
      line(
        span("Diff  ", "heading", true),
        span(safe(`${state.verb} `)),
        span(safe(objectName(state)), "accent", true),
        span(mark, "warn"),
      ),
      line(
        span(state.code === null ? "no answer" : String(state.code), codeTone(state.code)),
        state.guessed ? span("  guessed", "warn", true) : "",
      ),
      width,
    ),
    line(
      span("by ", "muted"),
      span(safe(state.user === "" ? "nobody" : state.user), actorTone(state.actorClass)),
      span(`  ${dateTime(ms, app.timeZone)} ${Number.isFinite(ms) ? zoneName(ms, app.timeZone) : ""}`, "muted"),
    ),
  ];
  const { said, tone } = outcomeSentence(state);
  for (const piece of wrapText(said, width, 2)) head.push(line(span(piece, tone)));
  const guess = guessSentence(state);
  if (guess !== "") for (const piece of wrapText(safe(guess), width, 2)) head.push(line(span(piece, "warn")));
  const missing = state.code !== null && state.code >= 400 ? [] : state.missing;
  for (const sentence of missing.slice(0, 3))
    for (const piece of wrapText(safe(sentence), width, 2)) head.push(line(span(piece, "warn")));
  const hidden = state.changes.filter(({ path }) => isBookkeeping(path)).length;
  if (context.frame.params["all"] !== "1" && hidden > 0)
    head.push(
      line(
        span(
          `${count(hidden)} of them ${hidden === 1 ? "is" : "are"} bookkeeping, hidden like managedFields: `,
          "muted",
        ),
        span("f", "key"),
        span(" shows all", "muted"),
      ),
    );
  head.push([]);
  return head;
}
