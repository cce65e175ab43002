/**
 * Columns that numbers take at most, nearly always: a table of them does not change its widths while rows scroll through it.
 */
export const NUMBER_WIDTHS = {
  /** count() below a hundred million. */
  count: 9,
  /** shortCount() */
  short: 5,
  percent: 6,
  duration: 7,
  rate: 7,
  /** byteSize() */
  bytes: 8,
} as const;
