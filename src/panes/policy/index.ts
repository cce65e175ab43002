import type { PolicyReport } from "../../engine/policy-report.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { newestText } from "../../models/newest-only.ts";
import { byteSize, counted, percent } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import type { Action } from "../../state/actions.ts";
import { frameOf } from "../../state/initial-state.ts";
import { screenLook, screenTable } from "../answer-table.ts";
import { absence, answerOf, emptyView, isFiltered, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneView } from "../contract.ts";
import { documentView } from "../document-view.ts";
import { commandLineFor } from "../shell-command.ts";
import { beside, showing, viewCommands } from "../view-commands.ts";
import { placeText, underHead } from "../table-page.ts";
import { bodyOf, yamlLines } from "./bodies.ts";
import { showsIn, shownIn, showsLine } from "./shows.ts";
import { levelRows, levelTable } from "./tables.ts";

/** What an audit policy makes of this log: one that was given, or one that is fitted to it. */
export const policyPane: Pane = {
  id: "policy",
  digit: "9",
  title: "policy",
  about:
    "what an audit policy keeps of this log by rule and level, what is wrong with it, what would be lost; and one that fits",
  asks: ({ app, frame }) => ({
    policy: { kind: "policy", path: app.policy, pass: Number(frame.params["pass"] ?? "0") },
  }),
  view,
  words: [
    {
      name: "policy",
      usage: "policy [FILE]",
      about: "the audit policy of a file (FILE#KEY of several) on this log; without one what fits this log",
      run: (args, { app }) => {
        const path = args.trim();
        const opened: Action = { type: "open", frame: frameOf("policy") };
        if (path === "" && app.policy === null) return [opened];
        return [{ type: "policy", path: path === "" ? null : path }, opened];
      },
    },
  ],
  commands: [
    ...viewCommands("policy", {
      next: "rules, lint, what would be lost, resources, users, the suggestion and its YAML",
      turn: (pane, by) => showing(beside(showsIn(pane), shownIn(pane), by)),
    }),
    {
      id: "policy.read-again",
      title: "read the log again: what came since counts too",
      keys: ["r"],
      scope: "pane:policy",
      group: "view",
      run: ({ pane: { frame } }) => [
        { type: "params", params: { pass: String(Number(frame.params["pass"] ?? "0") + 1) } },
      ],
    },
    {
      id: "policy.copy",
      title: "copy the suggested policy",
      short: "copy yaml",
      keys: ["Y"],
      scope: "pane:policy",
      group: "copy",
      disabledReason: ({ view: { document } }) => (document === undefined ? "it is not made yet" : null),
      run: ({ view: { document } }) =>
        document === undefined
          ? []
          : [{ type: "effect", effect: { kind: "copy", text: document.text, what: "suggested policy" } }],
    },
  ],
};

/** Of a given policy the replay, else the suggestion. */
function isOfSuggestion(context: PaneContext): boolean {
  const show = shownIn(context);
  return context.app.policy === null || show === "suggestion" || show === "yaml";
}

function view(context: PaneContext, answers: Answers): PaneView {
  const { app, unicode } = context;
  const show = shownIn(context);
  const name = isOfSuggestion(context) ? "fitted to this log" : safeText(app.policy ?? "", unicode);
  const title = line(
    span("Policy ", "heading", true),
    span(name, "accent", true),
    span(staleMark(answers, "policy"), "warn"),
  );
  const commandLine = commandLineFor(context, {
    command: isOfSuggestion(context) ? "policy suggest" : show === "lint" ? "policy lint" : "policy replay",
    operands: isOfSuggestion(context) ? [] : [app.policy ?? ""],
    unfiltered: true,
  });
  const report = answerOf(answers, "policy", "policy");
  const reason = absence(context, answers, "policy", false);
  if (report === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const head = headLines(context, title, report);
  const room = Math.max(2, context.height - head.length);
  const document = { suffix: "yaml", text: report.suggestionText } as const;
  if (show === "yaml") {
    const lines = yamlLines(report, context.width, context.unicode);
    return { ...documentView(context, head, lines), document, commandLine };
  }
  const { error = null } = report.given ?? {};
  const body = show !== "suggestion" && error !== null ? null : bodyOf(context, report, show, room);
  if (body === null) {
    const refused = "The API server refuses this policy: lint says why.";
    const why = error ?? (report.given === null || report.partial !== undefined ? "Counting …" : refused);
    const sentence = line("  ", span(safeText(why, unicode), error === null ? "warn" : "danger"));
    const nothing = emptyView(title, []);
    return { ...nothing, lines: [title, showsLine(context, report), [], sentence], document, commandLine };
  }
  const own = underHead(head, body.page);
  const blank = Math.max(0, context.height - own.lines.length - body.about.length);
  return {
    ...own,
    lines: [...own.lines, ...Array.from({ length: blank }, (): Line => []), ...body.about],
    selection: body.selection,
    summary: placeText(body.page),
    document,
    commandLine,
  };
}

function headLines(context: PaneContext, title: Line, report: PolicyReport): readonly Line[] {
  const { replay, suggestion } = report;
  const isUnknown = replay === null && !isOfSuggestion(context);
  const result = isOfSuggestion(context) || replay === null ? suggestion : replay;
  const { in: whole, kept } = result;
  const share = whole.bytes === 0 ? "nothing" : percent(kept.bytes / whole.bytes);
  const volume = isUnknown
    ? span("")
    : span(`keeps ${byteSize(kept.bytes)} of ${byteSize(whole.bytes)} (${share})`, "accent");
  const limits = isUnknown ? "" : limitsText(context, report);
  const levels =
    replay === null ||
    context.height < 18 ||
    shownIn(context) === "yaml" ||
    (context.app.policy !== null && isOfSuggestion(context))
      ? []
      : [...levelLines(context, report), []];
  return [
    spreadLine(title, line(volume), context.width),
    spreadLine(showsLine(context, report), line(span(counted(whole.events, "event"), "muted")), context.width),
    ...(limits === "" ? [] : [line(span(limits, "muted"))]),
    ...levels,
  ];
}

function levelLines(context: PaneContext, { replay }: PolicyReport): readonly Line[] {
  if (replay === null) return [];
  const rows = levelRows(replay);
  const place = { ids: rows.map(({ level }) => level), count: rows.length, top: 0 };
  return layoutTable(screenTable(levelTable(replay), screenLook(context), rows, place), { width: context.width }).lines;
}

/** What the figures can't know, the weightiest. */
function limitsText(context: PaneContext, { replay, suggestion, isKept, newest }: PolicyReport): string {
  const parts: string[] = [];
  const ofSuggestion = isOfSuggestion(context);
  const lacking = ofSuggestion || replay === null ? suggestion.lacking : replay.lacking;
  if (isKept) parts.push("of each request its last event: this input can be read but once");
  if (newest !== undefined) parts.push(newestText(newest, context.app.timeZone));
  if (lacking > 0) parts.push(`${counted(lacking, "event")} recorded lower than it asks: more bytes than that`);
  const unlogged =
    ofSuggestion || replay === null ? 0 : replay.unlogged.RequestReceived + replay.unlogged.ResponseStarted;
  if (unlogged > 0) parts.push(`${counted(unlogged, "event")} more of stages this log does not have`);
  if (suggestion.isCapped && ofSuggestion) parts.push("close, not exact: too many kinds of requests");
  if (isFiltered(context)) parts.push("of the whole log, whatever the filters");
  if (context.status.phase === "following") parts.push("r reads again");
  return parts.join(" · ");
}
