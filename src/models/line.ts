import { cutText, displayWidth, type Keep, sliceText, wrapText } from "./display-width.ts";
import type { Line, Span, Tone } from "./view.ts";

/** Lines are built from spans and cut here; nobody cuts a styled string by characters. */

export function span(text: string, tone?: Tone, bold = false): Span {
  return { text, ...(tone === undefined ? {} : { tone }), ...(bold ? { bold } : {}) };
}

export function line(...parts: readonly (Span | string)[]): Line {
  return parts.map((part) => (typeof part === "string" ? { text: part } : part)).filter((part) => part.text !== "");
}

export const BLANK: Line = [];

export function lineText(spans: Line): string {
  let text = "";
  for (const part of spans) text += part.text;
  return text;
}

export function lineWidth(spans: Line): number {
  let width = 0;
  for (const part of spans) width += displayWidth(part.text);
  return width;
}

/** At most `width` columns, marked with `…` where it was cut. */
export function cutLine(spans: Line, width: number, keep: Keep = "head"): Line {
  if (lineWidth(spans) <= width) return spans;
  if (width <= 0) return [];
  const kept: Span[] = [];
  let room = width - 1;
  const ordered = keep === "head" ? spans : spans.toReversed();
  for (const part of ordered) {
    const partWidth = displayWidth(part.text);
    if (partWidth <= room) {
      kept.push(part);
      room -= partWidth;
      continue;
    }
    kept.push({ ...part, text: cutText(part.text, room + 1, keep) });
    break;
  }
  return keep === "head" ? kept : kept.reverse();
}

/** The whole line on as many lines as it takes, each indented as the first; broken between words where that is possible. */
export function wrapLine(spans: Line, width: number): readonly Line[] {
  if (width <= 0 || lineWidth(spans) <= width) return [spans];
  const indent = /^ */.exec(lineText(spans))?.[0].slice(0, width - 1) ?? "";
  const lines: Span[][] = [[]];
  let room = width;
  for (const part of spans) {
    for (const word of part.text.match(/\s*\S+|\s+$/g) ?? []) {
      if (displayWidth(word) > room && room < width - indent.length) {
        lines.push([{ text: indent }]);
        room = width - indent.length;
      }
      const isFirst = room === width - indent.length && lines.length > 1;
      for (const [at, piece] of wrapText(isFirst ? word.trimStart() : word, Math.max(1, room)).entries()) {
        if (at > 0) {
          lines.push([{ text: indent }]);
          room = width - indent.length;
        }
        lines.at(-1)?.push({ ...part, text: piece });
        room -= displayWidth(piece);
      }
    }
  }
  return lines;
}

/** Exactly `width` columns. */
export function fitLine(spans: Line, width: number, align: "left" | "right" = "left", keep: Keep = "head"): Line {
  const cut = cutLine(spans, width, keep);
  const missing = width - lineWidth(cut);
  if (missing <= 0) return cut;
  const blank: Span = { text: " ".repeat(missing) };
  return align === "right" ? [blank, ...cut] : [...cut, blank];
}

/** `left` and `right` on one line; the right one gives way when both don't fit. */
export function spreadLine(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right);
  if (gap < 1 || right.length === 0) return cutLine(left, width);
  return [...left, { text: " ".repeat(gap) }, ...right];
}

/** Several blocks side by side; each block's lines are padded to its width. */
export function besideEachOther(
  blocks: readonly { readonly lines: readonly Line[]; readonly width: number }[],
  gap: number,
): Line[] {
  const height = Math.max(0, ...blocks.map((block) => block.lines.length));
  const rows: Line[] = [];
  for (let at = 0; at < height; at += 1) {
    const row: Span[] = [];
    for (const [index, block] of blocks.entries()) {
      if (index > 0) row.push({ text: " ".repeat(gap) });
      const isLast = index === blocks.length - 1;
      const own = block.lines[at] ?? BLANK;
      row.push(...(isLast ? cutLine(own, block.width) : fitLine(own, block.width)));
    }
    rows.push(row);
  }
  return rows;
}

/** Columns [from, to) of a line; of a wide character that is cut there a blank is left. */
export function sliceLine(spans: Line, from: number, to = Number.POSITIVE_INFINITY): Line {
  const kept: Span[] = [];
  let at = 0;
  for (const part of spans) {
    const end = at + displayWidth(part.text);
    if (end > from && at < to) {
      const text = at >= from && end <= to ? part.text : sliceText(part.text, from - at, to - at);
      if (text !== "") kept.push({ ...part, text });
    }
    at = end;
  }
  return kept;
}
