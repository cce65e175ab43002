import type { Command } from "../../commands/contract.ts";
import type { WhyResult } from "../../lineage/contract.ts";
import { wrapText } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import { quote } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { diedNames, diedWords, heldWords } from "../died-with.ts";
import { nearAsk, unknownObject } from "../near-objects.ts";
import { distinctIds, listPlace } from "../list-place.ts";
import { parseObject } from "../object-argument.ts";
import { commandLineFor } from "../shell-command.ts";
import { moment } from "../time-column.ts";
import { linkLines } from "./links.ts";
import { verdictSentence, verdictTone } from "./verdicts.ts";

/** Why an object is gone, stuck or still there: the chain from the removal back to whoever started it. */
export const whyPane: Pane = {
  id: "why",
  title: "why",
  about:
    "why an object is gone, stuck or there: from the removal back to the first cause, with who, when and from where",
  asks(context) {
    const { object = "", namespace = "", life = "" } = context.frame.params;
    if (object === "") return {};
    if (life !== "") return { why: { kind: "why", object: life } };
    return { ...nearAsk(context), why: { kind: "why", object, ...(namespace === "" ? {} : { namespace }) } };
  },
  view,
  completes: "object",
  params(args) {
    const params = parseObject(args);
    if (params["object"] === undefined) throw new Error("why needs an object: :why pod/nginx-1 -n demo");
    return params;
  },
  commands: [
    lifeCommand("why.next-life", "later life of the same name", "]", "next-life", "this is its last life"),
    lifeCommand("why.previous-life", "earlier life of the same name", "[", "previous-life", "this is its first life"),
  ],
};

function lifeCommand(id: string, title: string, key: string, name: string, none: string): Command {
  return {
    id,
    title,
    ...(key === "]" ? { short: "life" } : {}),
    keys: [key],
    scope: "pane:why",
    group: "view",
    disabledReason: ({ view: { jumps } }) => (jumps?.[name] === undefined ? none : null),
    run: ({ view: { jumps } }) => {
      const life = jumps?.[name];
      if (life === undefined) return [];
      return [
        { type: "params", params: { life: life.id } },
        { type: "cursor", id: null, index: 0, top: 0 },
      ];
    },
  };
}

function view(context: PaneContext, answers: Answers): PaneView {
  const { object = "", namespace = "", life = "" } = context.frame.params;
  const safe = (text: string): string => safeText(text, context.unicode);
  const name = safe(namespace === "" ? object : `${object} -n ${namespace}`);
  const title = line(span("Why ", "heading", true), span(name, "accent", true));
  if (object === "") {
    const hint = line(span("W", "key"), " on an object, or ", span(":why pod/NAME -n NAMESPACE", "key"));
    return emptyView(line(span("Why is it gone?", "heading", true)), hint);
  }
  const commandLine = commandLineFor(context, {
    command: "why",
    operands: [life === "" ? object : life],
    options: namespace === "" || life !== "" ? [] : ["-n", namespace],
    unfiltered: true,
  });
  const result = answerOf(answers, "why", "why");
  const reason = absence(unfiltered(context), answers, "why", false);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  if (result === null) {
    return { ...emptyView(title, unknownObject(context, answers, "why")), commandLine };
  }
  const head = headLines(context, result, staleMark(answers, "why"));
  const tail = tailLines(context, result);
  const room = Math.max(3, context.height - head.length);
  const ids = distinctIds(result.chain.map((link) => `${link.auditID}|${link.object}`));
  const index = listPlace(context.frame, ids, 1).index;
  const body = blocks(context, result, index, room, tail);
  return {
    lines: [...head, ...body.lines],
    cursorLine: body.cursorLine === null ? null : body.cursorLine + head.length,
    rows: { count: ids.length, top: body.top, page: body.page, ids: ids.slice(body.top, body.top + body.page) },
    selection: selectionOf(result, index),
    jumps: livesBeside(result),
    summary: `${count(result.chain.length)} ${result.chain.length === 1 ? "link" : "links"}, ${result.confidence}`,
    commandLine,
  };
}

/** A chain is always whole: filters do not narrow it. */
function unfiltered(context: PaneContext): PaneContext {
  return { ...context, window: null, app: { ...context.app, chips: [], humansOnly: false } };
}

const CHAIN_TITLES: Partial<Readonly<Record<WhyResult["verdict"], string>>> = {
  alive: "How it came to be, from the create back",
  stuck: "What was tried, and back to the first cause",
  rejected: "What was refused, and back to whoever asked for it",
};

function headLines(context: PaneContext, result: WhyResult, mark: string): Line[] {
  const safe = (text: string): string => safeText(text, context.unicode);
  const tone = verdictTone(result.verdict);
  const isSure = result.confidence === "certain";
  const head: Line[] = [
    spreadLine(
      line(
        span("Why  ", "heading", true),
        span(safe(result.object), "accent", true),
        span(mark, "warn"),
        "  ",
        span(safe(result.verdict), tone, true),
      ),
      line(span(safe(result.confidence), isSure ? "good" : "warn")),
      context.width,
    ),
  ];
  for (const piece of wrapText(safe(verdictSentence(result)), context.width, 3)) head.push(line(span(piece, tone)));
  const { finalizers = [] } = result;
  if (finalizers.length > 0)
    head.push(line(span("Finalizers left  ", "heading", true), span(safe(finalizers.join(", ")), "warn")));
  head.push([]);
  if (result.chain.length > 0) {
    const what = CHAIN_TITLES[result.verdict] ?? "From the removal back to the first cause";
    head.push(line(span(what, "heading", true)));
  }
  return head;
}

function tailLines(context: PaneContext, result: WhyResult): Line[] {
  const safe = (text: string): string => safeText(text, context.unicode);
  const tail: Line[] = [];
  const { outside } = result;
  if (outside !== undefined) {
    const { trouble, object, what, by, how, ms, confidence, t } = outside;
    tail.push(
      [],
      line(
        span("Changed from outside before it  ", "heading", true),
        span(`${confidence} to be behind it`, confidence === "certain" ? "good" : "warn"),
      ),
    );
    const words = `${moment(context, parseTime(t))} ${safe(`${object} ${what} by ${by} (${how})`)}`;
    for (const piece of wrapText(words, context.width - 2, 3)) tail.push(line("  ", span(piece)));
    const then = `${duration(ms)} later ${safe(`${trouble.object} ${trouble.what}`)}`;
    for (const piece of wrapText(then, context.width - 2, 2)) tail.push(line("  ", span(piece, "warn")));
  }
  const { died } = result;
  if (died !== undefined) {
    tail.push([], line(span("Died with it  ", "heading", true), span(safe(diedWords(died)))));
    for (const piece of wrapText(safe(diedNames(died)), context.width - 2, 3))
      tail.push(line("  ", span(piece, "muted")));
    const held = heldWords(died);
    if (held !== "")
      for (const piece of wrapText(`${died.ms === null ? "held by " : ""}${safe(held)}`, context.width - 2, 3))
        tail.push(line("  ", span(piece, "warn")));
  }
  const { missing = [], otherLives = [] } = result;
  if (missing.length > 0) {
    tail.push([], line(span("What the log does not prove", "heading", true)));
    for (const sentence of missing)
      for (const piece of wrapText(safe(sentence), context.width - 2, 3)) tail.push(line("  ", span(piece, "muted")));
  }
  if (otherLives.length > 0) {
    tail.push(
      [],
      line(
        span("Other lives of this name  ", "heading", true),
        span("[ ]", "key"),
        span(" goes through them", "muted"),
      ),
    );
    for (const life of otherLives) {
      const from = life.created === null ? "?" : moment(context, parseTime(life.created));
      const to = life.deleted === null ? "still there" : moment(context, parseTime(life.deleted));
      tail.push(line("  ", span(`${from} – ${to}  `), span(safe(life.id), "muted")));
    }
  }
  return tail;
}

interface Body {
  readonly lines: readonly Line[];
  readonly cursorLine: number | null;
  readonly top: number;
  readonly page: number;
}

/** As many whole links as fit, the one under the cursor among them; behind the last one what is missing. */
function blocks(context: PaneContext, result: WhyResult, index: number, room: number, tail: readonly Line[]): Body {
  const all = result.chain.map((_, at) => linkLines(context, result, at, at === index));
  const { length } = all;
  if (length === 0) return { lines: tail.slice(0, room), cursorLine: null, top: 0, page: 1 };
  const size = (from: number, to: number): number => all.slice(from, to).reduce((sum, block) => sum + block.length, 0);
  let top = Math.min(Math.max(0, context.frame.top), index);
  while (top < index && size(top, index + 1) > room) top += 1;
  // What stands behind the chain is shown with it while there is space.
  while (top > 0 && size(top - 1, length) + tail.length <= room) top -= 1;
  let end = top + 1;
  while (end < length && size(top, end + 1) <= room) end += 1;
  const lines = [...all.slice(top, end).flat(), ...(end === length ? tail : [])].slice(0, room);
  const cursorLine = size(top, index);
  return { lines, cursorLine: cursorLine < lines.length ? cursorLine : null, top, page: end - top };
}

function selectionOf(result: WhyResult, index: number): PaneSelection {
  const link = result.chain[index];
  if (link === undefined) return {};
  const timeMs = parseTime(link.t);
  const seq = link.seq ?? null;
  const object = objectOf(link.object);
  return {
    copy: `${link.what} by ${link.by}`,
    ...(link.auditID === "" ? {} : { term: `id:${quote(link.auditID)}` }),
    ...(object === null ? {} : { object }),
    ...(link.by === "" ? {} : { user: link.by }),
    ...(Number.isFinite(timeMs) ? { timeUs: timeMs * 1_000 } : {}),
    ...(seq === null ? {} : { seq, enter: { frame: frameOf("request", { seq: String(seq) }) } }),
  };
}

/** Null for words that are no object: a child that was never made has no name. */
function objectOf(text: string): NonNullable<PaneSelection["object"]> | null {
  const [, name, namespace = ""] = /^(\S+\/\S+)(?: -n (\S+))?$/.exec(text) ?? [];
  return name === undefined ? null : { name, namespace };
}

/** Not rows but lives: `id` is the OBJECT of the next or previous one in time. */
function livesBeside(result: WhyResult): NonNullable<PaneView["jumps"]> {
  const { otherLives = [], id = "" } = result;
  if (otherLives.length === 0 || id === "") return {};
  const own = result.chain[0]?.t ?? "";
  const startOf = (life: (typeof otherLives)[number]): string => life.created ?? life.deleted ?? "";
  // Newest first, as lineage lists them; the own one stands where its chain begins.
  const after = otherLives.filter((life) => startOf(life) > own);
  const before = otherLives.filter((life) => startOf(life) <= own);
  const target = (life: (typeof otherLives)[number] | undefined): { id: string; index: number } | undefined =>
    life === undefined ? undefined : { id: life.id, index: 0 };
  const ordered = (lives: typeof otherLives): typeof otherLives =>
    lives.toSorted((left, right) => (startOf(left) < startOf(right) ? -1 : 1));
  return { "next-life": target(ordered(after)[0]), "previous-life": target(ordered(before).at(-1)) };
}
