import type { WhyLink, WhyResult } from "../../lineage/contract.ts";
import { fitText, wrapText } from "../../models/display-width.ts";
import { line, span } from "../../models/line.ts";
import { safeText } from "../../models/text-safety.ts";
import { clockTime, dateTime, parseTime } from "../../models/times.ts";
import type { Line, Tone } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { spansOneDay } from "../time-column.ts";
import { actorTone, codeTone } from "../tones.ts";

const LABEL = 9;

/** One link of the chain as a block of lines; the first of them carries the cursor. */
export function linkLines(context: PaneContext, result: WhyResult, at: number, isCursor: boolean): Line[] {
  const link = result.chain[at];
  if (link === undefined) return [];
  const { unicode, width } = context;
  const safe = (text: string): string => safeText(text, unicode);
  const room = Math.max(10, width - 5 - LABEL);
  const ms = parseTime(link.t);
  const time = spansOneDay(context) ? clockTime(ms, context.app.timeZone) : dateTime(ms, context.app.timeZone);
  const failed = (link.code ?? 200) >= 400;
  const lines: Line[] = [
    line(
      span(isCursor ? "▸ " : "  ", "accent"),
      span(`${at + 1}. `, "muted"),
      span(time, "muted"),
      "  ",
      span(safe(link.object), "accent"),
      span(link.life === undefined ? "" : ` #${link.life}`, "muted"),
      "  ",
      span(safe(link.what), failed ? codeTone(link.code ?? null) : "normal", true),
      span(roleOf(result, at), "muted"),
    ),
  ];
  const field = (label: string, text: string, tone: Tone): void => {
    if (text === "") return;
    for (const [row, piece] of wrapText(text, room, 3).entries())
      lines.push(
        line("     ", span(fitText(row === 0 ? label : "", LABEL, "left", "head"), "muted"), span(piece, tone)),
      );
  };
  const acted = link.asFrom === undefined || link.asFrom === "" ? "" : ` (really ${safe(link.asFrom)})`;
  field("by", `${link.by === "" ? "nobody that the log names" : safe(link.by)}${acted}`, actorTone(link.actorClass));
  field("from", fitText(fromText(link, safe), room, "left", "head").trimEnd(), "muted");
  field("because", safe(link.because), at === result.chain.length - 1 ? "warn" : "normal");
  return lines;
}

function fromText(link: WhyLink, safe: (text: string) => string): string {
  const { ip = "", useragent = "" } = link;
  return [ip, useragent]
    .filter((part) => part !== "")
    .map(safe)
    .join(" · ");
}

function roleOf(result: WhyResult, at: number): string {
  if (result.verdict === "alive" || result.chain.length < 2) return "";
  if (at === result.chain.length - 1) return "  the first cause";
  return at === 0 && result.verdict !== "stuck" ? "  the removal itself" : "";
}
