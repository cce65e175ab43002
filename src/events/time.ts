/** RFC 3339 in UTC with microseconds, as the API server writes it; null for NaN. `us`: µs since the Unix epoch. */
export function isoTime(us: number): string | null {
  if (!Number.isFinite(us)) return null;
  const ms = Math.floor(us / 1_000);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return null;
  const micros = Math.round(us - ms * 1_000);
  return `${date.toISOString().slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
}
