/** What an xterm sends for keys that are not their own text. */
export const KEY_BYTES: ReadonlyMap<string, string> = new Map([
  ["enter", "\r"],
  ["esc", "\u001b"],
  ["tab", "\t"],
  ["shift-tab", "\u001b[Z"],
  ["up", "\u001b[A"],
  ["down", "\u001b[B"],
  ["right", "\u001b[C"],
  ["left", "\u001b[D"],
  ["home", "\u001b[H"],
  ["end", "\u001b[F"],
  ["pageup", "\u001b[5~"],
  ["pagedown", "\u001b[6~"],
  ["delete", "\u001b[3~"],
  ["backspace", "\u007f"],
  ["space", " "],
  ["f1", "\u001bOP"],
  ...Array.from("abcdefghijklmnopqrstuvwxyz", (letter, at): [string, string] => [
    `ctrl-${letter}`,
    String.fromCharCode(at + 1),
  ]),
]);
