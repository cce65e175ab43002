import { obeyed } from "../events/obeyed-text.ts";
import { asciiText } from "../models/ascii.ts";
import { cutLine } from "../models/line.ts";
import type { Line, Span } from "../models/view.ts";
import type { Capabilities } from "../terminal/capabilities.ts";
import { spanCodes, type ToneCodes } from "../terminal/themes.ts";

const NOT_ASCII = /[^\x20-\x7e]/;
/** Unpaired surrogates too. Models are already clean; this is the last guard before the terminal. */
const OBEYED = obeyed({ and: "\\ud800-\\udfff" });

/** Text with the SGR parameters it is drawn with ("" for none). */
export interface PaintedSpan {
  readonly text: string;
  readonly sgr: string;
}
export type PaintedRow = readonly PaintedSpan[];

export interface PaintOptions {
  /**
   * The row under the cursor: reversed as far as it has text, without tones that could make it unreadable. Charts stay as they
   * are: reversed nobody could read them, and every cell that stays is not sent at a cursor move.
   */
  readonly reverse?: boolean;
}

/** Turns lines of toned spans into what a terminal shows, at most `width` columns wide. */
export type Painter = (line: Line, width: number, options?: PaintOptions) => PaintedRow;

export function createPainter({ unicode }: Pick<Capabilities, "unicode">, codes: ToneCodes): Painter {
  return (line, width, options = {}) => {
    const spans = cutLine(
      line.map((span) => guarded(span, unicode)),
      width,
    ).map((span) => guarded(span, unicode));
    return spans.map((span) => ({
      text: span.text,
      sgr: options.reverse === true && span.tone !== "bar" ? "7" : spanCodes(span, codes),
    }));
  };
}

/** A row as one string, for Ink. */
export function rowText(row: PaintedRow): string {
  return row.map(({ text, sgr }) => (sgr === "" ? text : `\u001b[${sgr}m${text}\u001b[0m`)).join("");
}

function guarded(span: Span, unicode: boolean): Span {
  if (!NOT_ASCII.test(span.text)) return span;
  const safe = span.text.replaceAll(OBEYED, unicode ? "\ufffd" : "?");
  return { ...span, text: unicode ? safe : asciiText(safe) };
}
