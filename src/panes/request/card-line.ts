import { maskField, type MaskSubject } from "../../masking/mask.ts";
import { displayWidth, fitText, wrapText } from "../../models/display-width.ts";
import { escapedText, safeText } from "../../models/text-safety.ts";
import type { Line, Span, Tone } from "../../models/view.ts";

/** One line of the card the cursor can rest on, with what the shared commands may do there. */
export interface CardLine {
  readonly id: string;
  readonly line: Line;
  readonly isHeading?: boolean;
  readonly copy?: string;
  readonly term?: string;
  readonly user?: string;
  readonly object?: { readonly name: string; readonly namespace: string };
  /** Another request, that enter opens. */
  readonly seq?: number;
  /** Object or array that `space` folds: section and JSON pointer. */
  readonly fold?: string;
}

export type CardLinks = Pick<CardLine, "copy" | "term" | "user" | "object" | "seq">;

/** As wide as the longest: ClusterRoleBinding. */
const LABEL = 18;
/** A value longer than this many lines is read in the raw event. */
const MOST_LINES = 12;

/** Collects the lines of a card: headings, labelled values that wrap, free lines. */
export class CardWriter {
  readonly lines: CardLine[] = [];
  private readonly width: number;
  private readonly unicode: boolean;
  private readonly isCompact: boolean;
  private readonly isUnmasked: boolean;
  private section = "";

  /** `isCompact`: no blank lines between sections. */
  constructor(
    width: number,
    unicode: boolean,
    { isCompact, isUnmasked }: { readonly isCompact: boolean; readonly isUnmasked: boolean },
  ) {
    this.isCompact = isCompact;
    this.isUnmasked = isUnmasked;
    this.width = width;
    this.unicode = unicode;
  }

  safe(text: string): string {
    return this.isUnmasked ? escapedText(text, this.unicode) : safeText(text, this.unicode);
  }

  /** The value of a key that strangers chose: what the key calls a secret is masked. */
  keyed(key: string, value: string, subject?: MaskSubject): string {
    return this.isUnmasked ? value : maskField(key, value, subject);
  }

  heading(section: string, title: string, after: Line = []): void {
    if (this.lines.length > 0 && !this.isCompact) this.blank();
    this.section = section;
    this.lines.push({
      id: section,
      isHeading: true,
      line: [{ text: title, tone: "heading", bold: true }, ...(after.length === 0 ? [] : [{ text: "  " }, ...after])],
    });
  }

  blank(): void {
    this.lines.push({ id: `${this.section}:blank:${this.lines.length}`, line: [] });
  }

  /** Safe spans of our own making; cut at the screen's edge. */
  text(id: string, spans: Line, links: CardLinks = {}): void {
    this.lines.push({ id: `${this.section}:${id}`, line: [{ text: "  " }, ...spans], ...links });
  }

  /** A sentence or a log value, wrapped. */
  paragraph(id: string, value: string, tone: Tone, links: CardLinks = {}): void {
    for (const [at, piece] of wrapText(this.safe(value), Math.max(10, this.width - 2), MOST_LINES).entries())
      this.lines.push({ id: `${this.section}:${id}:${at}`, line: [{ text: "  " }, { text: piece, tone }], ...links });
  }

  /** A labelled log value. Nothing is written for an empty one. */
  field(
    label: string,
    value: string,
    options: CardLinks & { readonly tone?: Tone; readonly note?: string } = {},
  ): void {
    if (value === "") return;
    const { tone, note, ...links } = options;
    const room = Math.max(10, this.width - 2 - LABEL - 1);
    const pieces = wrapText(this.safe(value), room, MOST_LINES);
    for (const [at, piece] of pieces.entries()) {
      const spans: Span[] = [
        { text: "  " },
        { text: `${fitText(at === 0 ? label : "", LABEL, "left", "head")} `, tone: "muted" },
        tone === undefined ? { text: piece } : { text: piece, tone },
      ];
      const isLast = at === pieces.length - 1;
      if (isLast && note !== undefined && note !== "") {
        const isRoom = displayWidth(piece) + 2 + displayWidth(note) <= room;
        if (isRoom) spans.push({ text: `  ${note}`, tone: "muted" });
        else {
          this.push(label, at, spans, value, links);
          for (const [row, part] of wrapText(note, room, MOST_LINES).entries())
            this.push(
              label,
              at + row + 1,
              [{ text: " ".repeat(LABEL + 3) }, { text: part, tone: "muted" }],
              value,
              links,
            );
          continue;
        }
      }
      this.push(label, at, spans, value, links);
    }
  }

  private push(label: string, at: number, line: Line, value: string, links: CardLinks): void {
    this.lines.push({ id: `${this.section}:${label}:${at}`, line, copy: value, ...links });
  }
}
