import type { TrailResult, TrailSource, WhyResult } from "../../lineage/contract.ts";
import { lineWidth, line, span, spreadLine } from "../../models/line.ts";
import { count, counted, duration } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Line, Span } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { diedNames, diedWords, heldWords } from "../died-with.ts";
import { moment } from "../time-column.ts";
import { type Chapter, criticalPath } from "./chapters.ts";
import { tailOf } from "./lanes.ts";

/** What stands above every view of a trail. */

export function titleLines(context: PaneContext, result: TrailResult, why: WhyResult | null, mark: string): Line[] {
  const safe = (text: string): string => safeText(text, context.unicode);
  const { evidence, otherLives, stepsDropped = 0 } = result;
  const lives =
    otherLives.length === 0
      ? ""
      : ` · ${count(otherLives.length)} other ${otherLives.length === 1 ? "life" : "lives"} of this name`;
  const head: Line[] = [
    spreadLine(
      line(span("Trail of ", "heading", true), span(safe(result.object), "accent", true), span(mark, "warn")),
      line(span(`level ${safe(evidence.level)}${lives}`, "muted")),
      context.width,
    ),
  ];
  if (result.source !== null && result.source !== undefined && context.height >= 12)
    head.push(line(span("Deployed  ", "heading", true), span(`by ${safe(sourceWords(result.source))}`)));
  const { died } = result;
  if (died !== undefined) {
    head.push(line(span("Died with it  ", "heading", true), safe(diedWords(died))));
    const names = diedNames(died);
    if (names !== "") head.push(line(span("  ", "muted"), span(safe(names), "muted")));
    const held = heldWords(died);
    if (held !== "")
      head.push(line(span(died.ms === null ? "Held by  " : "  ", "heading", true), span(safe(held), "warn")));
  }
  if (why !== null && why.verdict !== "alive" && why.verdict !== "unknown") head.push(whyLine(context, why));
  const missing = [
    ...evidence.missing,
    ...(stepsDropped > 0 ? [`${count(stepsDropped)} older steps are not kept`] : []),
  ];
  if (missing.length > 0 && context.height >= 16)
    head.push(line(span("Not in the log  ", "muted"), span(safe(missing.join("; ")), "muted")));
  return head;
}

/** `Helm release shop/web, revision 3 (likely)` */
export function sourceWords({ name, revision, by, confidence }: TrailSource): string {
  const number = revision === null ? "" : `, revision ${String(revision)}`;
  return `${name}${number}${by === null ? "" : `, as ${by} is`}${confidence === "certain" ? "" : ` (${confidence})`}`;
}

function whyLine(context: PaneContext, why: WhyResult): Line {
  const safe = (text: string): string => safeText(text, context.unicode);
  const cause = why.chain.at(-1);
  const isSaid = why.chain.length === 1 && cause?.what.startsWith(why.verdict) === true;
  const by = cause === undefined ? "" : `${cause.what} by ${cause.by === "" ? "?" : cause.by}`;
  const between = why.chain.length > 1 ? `, ${counted(why.chain.length - 1, "step")} back` : "";
  const when = parseTime(why.chain[0]?.t ?? null);
  return spreadLine(
    line(
      span(why.verdict === "stuck" ? "Stuck     " : "Why gone  ", "heading", true),
      span(isSaid ? "" : `${safe(why.verdict)}: `, "warn"),
      safe(by),
      span(between, "muted"),
      span(Number.isFinite(when) ? `  ${moment(context, when)}` : "", "muted"),
    ),
    line(span("W", "key"), span(" the chain", "muted")),
    context.width,
  );
}

/** Which part of the life is on screen, who began it and how long it took. */
export function chapterLine(context: PaneContext, chapter: Chapter, chapters: readonly Chapter[]): Line {
  const safe = (text: string): string => safeText(text, context.unicode);
  const took = chapter.toMs === null ? null : chapter.toMs - chapter.fromMs;
  const parts: Span[] = [span(chapter.label, "heading", true)];
  const add = (text: string, tone: Span["tone"]): void => {
    parts.push(span(" · ", "muted"), span(text, tone ?? "normal"));
  };
  if (took === null) {
    const isLast = chapters.filter((one) => one.rollout !== null).at(-1) === chapter;
    add(isLast ? "not seen available" : "not seen available before the next", "warn");
  } else if (took > 0) add(duration(took), chapter.rollout === null ? "muted" : "good");
  if (chapter.failures > 0)
    add(`${count(chapter.failures)} ${chapter.failures === 1 ? "failure" : "failures"}`, "danger");
  if (Number.isFinite(chapter.fromMs)) add(moment(context, chapter.fromMs), "muted");
  if (chapter.what !== "") parts.push(span("  "), span(safe(chapter.what), "normal", true));
  if (chapter.by !== "")
    parts.push(span(chapter.what === "" ? "  begun by " : " by ", "muted"), span(safe(chapter.by), "human"));
  const right = chapters.length > 1 ? line(span("[ ]", "key")) : [];
  return spreadLine(parts, right, context.width);
}

/** `Critical path  ReplicaSet 115 ms → pod 53.7 ms → … (slowest pod …q4wl6)`; empty when the log does not show it. */
export function pathLine(context: PaneContext, result: TrailResult, chapter: Chapter): Line {
  const path = criticalPath(result, chapter);
  if (path.length === 0) return [];
  const isNarrow = context.width < 100;
  const spans: Span[] = [span(isNarrow ? "Waited for  " : "Critical path  ", "heading", true)];
  for (const [at, part] of path.entries()) {
    if (at > 0) spans.push(span(" → ", "muted"));
    const ms = part.toMs - part.fromMs;
    const name = isNarrow ? part.name.replace("ReplicaSet", "RS").replace("available", "avail.") : part.name;
    const took = isNarrow && ms < 10_000 ? Math.round(ms).toString() : duration(ms);
    spans.push(span(`${name} `, part.isLongest ? "warn" : "muted", part.isLongest));
    spans.push(span(took, part.isLongest ? "warn" : "normal", part.isLongest));
    if (part.isLongest && !isNarrow) spans.push(span(" (longest)", "warn"));
  }
  if (isNarrow) spans.push(span(" ms", "muted"));
  const pod = result.nodes.find((node) => node.id === chapter.slowestPod);
  const who =
    chapter.rollout === null || pod === undefined
      ? []
      : line(span(`slowest ${safeText(tailOf(pod.name), context.unicode)}`, "warn"));
  return lineWidth(spans) + lineWidth(who) + 2 <= context.width ? spreadLine(spans, who, context.width) : spans;
}
