/** A short, terminal-safe look at a record that was not taken. */
import { obeyed, unitEscapes } from "../../events/obeyed-text.ts";

const SAMPLE_CHARACTERS = 200;
/** What hides text, too. */
const UNSAFE = obeyed({ and: "\\u200b-\\u200d\\u2060-\\u2065" });

/** At most 200 characters of buffer[start, end); control bytes appear as \xNN or \uNNNN. */
export function sampleText(buffer: Uint8Array, start: number, end: number): string {
  const head = buffer.subarray(start, Math.min(end, start + SAMPLE_CHARACTERS));
  return escapeControls(Buffer.from(head.buffer, head.byteOffset, head.length).toString("utf8")).slice(
    0,
    SAMPLE_CHARACTERS,
  );
}

export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : unitEscapes(character);
  });
}
