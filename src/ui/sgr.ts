/** SGR parameters by what they set; null when one is not known here. */
interface Look {
  readonly foreground: string;
  readonly background: string;
  /** Bold, faint, italic, underline, blink, reverse, hidden, struck out. */
  readonly flags: readonly string[];
}

const PLAIN: Look = { foreground: "", background: "", flags: [] };
const COLOR = /^(?:([34])8;(?:5;\d+|2;\d+;\d+;\d+)|(3|9|4|10)[0-7])(?:;|$)/;
const FLAG = /^([1-9])(?:;|$)/;
const looks = new Map<string, Look | null>([["", PLAIN]]);

/** The shortest sequence from one style to another, given as SGR parameters ("" is plain). */
export function styleChange(from: string, to: string): string {
  if (from === to) return "";
  if (to === "") return "\u001b[m";
  const [old, next] = [lookOf(from), lookOf(to)];
  const added = old === null || next === null ? null : addition(old, next);
  return `\u001b[${added ?? (from === "" ? to : `0;${to}`)}m`;
}

/** Reverse, underline and background colours show on a blank; foreground colours and bold don't. */
export function isSeenOnBlank(sgr: string): boolean {
  const look = lookOf(sgr);
  return (
    look === null || look.background !== "" || look.flags.some((flag) => flag === "4" || flag === "7" || flag === "9")
  );
}

/** What must be said to get from one look to another; null when something must be taken back first. */
function addition(old: Look, next: Look): string | null {
  const isLost =
    (old.foreground !== "" && next.foreground === "") ||
    (old.background !== "" && next.background === "") ||
    old.flags.some((flag) => !next.flags.includes(flag));
  if (isLost) return null;
  return [
    ...next.flags.filter((flag) => !old.flags.includes(flag)),
    ...(next.foreground === old.foreground ? [] : [next.foreground]),
    ...(next.background === old.background ? [] : [next.background]),
  ].join(";");
}

function lookOf(sgr: string): Look | null {
  let look = looks.get(sgr);
  if (look === undefined) looks.set(sgr, (look = parsed(sgr)));
  return look;
}

function parsed(sgr: string): Look | null {
  const look = { foreground: "", background: "", flags: [] as string[] };
  for (let rest = sgr; rest !== "";) {
    const color = COLOR.exec(rest);
    const flag = FLAG.exec(rest);
    const [piece] = color ?? flag ?? [""];
    if (piece === "") return null;
    const code = piece.replace(/;$/, "");
    if (color === null) look.flags.push(code);
    else if (/^(4|10)/.test(color[1] ?? color[2] ?? "")) look.background = code;
    else look.foreground = code;
    rest = rest.slice(piece.length);
  }
  return look;
}
