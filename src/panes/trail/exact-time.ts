/** ms since the epoch with the microseconds that Date.parse drops; NaN for null and for what is no time. */
export function exactTime(iso: string | null): number {
  if (iso === null) return Number.NaN;
  const ms = Date.parse(iso);
  const beyond = /\.\d{3}(\d{1,3})/.exec(iso)?.[1];
  return beyond === undefined ? ms : ms + Number(beyond.padEnd(3, "0")) / 1_000;
}
