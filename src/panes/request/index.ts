import { isUnmasked, unmaskCommand } from "../unmask-command.ts";
import type { Command } from "../../commands/contract.ts";
import { openPrompt } from "../../commands/prompt-text.ts";
import type { RequestDetail } from "../../engine/contract.ts";
import { line, lineText, span, spreadLine } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import type { Line, Span } from "../../models/view.ts";
import { bindingName, parseGrant } from "../../rbac/reason.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView } from "../answers.ts";
import type { Answers, Jump, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { prepared } from "../prepared.ts";
import { commandLineFor } from "../shell-command.ts";
import { cardLines, type CardOptions } from "./card.ts";
import type { CardLine } from "./card-line.ts";
import { NEIGHBOURS_EACH, type NeighboursAnswer } from "./neighbours.ts";
import { rawLines } from "./raw.ts";

/** One request: the card with the five questions, or (`part` raw) the original event. */
export const requestPane: Pane = {
  id: "request",
  title: "request",
  about: "one request: what happened, who did it, why it was allowed, when, from where; its bodies; the raw event",
  asks: (context) => {
    const seq = Number(context.frame.params["seq"] ?? -1);
    return {
      request: { kind: "request", seq },
      ...(isRaw(context) ? {} : { neighbours: { kind: "neighbours" as const, seq, each: NEIGHBOURS_EACH } }),
    };
  },
  view,
  params(args) {
    const [seq = "", part = ""] = args.trim().split(/\s+/);
    if (!/^-?\d+$/.test(seq)) throw new Error("request needs the number of a row; enter on a request opens its card");
    return part === "" ? { seq } : { seq, part };
  },
  commands: [
    jump("request.next-section", "next section", ["]"], "next-section", "no further section"),
    jump("request.previous-section", "previous section", ["["], "previous-section", "no section before"),
    {
      ...jump("request.body", "what was sent: the request body", ["b"], "body", "this event has no request body"),
      short: "body",
    },
    jump("request.next-match", "next line that matches the search", ["n"], "next-match", "no match: / searches"),
    jump("request.previous-match", "previous line that matches", ["N"], "previous-match", "no match: / searches"),
    {
      id: "request.search",
      title: "search in this request",
      short: "search",
      keys: ["/"],
      scope: "pane:request",
      group: "view",
      run: () => [{ type: "prompt", prompt: openPrompt("search", "") }],
    },
    {
      id: "request.fold",
      title: "fold or unfold the object under the cursor",
      short: "fold",
      keys: ["space"],
      scope: "pane:request",
      group: "view",
      disabledReason: ({ view: { selection } }) =>
        selection.fold === undefined ? "nothing to fold on this line" : null,
      run: ({ pane, view: { selection } }) =>
        selection.fold === undefined
          ? []
          : [{ type: "params", params: { folds: toggled(pane.frame.params["folds"], selection.fold) } }],
    },
    unmaskCommand("request"),
  ],
};

function jump(id: string, title: string, keys: readonly string[], name: string, none: string): Command {
  return {
    id,
    title,
    keys,
    scope: "pane:request",
    group: "move",
    disabledReason: ({ view: { jumps } }) => (jumps?.[name] === undefined ? none : null),
    run: ({ pane, view: { jumps } }) => {
      const target = jumps?.[name];
      if (target === undefined) return [];
      const top = target.onTop === true ? target.index : pane.frame.top;
      return [{ type: "cursor", id: target.id, index: target.index, top }];
    },
  };
}

function foldsOf(text: string | undefined): ReadonlySet<string> {
  try {
    const folds: unknown = JSON.parse(text === undefined || text === "" ? "[]" : text);
    return new Set(Array.isArray(folds) ? folds.filter((fold) => typeof fold === "string") : []);
  } catch {
    return new Set();
  }
}

function toggled(text: string | undefined, fold: string): string {
  const folds = foldsOf(text);
  return JSON.stringify(folds.has(fold) ? [...folds].filter((other) => other !== fold) : [...folds, fold]);
}

/** Field managers are rarely what one looks for, and often most of the body. */
function isFoldedAtFirst(key: string): boolean {
  return key === "managedFields";
}

/** Bodies can be megabytes. */
const linesOf = prepared(
  (detail: RequestDetail, context: PaneContext, neighbours: NeighboursAnswer): readonly CardLine[] => {
    const folds = foldsOf(context.frame.params["folds"]);
    const options: CardOptions = {
      unmasked: isUnmasked(context),
      isFolded: (section, path, name) => folds.has(section + path) !== isFoldedAtFirst(name),
    };
    const made = isRaw(context) ? rawLines(context, detail, options) : cardLines(context, detail, neighbours, options);
    const ids = distinctIds(made.map((card) => card.id));
    return made.map((card, at) => ({ ...card, id: ids[at] ?? card.id }));
  },
  (context, neighbours) => {
    const { app, frame, height, width, unicode } = context;
    const { folds = "", part } = frame.params;
    return [neighbours, height < 30, width, unicode, app.timeZone, app.marks, part, folds, isUnmasked(context)];
  },
);

function isRaw({ frame }: Pick<PaneContext, "frame">): boolean {
  return frame.params["part"] === "raw";
}

/** What is being searched: the prompt while it is open, else what was accepted. */
function searchText({ app, frame }: PaneContext): string {
  return (app.prompt?.kind === "search" ? app.prompt.text : (frame.params["search"] ?? "")).toLowerCase();
}

function view(context: PaneContext, answers: Answers): PaneView {
  const detail = answerOf(answers, "request", "request");
  const ofRaw = isRaw(context);
  const title = line(span(ofRaw ? "Raw event" : "Request", "heading", true));
  const reason = absence(context, answers, "request", false);
  if (detail === undefined) return emptyView(title, reason ?? []);
  if (detail === null)
    return emptyView(title, line(span("This request is not kept any more: it was evicted.", "warn")));
  const lines = linesOf(detail, context, answerOf(answers, "neighbours", "neighbours") ?? null);
  const ids = lines.map((card) => card.id);
  const page = Math.max(1, context.height - (ofRaw ? 1 : 0));
  const isFresh = context.frame.cursorId === null && context.frame.cursorIndex === 0;
  const start = isFresh && context.frame.params["part"] === "why" ? Math.max(0, ids.indexOf("why")) : null;
  const from = start === null ? {} : { cursorId: null, cursorIndex: start, top: start };
  const place = listPlace({ ...context.frame, ...from }, ids, page);
  const needle = searchText(context);
  const shown = place.shown(lines).map((card) => highlighted(card.line, needle));
  const head: Line[] = ofRaw ? [rawHeading(context, detail)] : [];
  const current = lines[place.index];
  return {
    lines: [...head, ...shown],
    cursorLine: place.index - place.top + head.length,
    rows: place.rows,
    selection: selectionOfLine(detail, current),
    jumps: jumpsFrom(lines, place.index, needle),
    summary: `${count(place.index + 1)}/${count(lines.length)}`,
    commandLine: commandLineFor(context, {
      command: "events",
      unfiltered: true,
      options: ["-q", `id:"${detail.facts.auditID}"`, "-o", ofRaw ? "raw" : "json"],
    }),
  };
}

function rawHeading(context: PaneContext, { facts }: RequestDetail): Line {
  const note = isUnmasked(context) ? span("not masked", "danger") : span("masked, M shows all", "muted");
  return spreadLine(
    line(span("Raw event ", "heading", true), span(`${facts.verb} ${facts.resource}`.trim(), "muted")),
    line(note),
    context.width,
  );
}

function selectionOfLine(detail: RequestDetail, current: CardLine | undefined): PaneSelection {
  const { facts } = detail;
  const isObject = facts.resource !== "" && facts.name !== "";
  const object =
    current?.object ?? (isObject ? { name: `${facts.resource}/${facts.name}`, namespace: facts.namespace } : undefined);
  const user = current?.user ?? facts.user;
  const seq = current?.seq ?? facts.seq;
  const grant = facts.decision === "allow" ? parseGrant(facts.authReason) : null;
  const binding = grant === null ? undefined : bindingName(grant);
  const enter =
    current?.seq !== undefined
      ? { frame: frameOf("request", { seq: String(seq) }) }
      : current?.object !== undefined
        ? { frame: frameOf("trail", { object: current.object.name, namespace: current.object.namespace }) }
        : current?.term !== undefined
          ? { frame: frameOf("requests"), chips: [current.term] }
          : undefined;
  return {
    seq,
    copy: current?.copy ?? (current === undefined ? "" : lineText(current.line).trim()),
    ...(current?.term === undefined ? {} : { term: current.term }),
    ...(current?.fold === undefined ? {} : { fold: current.fold }),
    ...(object === undefined ? {} : { object }),
    ...(user === "" ? {} : { user }),
    ...(binding === undefined ? {} : { binding }),
    ...(Number.isFinite(facts.receivedUs) ? { timeUs: facts.receivedUs } : {}),
    ...(enter === undefined ? {} : { enter }),
  };
}

function jumpsFrom(
  lines: readonly CardLine[],
  from: number,
  needle: string,
): Readonly<Record<string, Jump | undefined>> {
  const after = (test: (card: CardLine) => boolean): number => lines.findIndex((card, at) => at > from && test(card));
  const before = (test: (card: CardLine) => boolean): number =>
    lines.findLastIndex((card, at) => at < from && test(card));
  const matches = (card: CardLine): boolean => lineText(card.line).toLowerCase().includes(needle);
  const isHeading = (card: CardLine): boolean => card.isHeading === true;
  const target = (index: number): Jump | undefined => {
    const card = lines[index];
    return card === undefined ? undefined : { id: card.id, index, onTop: isHeading(card) };
  };
  return {
    "next-section": target(after(isHeading)),
    "previous-section": target(before(isHeading)),
    body: target(lines.findIndex(({ id }) => id === "requestObject")),
    "next-match": needle === "" ? undefined : target(after(matches)),
    "previous-match": needle === "" ? undefined : target(before(matches)),
  };
}

/** Marks the searched text; a match across two spans stays unmarked, its line is found all the same. */
function highlighted(spans: Line, needle: string): Line {
  if (needle === "") return spans;
  return spans.flatMap((part): Span[] => {
    const pieces: Span[] = [];
    let from = 0;
    for (
      let at = part.text.toLowerCase().indexOf(needle);
      at >= 0;
      at = part.text.toLowerCase().indexOf(needle, from)
    ) {
      if (at > from) pieces.push({ ...part, text: part.text.slice(from, at) });
      pieces.push({ text: part.text.slice(at, at + needle.length), tone: "match" });
      from = at + needle.length;
    }
    return from === 0 ? [part] : [...pieces, { ...part, text: part.text.slice(from) }];
  });
}
