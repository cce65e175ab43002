/**
 * Latencies in buckets of a log scale: exact below 128 µs, then 64 buckets per power of two. A value is told by its bucket's
 * middle, so it is off by at most 1/128 (0.79 %) of itself.
 */
const SUB_BITS = 6;
const SUB_BUCKETS = 1 << SUB_BITS;
const EXACT_BELOW = SUB_BUCKETS * 2;

/** Latencies are kept in 32 bits of µs: 71.6 minutes, more than the API server lets a request live. */
export const MAX_LATENCY_US = 0xffff_ffff;
export const BUCKETS = EXACT_BELOW + (32 - SUB_BITS - 1) * SUB_BUCKETS;
export const RELATIVE_ERROR = 1 / (2 * SUB_BUCKETS);

/** `us`: a whole number, 0 … MAX_LATENCY_US. */
export function bucketOf(us: number): number {
  if (us < EXACT_BELOW) return us;
  const exponent = 31 - Math.clz32(us);
  return (exponent - SUB_BITS) * SUB_BUCKETS + (us >>> (exponent - SUB_BITS));
}

/** Middle of a bucket, µs. */
export function bucketMiddle(bucket: number): number {
  if (bucket < EXACT_BELOW) return bucket;
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1;
  const low = (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}

/** Nearest-rank: the smallest value that at least `p` of all are not above. */
export function rankOf(p: number, count: number): number {
  return Math.max(1, Math.ceil(p * count));
}

/** Histograms of so many groups in one array, 7 KB a group. */
export class LatencyHistograms {
  private readonly counts: Uint32Array;

  constructor(groups: number) {
    this.counts = new Uint32Array(BUCKETS * groups);
  }

  add(group: number, us: number): void {
    const at = group * BUCKETS + bucketOf(us);
    this.counts[at] = (this.counts[at] as number) + 1;
  }

  /** One more in each of buckets[from] … buckets[to − 1]. */
  addBuckets(group: number, buckets: Uint16Array, from: number, to: number): void {
    const { counts } = this;
    const start = group * BUCKETS;
    for (let i = from; i < to; i++) {
      const at = start + (buckets[i] as number);
      counts[at] = (counts[at] as number) + 1;
    }
  }

  /** µs; NaN for a group without latencies. */
  percentile(group: number, p: number, count: number): number {
    const rank = rankOf(p, count);
    const start = group * BUCKETS;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[start + bucket] ?? 0;
      if (seen >= rank) return bucketMiddle(bucket);
    }
    return Number.NaN;
  }
}
