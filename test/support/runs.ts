/** Of a property test's runs, what is tried every time; `KTRAIL_RUNS=1` tries all, `10` ten times as many. */
const SHARE = Number(process.env["KTRAIL_RUNS"] ?? 0.3);

/** How often a property that takes long is tried. */
export function runs(all: number): number {
  return Math.max(1, Math.round(all * SHARE));
}
