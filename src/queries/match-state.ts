/**
 * What is known about a row and a test. Two bits, "surely" and "possibly", so that AND and OR of whole vectors are `&` and
 * `|`. MAYBE stands for what the index cannot tell (bodies, audit IDs, values beyond the dictionaries' cap): the original
 * event decides.
 */
export const NO = 0;
export const MAYBE = 2;
export const YES = 3;
export type MatchState = typeof NO | typeof MAYBE | typeof YES;

/** NOT by state: swaps "surely" and "possibly not". */
export const NEGATED = Uint8Array.of(YES, YES, MAYBE, NO);

export function stateOf(matches: boolean): MatchState {
  return matches ? YES : NO;
}
