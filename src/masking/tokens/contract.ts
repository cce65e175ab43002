/**
 * Secrets that tell by themselves what they are, wherever they stand. One row each: what it is, what it looks like, and texts
 * that hold one. Every pattern repeats one class up to a bound or up to the end of a run, so that looking costs one pass
 * over a text whatever a stranger wrote (test/masking/hostile.test.ts).
 */
export interface TokenPattern {
  readonly id: string;
  /** What stands in front and stays readable. */
  readonly keep?: RegExp;
  /** The first two characters of whatever it matches (with `keep`): only there it is looked for. */
  readonly starts?: readonly string[];
  /** Instead of `starts`, for what may start with anything: without this text there is none. */
  readonly hint?: string;
  /** Without flags and groups that capture. No letter or digit stands right before a match. */
  readonly pattern: RegExp;
  /** Texts in which something is masked. */
  readonly samples: readonly string[];
}

/** Filler for samples: random enough to look real, and no one's secret. */
export const mixed = (length: number): string => "q7RkX2mVb9ZtL4cWn8YpD3sHf6GjK1aTe5UvB0xQ".repeat(6).slice(0, length);
export const lower = (length: number): string => "q7rkx2mvb9ztl4cwn8ypd3shf6gjk1ate5uvb0xq".repeat(6).slice(0, length);
export const hex = (length: number): string => "3f9a0c7be2d1486570fb".repeat(12).slice(0, length);
