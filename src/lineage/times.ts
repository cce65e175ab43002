/** RFC 3339 UTC with microseconds as the API server writes them; null for an unknown time. */
export function isoOf(us: number | null): string | null {
  if (us === null || !Number.isFinite(us)) return null;
  const ms = Math.floor(us / 1_000);
  const rest = String(Math.round(us - ms * 1_000)).padStart(3, "0");
  return `${new Date(ms).toISOString().slice(0, -1)}${rest}Z`;
}

/** As `isoOf`, for times that are always known. */
export function iso(us: number): string {
  return isoOf(us) ?? "";
}
