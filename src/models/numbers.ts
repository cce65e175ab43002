/** Numbers as people read them. All results are ASCII except `µs`, `…` and the narrow marks the ASCII screen replaces. */

/** 1,234,567 */
export function count(value: number): string {
  if (!Number.isFinite(value)) return "-";
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 request`, `1,234 requests`; `many` where an s is not enough. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** At most five characters: 999 · 1.2k · 34k · 1.2M */
export function shortCount(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const steps: readonly (readonly [number, string])[] = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ];
  const magnitude = Math.abs(value);
  for (const [size, letter] of steps) {
    // 999,950 is 1.0M, not 1000k.
    if (magnitude >= size * 0.99995 || (size > 1e3 && magnitude >= size * 0.9995)) {
      const scaled = value / size;
      return `${Math.abs(scaled) < 9.95 ? scaled.toFixed(1) : Math.round(scaled).toString()}${letter}`;
    }
  }
  return Number.isInteger(value)
    ? value.toString()
    : magnitude < 9.95
      ? value.toFixed(1)
      : Math.round(value).toString();
}

/** Milliseconds as 45 µs · 12.3 ms · 1.2 s · 3m05s · 2h14m · 3d04h; `-` when unknown. */
export function duration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "-";
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms === 0) return "0 ms";
  if (ms < 0.9995) return `${Math.max(1, Math.round(ms * 1_000))} µs`;
  if (ms < 9.995) return `${ms.toFixed(2)} ms`;
  if (ms < 99.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}

/** Requests per second as 1.2k/s · 12/s · 0.3/s, rarer ones per minute or hour. */
export function rate(perSecond: number): string {
  return rates([perSecond])(perSecond);
}

/** For rates that stand beside each other: all in the unit of the largest, per second, minute or hour. */
export function rates(perSecond: Iterable<number>): (perSecond: number) => string {
  let largest = 0;
  for (const value of perSecond) if (value > largest) largest = value;
  const [seconds, unit] = largest >= 0.1 || largest === 0 ? [1, "s"] : largest * 60 >= 0.1 ? [60, "min"] : [3_600, "h"];
  return (value) => (Number.isFinite(value) ? `${rateNumber(value * seconds)}/${unit}` : "-");
}

function rateNumber(value: number): string {
  if (value === 0) return "0";
  if (value < 0.001) return "<0.001";
  const rounded = Number(value.toPrecision(value < 9.95 ? 2 : 3));
  return rounded < 0.1 ? String(rounded) : shortCount(rounded);
}

/** 0…1 as 12.3% · <0.1% · 100% */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "-";
  if (share === 0) return "0%";
  const value = share * 100;
  if (value < 0.1) return "<0.1%";
  if (value >= 99.95) return share >= 1 ? "100%" : ">99.9%";
  return `${value.toFixed(1)}%`;
}

/** 512 B · 1.2 KiB · 17.5 MiB */
export function byteSize(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return "-";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_023.95 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value).toString() : value.toFixed(1)} ${units[unit] ?? ""}`;
}

function two(value: number): string {
  return value.toString().padStart(2, "0");
}
