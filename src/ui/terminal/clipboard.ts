import { type Environment, isScreen } from "../../terminal/capabilities.ts";

/** xterm's own limit for a string sequence is about 100 kB of base64. */
const MOST_BYTES = 74_000;
/** GNU screen cuts device control strings at 768 bytes. */
const SCREEN_CHUNK = 760;

/**
 * OSC 52: the terminal at the user's end puts `text` on its clipboard. Null when it is too long for terminals to take. Inside
 * tmux it is sent twice: for tmux itself (`set-clipboard on`), and past it (`allow-passthrough on`); what isn't allowed is
 * dropped there. The selection is named `c`, the only one mosh passes on.
 */
export function clipboardSequence(text: string, environment: Environment): string | null {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > MOST_BYTES) return null;
  const sequence = `\u001b]52;c;${bytes.toString("base64")}\u0007`;
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
