import stringWidth from "string-width";

/** Terminal columns, not characters: East Asian wide and emoji take two, combining marks none. */

/**
 * What may take more or less than a column, or join with what is beside it. All else (Latin, Greek, Cyrillic, arrows, boxes, blocks,
 * braille) is its length wide, which is told in a fiftieth of the time. Negated and without a quantifier: `^[…]*$` overflows the regular
 * expression stack on very long strings.
 */
const NOT_PLAIN =
  /[^\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u23ce\u2500-\u25fc\u2800-\u28ff]/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * What of a text stays when it is cut. `tail` is for names, whose end tells them apart (of a mail address the beginning does);
 * `ends` for resources: the beginning, and the subresource; `object` for names of objects, whose namespace goes first.
 */
export type Keep = "head" | "tail" | "ends" | "object";

const MAIL_ADDRESS = /^[^\s:@/]{1,64}@[^\s@]/;

export function displayWidth(text: string): number {
  return NOT_PLAIN.test(text) ? stringWidth(text) : text.length;
}

function graphemes(text: string): string[] {
  const parts: string[] = [];
  for (const { segment } of segmenter.segment(text)) parts.push(segment);
  return parts;
}

/** The longest prefix of whole graphemes within `width` columns. */
function headWithin(text: string, width: number): string {
  if (!NOT_PLAIN.test(text)) return text.slice(0, width);
  let used = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    used += displayWidth(segment);
    if (used > width) return text.slice(0, index);
  }
  return text;
}

/** The longest suffix of whole graphemes within `width` columns. */
function tailWithin(text: string, width: number): string {
  if (!NOT_PLAIN.test(text)) return text.slice(Math.max(0, text.length - width));
  // A grapheme is a few code units: cutting where sixteen a column begin keeps long texts cheap.
  const from = Math.max(0, text.length - 16 * (width + 2));
  const parts = graphemes(text.slice(from));
  let used = 0;
  let first = parts.length;
  while (first > (from === 0 ? 0 : 1)) {
    const next = used + displayWidth(parts[first - 1] as string);
    if (next > width) break;
    used = next;
    first -= 1;
  }
  return parts.slice(first).join("");
}

/** At most `width` columns; what is missing shows as `…` where it was cut. The tail is kept unless told. */
export function cutText(text: string, width: number, keep: Keep = "tail"): string {
  if (width <= 0) return "";
  if (displayWidth(text) <= width) return text;
  if (width === 1) return "…";
  if (keep === "object") {
    // Of `deploy/nginx -n demo` the name tells more.
    const name = text.replace(/ -n \S+$/, "");
    return name !== text && displayWidth(name) + 2 <= width ? `${name} …` : cutText(name, width);
  }
  if (keep === "tail" && !MAIL_ADDRESS.test(text)) return `…${tailWithin(text, width - 1)}`;
  const end = keep === "ends" ? subresourceOf(text, width) : "";
  return `${headWithin(text, width - 1 - displayWidth(end))}…${end}`;
}

/** `/scale` of `deployments.apps/scale`, where four columns are left for the rest. */
function subresourceOf(text: string, width: number): string {
  const at = text.lastIndexOf("/");
  const end = at <= 0 ? "" : text.slice(at);
  return displayWidth(end) + 5 <= width ? end : "";
}

/** Columns [from, to); of a wide character that is cut there blanks are left. */
export function sliceText(text: string, from: number, to: number): string {
  if (!NOT_PLAIN.test(text)) return text.slice(Math.max(0, from), Math.max(0, to));
  let kept = "";
  let at = 0;
  for (const { segment } of segmenter.segment(text)) {
    const end = at + displayWidth(segment);
    if (at >= from && end <= to) kept += segment;
    else if (end > from && at < to) kept += " ".repeat(Math.min(end, to) - Math.max(at, from));
    at = end;
    if (at >= to) break;
  }
  return kept;
}

/** Exactly `width` columns. A wide character that does not fit at the cut leaves a blank. */
export function fitText(text: string, width: number, align: "left" | "right" = "left", keep: Keep = "tail"): string {
  const cut = cutText(text, width, keep);
  const blank = " ".repeat(Math.max(0, width - displayWidth(cut)));
  return align === "right" ? blank + cut : cut + blank;
}

/** Hard-wraps into pieces of at most `width` columns; at least one piece. Only words that are longer are broken. */
export function wrapText(text: string, width: number, maxPieces = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(1, width);
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    // No more than a piece can hold is looked at: long texts cost what they are long, not the square of it.
    const rest = text.slice(at, at + 16 * (room + 2));
    const isLast = at + rest.length >= text.length && displayWidth(rest) <= room;
    if (isLast) {
      pieces.push(rest);
      return pieces;
    }
    if (pieces.length + 1 >= maxPieces) {
      pieces.push(cutText(text.slice(at), room, "head"));
      return pieces;
    }
    const head = headWithin(rest, room);
    if (head === "") {
      // A grapheme wider than the room would never fit: it is replaced, or this would not end.
      pieces.push("…");
      at += graphemes(rest)[0]?.length ?? 1;
      continue;
    }
    const space = head.lastIndexOf(" ");
    const isWhole = rest[head.length] === " " || rest.length === head.length;
    const [word = ""] = rest.slice(space + 1).split(" ", 1);
    const piece = !isWhole && space > 0 && displayWidth(word) <= room ? head.slice(0, space) : head;
    pieces.push(piece);
    at += piece.length;
    if (text[at] === " ") at += 1;
  }
  if (pieces.length === 0) pieces.push("");
  return pieces;
}
