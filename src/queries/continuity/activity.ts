/** Silences shorter than this end no activity: no API server starts anew in less. */
export const LEAST_SILENCE_US = 500_000;
/** Activity is cut into pieces of at most this, so that the rate near a moment can be told. */
const LONGEST_RUN_US = 10e6;

/** Times of receipt, packed: stretches without a silence of 500 ms, with how many requests each has. */
export class Runs {
  private from: number[] = [];
  private to: number[] = [];
  private requests: number[] = [];

  get length(): number {
    return this.from.length;
  }

  add(us: number): void {
    const last = this.from.length - 1;
    const from = this.from[last] as number;
    const to = this.to[last] as number;
    // Without a run both are undefined, and nothing compares.
    if (us >= from && us - to < LEAST_SILENCE_US && us - from <= LONGEST_RUN_US) {
      if (us > to) this.to[last] = us;
      this.requests[last] = (this.requests[last] as number) + 1;
    } else if (us < from && from - us < LEAST_SILENCE_US && to - us <= LONGEST_RUN_US) {
      this.from[last] = us;
      this.requests[last] = (this.requests[last] as number) + 1;
    } else this.push(us, us, 1);
  }

  addAll(other: Runs): void {
    for (let at = 0; at < other.length; at++)
      this.push(other.from[at] as number, other.to[at] as number, other.requests[at] as number);
  }

  /** In time order, neighbours joined. Times that came out of order have left pieces that belong together. */
  sort(): void {
    const order = Array.from(this.from, (_, at) => at).sort(
      (a, b) => (this.from[a] as number) - (this.from[b] as number),
    );
    const { from, to, requests } = this;
    this.from = [];
    this.to = [];
    this.requests = [];
    for (const at of order) {
      const last = this.from.length - 1;
      if (last >= 0 && this.reaches(last, from[at] as number, to[at] as number)) {
        this.to[last] = Math.max(this.to[last] as number, to[at] as number);
        this.requests[last] = (this.requests[last] as number) + (requests[at] as number);
      } else this.push(from[at] as number, to[at] as number, requests[at] as number);
    }
  }

  fromUs(at: number): number {
    return this.from[at] as number;
  }

  toUs(at: number): number {
    return this.to[at] as number;
  }

  requestsOf(at: number): number {
    return this.requests[at] as number;
  }

  private push(from: number, to: number, requests: number): void {
    this.from.push(from);
    this.to.push(to);
    this.requests.push(requests);
  }

  private reaches(at: number, from: number, to: number): boolean {
    const first = Math.min(this.from[at] as number, from);
    const last = Math.max(this.to[at] as number, to);
    const apart = Math.max(from - (this.to[at] as number), (this.from[at] as number) - to);
    return apart < LEAST_SILENCE_US && last - first <= LONGEST_RUN_US;
  }
}
