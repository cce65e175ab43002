import { terminalSize } from "../terminal/size.ts";
import type { PaintedRow } from "./paint.ts";
import { rowUpdate } from "./row-update.ts";

/** What the screen is drawn on. */
export type DisplayStream = NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };

/** Plain style, and an empty screen. */
const CLEAR = "\u001b[m\u001b[H\u001b[J";
const BEGIN_SYNC = "\u001b[?2026h";
const END_SYNC = "\u001b[?2026l";
/** Smaller updates reach the terminal in one piece anyway. */
const TORN_FROM = 1_024;

interface Cover {
  readonly top: number;
  readonly rows: readonly PaintedRow[];
}

/**
 * What is on the screen, row by row: only cells that differ are written. Ink lays the regions out and leaves their boxes blank; they
 * hand their rows over here (`regions/region.tsx`). What is handed over in one go is written in one piece behind it.
 */
export class Surface {
  private readonly stdout: DisplayStream;
  private readonly regions: PaintedRow[] = [];
  /** Lies over the regions. */
  private cover: Cover | null = null;
  /** Null: unknown. */
  private shown: PaintedRow[] | null = null;
  private isHeld = false;
  private isDue = false;

  constructor(stdout: DisplayStream) {
    this.stdout = stdout;
  }

  /** `top`: of the screen, from 0. Rows that are missing up to `height` are blank, more are not shown. */
  put(top: number, height: number, rows: readonly PaintedRow[]): void {
    for (let at = 0; at < height; at += 1) this.regions[top + at] = rows[at] ?? [];
    this.drawSoon();
  }

  /** In place of what covered the regions before; null: they are bare again. */
  coverBy(cover: Cover | null): void {
    this.cover = cover;
    this.drawSoon();
  }

  /** The terminal belongs to somebody else, or Ink is about to write: all waits for `release`. */
  hold(): void {
    this.isHeld = true;
  }

  /** What is on the screen is unknown: everything is written anew. */
  release(): void {
    this.isHeld = false;
    this.shown = null;
    this.draw();
  }

  /** Behind the microtask in which React takes in the same news. */
  private drawSoon(): void {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.isDue = false;
        this.draw();
      }),
    );
  }

  private draw(): void {
    if (this.isHeld) return;
    const { rows } = terminalSize(this.stdout);
    let out = this.shown === null ? CLEAR : "";
    const shown = (this.shown ??= []);
    for (let at = 0; at < rows; at += 1) {
      const row = this.cover?.rows[at - this.cover.top] ?? this.regions[at] ?? [];
      out += rowUpdate(shown[at] ?? [], row, at + 1);
      shown[at] = row;
    }
    if (out !== "") this.stdout.write(out.length < TORN_FROM ? out : BEGIN_SYNC + out + END_SYNC);
  }
}
