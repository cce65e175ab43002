import { maskText } from "../masking/mask.ts";
import type { AppState } from "../state/app-state.ts";

/**
 * A filter made from a masked value holds the value: what the row counted. In the prompt it is masked like everywhere, and
 * means the same again when it is accepted.
 */

/** What is typed in a prompt stands there unmasked: nothing of the log that holds a secret is typed for somebody. */
export function holdsSecret(text: string): boolean {
  return maskText(text) !== text;
}

export function shownTerms({ chips }: AppState): readonly string[] {
  return chips.map(({ text }) => maskText(text));
}

/** The terms as accepted; those that stand for a chip of now become it. */
export function restoredTerms(terms: readonly string[], { chips }: AppState): readonly string[] {
  const masked = chips.map(({ text }) => text).filter(holdsSecret);
  return terms.map((term) => {
    const at = masked.findIndex((text) => maskText(text) === term);
    return at < 0 ? term : (masked.splice(at, 1)[0] ?? term);
  });
}
