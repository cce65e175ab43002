import type { Life } from "./lives.ts";
import { precedes, succeeded, type Touch } from "./touch.ts";

/**
 * Whether a change of the spec is missing between two requests: the API server counts them in `metadata.generation`, and
 * controllers repeat in `observedGeneration` how far they had seen.
 */
export function lacksChange(life: Life, from: Touch, to: Touch): boolean {
  return specGaps(life).some(({ after, until }) => precedes(from, until) && precedes(after, to));
}

export function lacksAnyChange(life: Life): boolean {
  return specGaps(life).length > 0;
}

/** Between two requests the spec was changed by a request that is not in the log. */
interface SpecGap {
  readonly after: Touch;
  readonly until: Touch;
}

function specGaps(life: Life): SpecGap[] {
  const gaps: SpecGap[] = [];
  let count = Number.NaN;
  /** Requests that may have raised the count since it was read. */
  let pending = 0;
  let last: Touch | null = null;
  for (const touch of life.touches) {
    if (touch.event !== null || touch.dryRun) continue;
    if (mayRaise(touch)) pending += 1;
    if (!succeeded(touch)) continue;
    const told = countIn(touch);
    if (told === null) continue;
    // A deletionTimestamp raises it, and a request that reads it may come before the delete that sets it is answered.
    const going = touch.facts?.deleting === true ? 1 : 0;
    if (last !== null && told.count > count + pending + going) gaps.push({ after: last, until: touch });
    // A controller that lags behind repeats an older count.
    if (last !== null && (told.count < count || (told.count === count && !told.isExact))) continue;
    if (told.isExact) pending = 0;
    else if (last !== null) pending = count + pending - told.count;
    count = told.count;
    last = touch;
  }
  return gaps;
}

/** Changes of the spec, and the deletionTimestamp; some that were given up on are stored all the same. */
function mayRaise({ subresource, code }: Touch): boolean {
  return !(code !== null && code >= 400 && code < 500) && subresource !== "status";
}

/**
 * `isExact`: as stored by the request itself; else what its sender had seen by then. Of status updates only the status is
 * always read.
 */
function countIn({ verb, subresource, facts, version }: Touch): { count: number; isExact: boolean } | null {
  if (verb === "create" && subresource === "") return { count: 1, isExact: true };
  const { generation, workload } = facts ?? {};
  const observed = workload?.observed ?? 0;
  if (generation === undefined || subresource === "status")
    return observed === 0 ? null : { count: observed, isExact: false };
  return { count: Math.max(generation, observed), isExact: !Number.isNaN(version) };
}
