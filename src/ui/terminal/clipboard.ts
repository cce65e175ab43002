import { count } from "../../models/numbers.ts";
import { type Environment, isScreen } from "../../terminal/capabilities.ts";

/** xterm's own limit for a string sequence is about 100 kB of base64. */
const MOST_BYTES = 74_000;
/** GNU screen cuts device control strings at 768 bytes. */
const SCREEN_CHUNK = 760;

/** Consoles without a clipboard: they show such a sequence, or wait for its end. */
const WITHOUT = /^(linux|vt\d|cons|sun|ansi|pcansi|wsvt|hurd)/;

/** Why the text can't be put on the terminal's clipboard, as a sentence; null where it can, as far as anybody can know. */
export function clipboardProblem(text: string, environment: Environment): string | null {
  const { TERM: term = "", TERM_PROGRAM: program = "" } = environment;
  const isMultiplexed = (environment["TMUX"] ?? "") !== "" || isScreen(environment);
  if (!isMultiplexed && WITHOUT.test(term)) return `TERM=${term} has no clipboard`;
  if (!isMultiplexed && program === "Apple_Terminal") return "Terminal.app has no clipboard for programs";
  const bytes = Buffer.byteLength(text);
  return bytes > MOST_BYTES ? `${count(bytes)} bytes are too much for a terminal's clipboard` : null;
}

/**
 * OSC 52: the terminal at the user's end puts `text` on its clipboard. Inside tmux it is sent twice: for tmux itself (`set-clipboard on`), and past it (`allow-passthrough on`); what isn't allowed is
 * dropped there. The selection is named `c`, the only one mosh passes on.
 */
export function clipboardSequence(text: string, environment: Environment): string {
  const sequence = `\u001b]52;c;${Buffer.from(text, "utf8").toString("base64")}\u0007`;
  if ((environment["TMUX"] ?? "") !== "") {
    return `${sequence}\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
  }
  if (isScreen(environment)) {
    let wrapped = "";
    for (let at = 0; at < sequence.length; at += SCREEN_CHUNK) {
      wrapped += `\u001bP${sequence.slice(at, at + SCREEN_CHUNK)}\u001b\\`;
    }
    return wrapped;
  }
  return sequence;
}
