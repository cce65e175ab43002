import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import xterm from "@xterm/headless";
import { KEY_BYTES } from "./key-bytes.ts";

/** A cell's looks, by the emulator's own account. */
export interface CellStyle {
  readonly char: string;
  readonly reverse: boolean;
  readonly bold: boolean;
  /** Palette index, RRGGBB as a number, or null for the default colour. */
  readonly color: number | null;
}

/** stdout as Ink sees a terminal: sizes can change, and every write is done only when the emulator has drawn it. */
export class FakeStdout extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  writableEnded = false;
  destroyed = false;
  columns: number;
  rows: number;
  /** Everything written, as it left the program. */
  raw = "";
  readonly writes: string[] = [];
  bytes = 0;
  /** Set to make the next write fail like a closed pipe. */
  failWith: NodeJS.ErrnoException | null = null;
  private readonly draw: (data: string, done: () => void) => void;
  private outstanding = 0;

  constructor(columns: number, rows: number, draw: (data: string, done: () => void) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.draw = draw;
  }

  write(data: string | Uint8Array, encoding?: unknown, callback?: () => void): boolean {
    const done = typeof encoding === "function" ? (encoding as () => void) : callback;
    if (this.failWith !== null) {
      this.emit("error", this.failWith);
      done?.();
      return false;
    }
    const text = typeof data === "string" ? data : Buffer.from(data).toString("utf8");
    this.raw += text;
    this.writes.push(text);
    this.bytes += Buffer.byteLength(text);
    this.outstanding += 1;
    this.draw(text, () => {
      this.outstanding -= 1;
      done?.();
    });
    return true;
  }

  get isDrawn(): boolean {
    return this.outstanding === 0;
  }
}

/** stdin as a terminal: `setRawMode` is remembered. */
export class FakeStdin extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(on: boolean): this {
    this.isRaw = on;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** An emulated terminal: what the program writes becomes a screen, what is pressed becomes its input. */
export class FakeTerminal {
  readonly stdin = new FakeStdin();
  readonly stdout: FakeStdout;
  private readonly emulator: xterm.Terminal;

  constructor(columns: number, rows: number) {
    // A real tty adds the carriage return that Ink leaves out.
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    this.stdout = new FakeStdout(columns, rows, (data, done) => this.emulator.write(data, done));
  }

  /** Rows of the screen without trailing blanks. */
  screen(): string[] {
    const buffer = this.emulator.buffer.active;
    return Array.from({ length: this.emulator.rows }, (_, row) =>
      (buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? "").trimEnd(),
    );
  }

  get isAlternate(): boolean {
    return this.emulator.buffer.active.type === "alternate";
  }

  styleAt(column: number, row: number): CellStyle {
    const buffer = this.emulator.buffer.active;
    const cell = buffer.getLine(buffer.viewportY + row)?.getCell(column);
    return {
      char: cell?.getChars() ?? "",
      reverse: cell?.isInverse() !== 0 && cell !== undefined,
      bold: cell?.isBold() !== 0 && cell !== undefined,
      color: cell === undefined || cell.isFgDefault() ? null : cell.getFgColor(),
    };
  }

  /** Keys by name ("enter", "ctrl-d", "f1"), or text as it is typed; each its own chunk, as typing is. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.stdin.write(KEY_BYTES.get(key) ?? key);
  }

  /** As terminals with bracketed paste send it. */
  paste(text: string): void {
    this.stdin.write(`\u001b[200~${text}\u001b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.stdout.columns = columns;
    this.stdout.rows = rows;
    this.stdout.emit("resize");
  }

  close(): void {
    this.emulator.dispose();
  }
}
