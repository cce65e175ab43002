import { closeSync, openSync } from "node:fs";
import { Transform } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { ReadStream } from "node:tty";
import { FUNCTION_KEY_BASE } from "./key-names.ts";
import { MouseInput } from "./mouse-input.ts";

/** A terminal to read keys from, as Ink needs it. */
export interface KeySource extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
  ref?(): unknown;
  unref?(): unknown;
}

/** F1…F12 as xterm, vt220 and the Linux console send them. */
const FUNCTION_KEYS = new Map([
  ["OP", 1],
  ["OQ", 2],
  ["OR", 3],
  ["OS", 4],
  ["[[A", 1],
  ["[[B", 2],
  ["[[C", 3],
  ["[[D", 4],
  ["[[E", 5],
  ["[11~", 1],
  ["[12~", 2],
  ["[13~", 3],
  ["[14~", 4],
  ["[15~", 5],
  ["[17~", 6],
  ["[18~", 7],
  ["[19~", 8],
  ["[20~", 9],
  ["[21~", 10],
  ["[23~", 11],
  ["[24~", 12],
]);
const FUNCTION_KEY = /\u001b(O[PQRS]|\[\[[A-E]|\[(?:1[1-57-9]|2[0134])~)/g;

/** Within it the rest of a cut sequence has come, also over a slow line. */
const REST_MS = 30;

/** Between the terminal and Ink: turns function keys, which Ink swallows, and what the mouse did into characters that key-names.ts knows. */
export class KeyInput extends Transform {
  readonly isTTY = true;
  private readonly source: KeySource;
  private readonly decoder = new StringDecoder("utf8");

  /** Null: the mouse is the terminal's own. */
  private readonly mouse: MouseInput | null;
  private releasing: NodeJS.Timeout | null = null;

  constructor(source: KeySource, { mouse = false }: { readonly mouse?: boolean } = {}) {
    super();
    this.source = source;
    this.mouse = mouse ? new MouseInput() : null;
    // A terminal that is gone (EIO) is the end of its keys.
    source.on("error", () => {
      if (!this.writableEnded) this.end();
    });
    source.pipe(this);
  }

  setRawMode(on: boolean): this {
    this.source.setRawMode?.(on);
    return this;
  }

  ref(): this {
    this.source.ref?.();
    return this;
  }

  unref(): this {
    this.source.unref?.();
    return this;
  }

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = this.decoder.write(chunk);
    this.deliver(this.mouse === null ? text : this.mouse.take(text));
    this.awaitRest();
    done();
  }

  override _flush(done: () => void): void {
    if (this.releasing !== null) clearTimeout(this.releasing);
    this.deliver(this.mouse?.release() ?? "");
    done();
  }

  private deliver(text: string): void {
    if (text === "") return;
    const named = text.replaceAll(FUNCTION_KEY, (_, sequence: string) =>
      String.fromCharCode(FUNCTION_KEY_BASE + (FUNCTION_KEYS.get(sequence) ?? 0)),
    );
    this.push(named);
  }

  /** An escape may be the key, or the beginning of a report that was cut. */
  private awaitRest(): void {
    if (this.releasing !== null) clearTimeout(this.releasing);
    this.releasing = null;
    if (this.mouse?.isHolding !== true) return;
    this.releasing = setTimeout(() => {
      this.releasing = null;
      if (!this.writableEnded) this.deliver(this.mouse?.release() ?? "");
    }, REST_MS);
  }

  /** Resolves when something is typed, which nobody else gets: for a time in which Ink doesn't read. */
  async typed(): Promise<void> {
    this.ref();
    await new Promise<void>((resolve) => {
      const take = (): void => {
        if (this.read() === null && !this.readableEnded) return;
        this.off("readable", take);
        this.off("end", take);
        resolve();
      };
      this.on("readable", take);
      this.on("end", take);
    });
  }

  /** Lets the process end: nothing reads the terminal any more. */
  detach(): void {
    this.source.unpipe(this as unknown as NodeJS.WritableStream);
    this.source.pause();
    this.source.unref?.();
  }
}

export interface OpenKeys {
  readonly source: KeySource;
  close(): void;
}

/** The controlling terminal, for when stdin carries the log. Null when there is none. */
export function openTerminalKeys(): OpenKeys | null {
  let descriptor: number;
  try {
    descriptor = openSync("/dev/tty", "r");
  } catch {
    return null;
  }
  try {
    const source = new ReadStream(descriptor);
    return { source, close: () => source.destroy() };
  } catch {
    closeSync(descriptor);
    return null;
  }
}
