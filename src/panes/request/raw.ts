import type { RequestDetail } from "../../engine/contract.ts";
import { wrapText } from "../../models/display-width.ts";
import { jsonLines } from "../../models/json-lines.ts";
import { line, span } from "../../models/line.ts";
import { maskEvent } from "../../masking/mask.ts";
import { escapedText, MAX_SAFE_LENGTH, safeText } from "../../models/text-safety.ts";
import type { PaneContext } from "../contract.ts";
import type { CardOptions } from "./card.ts";
import type { CardLine } from "./card-line.ts";
import { eventOf } from "./event-parts.ts";

/** Of text that is no JSON; more is read in the file. */
const MOST_TEXT = 64_000;

/** The original event, pretty-printed; as text when it is no JSON. */
export function rawLines(context: PaneContext, detail: RequestDetail, options: CardOptions): CardLine[] {
  const { width, unicode } = context;
  if (detail.raw === null) {
    const reason = detail.rawMissing ?? "it is not kept";
    return [
      {
        id: "missing",
        line: line(span(`The original event cannot be read any more: ${safeText(reason, unicode)}`, "warn")),
      },
    ];
  }
  const event = eventOf(detail);
  if (event === undefined) return notJson(detail.raw, width, unicode, options.unmasked);
  const shown = options.unmasked ? event : maskEvent(event);
  return jsonLines(shown, { width, unicode, isFolded: (path, key) => options.isFolded("raw", path, key) }).map(
    (json, at) => ({
      id: `raw:${at}`,
      line: json.line,
      ...(json.copy === undefined ? {} : { copy: json.copy }),
      ...(json.foldable ? { fold: `raw${json.path}` } : {}),
    }),
  );
}

/** Without its structure nothing can be masked reliably: shown only when asked for unmasked. */
function notJson(raw: string, width: number, unicode: boolean, unmasked: boolean): CardLine[] {
  const notice = line(
    span("This event is not valid JSON: its facts were read from its beginning and end only.", "warn"),
  );
  if (!unmasked)
    return [
      { id: "notice", line: notice },
      {
        id: "masked",
        line: line(
          span("Its text cannot be masked and may hold secrets: ", "muted"),
          span("M", "key"),
          span(" shows it.", "muted"),
        ),
      },
    ];
  const lines: CardLine[] = [{ id: "notice", line: notice }];
  const kept = raw.slice(0, MOST_TEXT);
  for (let at = 0; at < kept.length; at += MAX_SAFE_LENGTH)
    for (const piece of wrapText(escapedText(kept.slice(at, at + MAX_SAFE_LENGTH), unicode), width))
      lines.push({ id: `text:${lines.length}`, line: [{ text: piece }] });
  if (raw.length > MOST_TEXT)
    lines.push({ id: "rest", line: line(span(`… ${raw.length - MOST_TEXT} more characters`, "muted")) });
  return lines;
}
