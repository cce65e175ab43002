import stringWidth from "string-width";

/** Terminal columns, not characters: East Asian wide and emoji take two, combining marks none. */

/** Negated and without a quantifier: `^[…]*$` overflows the regular expression stack on very long strings. */
const NOT_ASCII = /[^\x20-\x7e]/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

export type Keep = "head" | "tail";

export function displayWidth(text: string): number {
  return NOT_ASCII.test(text) ? stringWidth(text) : text.length;
}

function graphemes(text: string): string[] {
  const parts: string[] = [];
  for (const { segment } of segmenter.segment(text)) parts.push(segment);
  return parts;
}

/** The longest prefix (or suffix) of whole graphemes within `width` columns. */
function within(text: string, width: number, keep: Keep): string {
  if (!NOT_ASCII.test(text))
    return keep === "head" ? text.slice(0, width) : text.slice(Math.max(0, text.length - width));
  const parts = graphemes(text);
  let used = 0;
  if (keep === "head") {
    let count = 0;
    while (count < parts.length) {
      const next = used + displayWidth(parts[count] as string);
      if (next > width) break;
      used = next;
      count += 1;
    }
    return parts.slice(0, count).join("");
  }
  let first = parts.length;
  while (first > 0) {
    const next = used + displayWidth(parts[first - 1] as string);
    if (next > width) break;
    used = next;
    first -= 1;
  }
  return parts.slice(first).join("");
}

/** At most `width` columns; what is missing shows as `…` on the side that was cut. The tail is kept unless told. */
export function cutText(text: string, width: number, keep: Keep = "tail"): string {
  if (width <= 0) return "";
  if (displayWidth(text) <= width) return text;
  if (width === 1) return "…";
  const kept = within(text, width - 1, keep);
  return keep === "tail" ? `…${kept}` : `${kept}…`;
}

/** Exactly `width` columns. A wide character that does not fit at the cut leaves a blank. */
export function fitText(text: string, width: number, align: "left" | "right" = "left", keep: Keep = "tail"): string {
  const cut = cutText(text, width, keep);
  const blank = " ".repeat(Math.max(0, width - displayWidth(cut)));
  return align === "right" ? blank + cut : cut + blank;
}

/** Hard-wraps into pieces of at most `width` columns; at least one piece. Words are kept whole where that is possible. */
export function wrapText(text: string, width: number, maxPieces = Number.POSITIVE_INFINITY): string[] {
  const pieces: string[] = [];
  let rest = text;
  const room = Math.max(1, width);
  while (displayWidth(rest) > room) {
    if (pieces.length + 1 >= maxPieces) {
      pieces.push(cutText(rest, room, "head"));
      return pieces;
    }
    // A grapheme wider than the room would never fit: it is replaced, or this would not end.
    const head = within(rest, room, "head");
    if (head === "") {
      rest = `…${graphemes(rest).slice(1).join("")}`;
      continue;
    }
    const space = head.lastIndexOf(" ");
    const atWord = rest[head.length] !== " " && space > room / 2 ? head.slice(0, space) : head;
    pieces.push(atWord);
    rest = rest.slice(atWord.length).replace(/^ /, "");
  }
  pieces.push(rest);
  return pieces;
}
