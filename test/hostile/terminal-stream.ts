/** Everything ktrail itself ever sends to a terminal besides text: styles, cursor, erasing, modes, clipboard. */
const OURS =
  /\u001b\[[\d;]{0,24}m|\u001b\[\d*(?:;\d+)?H|\u001b\[\d*[ABCDEFGJKLMSTX]|\u001b\[\?(?:7|25|1000|1006|1049|2004|2026)[hl]|\u001b\[8[hl]|\u001b\[\d+;\d+r|\u001b\[r|\u001b[78]/g;
const CLIPBOARD = /\u001b\]52;c;([A-Za-z0-9+/]*={0,2})\u0007/g;

export interface TerminalStream {
  /** What is left when our own sequences and line ends are taken out. */
  readonly shown: string;
  /** What was put on the clipboard. */
  readonly copied: readonly string[];
}

export function readStream(raw: string): TerminalStream {
  const copied = [...raw.matchAll(CLIPBOARD)].map(([, payload = ""]) =>
    Buffer.from(payload, "base64").toString("utf8"),
  );
  return {
    shown: raw
      .replaceAll(CLIPBOARD, "")
      .replaceAll(OURS, "")
      .replaceAll(/[\r\n]/g, ""),
    copied,
  };
}
