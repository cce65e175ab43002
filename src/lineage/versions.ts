const DIGITS = /^\d{1,15}$/;

/** A count the API server writes as text, as a resourceVersion is in practice; NaN for anything else. */
export function versionNumber(text: string): number {
  return DIGITS.test(text) ? Number(text) : Number.NaN;
}
