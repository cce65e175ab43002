import type { Info } from "../engine/contract.ts";
import type { TimeZone } from "../models/times.ts";
import type { Pane } from "../panes/contract.ts";
import { terminalSize } from "../terminal/size.ts";
import { composeScreen } from "./compose.ts";
import { isInfo } from "./info-pane.ts";
import { type Painter, type PaintedRow, rowText } from "./paint.ts";
import type { Snapshot } from "./snapshot.ts";
import { erasesRows, type Region, Surface } from "./surface.ts";

/** What Ink draws. The same object as long as it would draw the same. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** Above a widget; elsewhere the surface draws it. */
  readonly head: readonly string[];
  readonly foot: readonly string[];
  /** The body, where it is drawn by a widget instead of the surface. */
  readonly table: InfoTable | null;
}

export interface InfoTable {
  readonly info: Info;
  readonly width: number;
  readonly height: number;
  readonly timeZone: TimeZone;
  /** Breadcrumb and chips. */
  readonly above: readonly string[];
  /** The same facts as plain rows. */
  readonly plain: readonly string[];
}

/** A stream Ink can draw on. */
export type DisplayStream = NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };

/**
 * Divides the screen between Ink (footer, widgets with the status line above them) and the surface (status line, breadcrumb,
 * chips, body), and keeps them out of each other's way.
 */
export class Display {
  /** The terminal as Ink gets it: what Ink erases the surface draws again. */
  readonly stdout: DisplayStream;
  private readonly paint: Painter;
  private readonly paneOf: (id: string) => Pane | undefined;
  private readonly surface: Surface;
  private readonly listeners = new Set<() => void>();
  private current: Frame = { columns: 0, rows: 0, head: [], foot: [], table: null };
  private body: { readonly region: Region; readonly rows: readonly PaintedRow[] } | null = null;
  /** Until Ink's first frame the screen isn't ours. */
  private isHeld = true;
  /** Rows of the frame Ink wrote last: it believes the cursor to be on the last one. */
  private inkRows = 0;
  private isRepaintDue = false;
  /** Head and body changed places: Ink's next frame blanks rows that are the surface's by then. */
  private isMoved = false;

  constructor(stdout: DisplayStream, paint: Painter, paneOf: (id: string) => Pane | undefined) {
    this.paint = paint;
    this.paneOf = paneOf;
    this.surface = new Surface((data) => {
      stdout.write(data);
    });
    this.stdout = this.watched(stdout);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly frame = (): Frame => this.current;

  /** Draws a snapshot: the body at once, the rest through Ink if it changed. */
  update(snapshot: Snapshot): void {
    const { columns, rows } = snapshot.state.size;
    const screen = composeScreen(snapshot, this.paint, this.paneOf);
    const info = snapshot.state.prompt === null ? snapshot.answers["info"]?.value : undefined;
    const isTable = snapshot.pane.id === "info" && snapshot.layout !== null && isInfo(info);
    const body = [...screen.head, ...screen.context, ...screen.body];
    const region = { top: 0, rows: body.length, screenRows: rows, columns };
    if (isTable !== (this.current.table !== null) || this.body?.region.top !== region.top) this.isMoved = true;
    if (isTable) {
      this.body = null;
      if (!this.isHeld) this.surface.clear(this.inkRows);
    } else {
      this.body = { region, rows: body };
      this.drawBody();
    }
    this.publish({
      columns,
      rows,
      head: isTable ? screen.head.map(rowText) : [],
      foot: screen.foot.map(rowText),
      table: isTable
        ? {
            info,
            width: columns,
            height: screen.body.length,
            above: screen.context.map(rowText),
            timeZone: snapshot.state.timeZone,
            plain: screen.body.map(rowText),
          }
        : null,
    });
  }

  /** The terminal belongs to somebody else, or Ink is about to draw it anew: the body waits for `release`. */
  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
    this.surface.invalidate();
    this.drawBody();
  }

  private publish(next: Frame): void {
    if (isSameFrame(this.current, next)) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }

  private drawBody(): void {
    if (!this.isHeld && this.body !== null) this.surface.draw(this.body.region, this.body.rows, this.inkRows);
  }

  private watched(stdout: DisplayStream): DisplayStream {
    const write = (data: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
      const done = (stdout.write as (...args: readonly unknown[]) => boolean)(data, ...rest);
      const isFrame = data.length > 0 && !isSyncMark(data);
      if (isFrame) this.inkRows = this.current.rows;
      if (isFrame && (this.isMoved || erasesRows(String(data)))) this.repaintSoon();
      return done;
    };
    return new Proxy(stdout, {
      get(target, name) {
        if (name === "write") return write.bind(stdout);
        if (name === "columns" || name === "rows") return terminalSize(stdout)[name];
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  /** Behind everything Ink writes in one go. */
  private repaintSoon(): void {
    this.isMoved = false;
    if (this.isRepaintDue) return;
    this.isRepaintDue = true;
    queueMicrotask(() => {
      this.isRepaintDue = false;
      this.surface.invalidate();
      this.drawBody();
    });
  }
}

function isSyncMark(data: string | Uint8Array): boolean {
  return typeof data === "string" && /^\u001b\[\?2026[hl]$/.test(data);
}

function isSameFrame(a: Frame, b: Frame): boolean {
  return (
    a.columns === b.columns &&
    a.rows === b.rows &&
    isSameList(a.head, b.head) &&
    isSameList(a.foot, b.foot) &&
    (a.table === null ? b.table === null : b.table !== null && isSameTable(a.table, b.table))
  );
}

function isSameTable(a: InfoTable, b: InfoTable): boolean {
  return (
    a.info === b.info &&
    a.width === b.width &&
    a.height === b.height &&
    isSameList(a.above, b.above) &&
    isSameList(a.plain, b.plain)
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at]);
}
