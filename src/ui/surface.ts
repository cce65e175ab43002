import type { PaintedRow } from "./paint.ts";
import { rowUpdate } from "./row-update.ts";

/** Where on the screen the surface draws. `top` is 0-based. */
export interface Region {
  readonly top: number;
  readonly rows: number;
  readonly screenRows: number;
  readonly columns: number;
}

const BEGIN_SYNC = "\u001b[?2026h";
const END_SYNC = "\u001b[?2026l";
/** Smaller updates reach the terminal in one piece anyway. */
const TORN_FROM = 1_024;

/**
 * The rows above the foot, drawn past Ink: it would lay out and repaint the whole screen for one moved cursor.
 * Only cells that differ from what is on the screen are written. Ink sees blank rows there and leaves them alone, unless it
 * erases the screen; then `invalidate` makes the next drawing complete.
 */
export class Surface {
  private readonly write: (data: string) => void;
  private region: Region | null = null;
  private shown: (PaintedRow | null)[] = [];

  constructor(write: (data: string) => void) {
    this.write = write;
  }

  /** Leaves the cursor on `cursorRow` (1-based), where Ink's next relative movement starts. */
  draw(region: Region, rows: readonly PaintedRow[], cursorRow: number): void {
    if (!isSameRegion(this.region, region)) this.moveTo(region);
    let out = "";
    for (let at = 0; at < region.rows; at += 1) {
      const row = rows[at] ?? [];
      out += rowUpdate(this.shown[at] ?? null, row, region.top + at + 1);
      this.shown[at] = row;
    }
    if (out === "") return;
    out += `\u001b[${Math.min(cursorRow, region.screenRows)}H`;
    this.write(out.length < TORN_FROM ? out : BEGIN_SYNC + out + END_SYNC);
  }

  /** What is on the screen is unknown: the next drawing writes every row. */
  invalidate(): void {
    this.shown = [];
  }

  /** Leaves blank rows behind, for Ink to draw on. */
  clear(cursorRow: number): void {
    if (this.region === null) return;
    this.draw(this.region, [], cursorRow);
    this.region = null;
  }

  /** Rows that stay at their place keep what is known about them. */
  private moveTo(region: Region): void {
    const before = this.region;
    const isSameScreen = before?.screenRows === region.screenRows && before.columns === region.columns;
    this.shown = isSameScreen
      ? Array.from({ length: region.rows }, (_, at) => this.shown[at + region.top - before.top] ?? null)
      : [];
    this.region = region;
  }
}

function isSameRegion(a: Region | null, b: Region): boolean {
  return a !== null && a.top === b.top && a.rows === b.rows && a.screenRows === b.screenRows && a.columns === b.columns;
}

/** Ink erased rows it believes to be blank: entering the alternate screen, full clears, and line-wise erasing. */
export function erasesRows(written: string): boolean {
  return /\u001b\[(?:[0-3]?J|2K|\?1049h)/.test(written);
}
