/** Presses and the wheel, with coordinates in decimal: what `--mouse` asks a terminal for, and takes back. */
export const MOUSE_ON = "\u001b[?1000h\u001b[?1006h";
export const MOUSE_OFF = "\u001b[?1006l\u001b[?1000l";

export interface MousePress {
  readonly kind: "click" | "wheel-up" | "wheel-down";
  /** From 0, of the screen. */
  readonly column: number;
  readonly row: number;
}

/** By the number that a terminal reports; other buttons, held keys and releases mean nothing here. */
const KINDS: ReadonlyMap<number, MousePress["kind"]> = new Map([
  [0, "click"],
  [64, "wheel-up"],
  [65, "wheel-down"],
]);
const ORDER: readonly MousePress["kind"][] = [...KINDS.values()];

// A press on its way through Ink, which knows no mouse: three characters of the private planes, whose order among keys stays.
const KIND_BASE = 0xf0000;
/** Nobody types a character beyond. */
export const MOUSE_PLANES = KIND_BASE;
const PLACE_BASE = 0x100000;
const MOST_CELLS = 0xfffd;
const PRIVATE = /[\u{f0000}-\u{10ffff}]/gu;

function encoded({ kind, column, row }: MousePress): string {
  return String.fromCodePoint(KIND_BASE + ORDER.indexOf(kind), PLACE_BASE + column, PLACE_BASE + row);
}

/** The press that these characters stand for, if they do. */
export function mousePressOf(first: string, second: string, third: string): MousePress | null {
  const at = (text: string, base: number): number => (text.codePointAt(0) ?? 0) - base;
  const kind = ORDER[at(first, KIND_BASE)];
  const [column, row] = [at(second, PLACE_BASE), at(third, PLACE_BASE)];
  return kind === undefined || column < 0 || row < 0 ? null : { kind, column, row };
}

const ESCAPE = "\u001b";
const PASTE_BEGIN = "\u001b[200~";
const PASTE_END = "\u001b[201~";
/** A control sequence: parameters, and the character that ends it. */
const SEQUENCE = /\u001b\[([\x20-\x3f]*)([\x40-\x7e])?/y;
const REPORT = /^<(\d{1,4});(\d{1,5});(\d{1,5})$/;
const OTHER_REPORT = /^\d+;\d+;\d+$/;
const ENDING = /[\x40-\x7e]/;
/** No report is longer: what is, is thrown away up to its end. */
const LONGEST = 64;

/**
 * Takes reports of the mouse out of what a terminal sends, and puts presses in their place. Whatever begins like a report never
 * becomes a key, however cut, long or wrong it is; pasted text is left as it is.
 */
export class MouseInput {
  private rest = "";
  private isPasting = false;
  private isDropping = false;

  /** The beginning of something may have to wait for its end (`isHolding`). */
  take(text: string): string {
    const all = this.rest + text;
    this.rest = "";
    let out = "";
    for (let at = 0; at < all.length;) {
      const [shown, next] = this.step(all, at);
      out += shown;
      at = next;
    }
    return out;
  }

  get isHolding(): boolean {
    return this.rest !== "";
  }

  /** Nothing more came: a lone escape is the key, half a report is nothing. */
  release(): string {
    const { rest } = this;
    this.rest = "";
    if (!isReport(rest)) return rest;
    this.isDropping = true;
    return "";
  }

  /** What the characters at `at` become, and where those after them are. */
  private step(all: string, at: number): readonly [shown: string, next: number] {
    if (this.isPasting) return this.pasted(all, at);
    if (this.isDropping) {
      const end = all.slice(at).search(ENDING);
      this.isDropping = end < 0;
      return ["", end < 0 ? all.length : at + end + 1];
    }
    const start = all.indexOf(ESCAPE, at);
    if (start !== at) {
      const next = start < 0 ? all.length : start;
      return [all.slice(at, next).replaceAll(PRIVATE, ""), next];
    }
    if (all.length - at === 1) return this.held(all, at);
    SEQUENCE.lastIndex = at;
    const [whole = "", parameters = "", final] = SEQUENCE.exec(all) ?? [];
    if (whole === "") return [ESCAPE, at + 1];
    const next = at + whole.length;
    if (final === undefined) {
      if (whole.length <= LONGEST) return next === all.length ? this.held(all, at) : [whole, next];
      this.isDropping = isReport(whole);
      return [this.isDropping ? "" : whole, next];
    }
    // Terminals that know no other form add three characters.
    if (whole === "\u001b[M") return all.length - next < 3 ? this.held(all, at) : ["", next + 3];
    if (whole === PASTE_BEGIN) this.isPasting = true;
    if (!isReport(whole)) return [(final === "M" || final === "m") && OTHER_REPORT.test(parameters) ? "" : whole, next];
    return [final === "M" ? pressIn(parameters) : "", next];
  }

  private held(all: string, at: number): readonly [string, number] {
    this.rest = all.slice(at);
    return ["", all.length];
  }

  private pasted(all: string, at: number): readonly [string, number] {
    const end = all.indexOf(PASTE_END, at);
    if (end >= 0) {
      this.isPasting = false;
      return [all.slice(at, end + PASTE_END.length), end + PASTE_END.length];
    }
    // Its end may be cut in two.
    let tail = Math.min(PASTE_END.length - 1, all.length - at);
    while (tail > 0 && !PASTE_END.startsWith(all.slice(all.length - tail))) tail -= 1;
    this.rest = all.slice(all.length - tail);
    return [all.slice(at, all.length - tail), all.length];
  }
}

function isReport(sequence: string): boolean {
  return sequence.startsWith("\u001b[<") || sequence.startsWith("\u001b[M");
}

function pressIn(parameters: string): string {
  const [, button, column, row] = REPORT.exec(parameters)?.map(Number) ?? [];
  const kind = button === undefined ? undefined : KINDS.get(button);
  if (kind === undefined || column === undefined || row === undefined) return "";
  if (column < 1 || row < 1 || column > MOST_CELLS || row > MOST_CELLS) return "";
  return encoded({ kind, column: column - 1, row: row - 1 });
}
