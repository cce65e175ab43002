/** Longer messages are told by their beginning. */
const LONGEST = 400;

/** What is quoted is a name of the moment, unless it says who refused. */
const QUOTED = /(\b(?:webhook|policy|plugin)\s+)?("(?:[^"\\]|\\.){0,300}"|'[^']{0,300}'|`[^`]{0,300}`)/gi;
const IDS = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const NUMBERS = /\b\d+(?:[.:]\d+)*(?=\b|[a-zµ])/gi;

/** A status message without the names and numbers that make each its own: `pods "…" not found`. */
export function messageKind(message: string): string {
  return message
    .slice(0, LONGEST)
    .replaceAll(IDS, "…")
    .replaceAll(QUOTED, (all: string, who: string | undefined, quoted: string) =>
      who === undefined ? `${quoted.charAt(0)}…${quoted.charAt(0)}` : all,
    )
    .replaceAll(NUMBERS, "…")
    .slice(0, LONGEST);
}
