/** The rows with the largest latencies among all that were offered; of equal ones the earliest. */
export class SlowestRows {
  private readonly limit: number;
  /** Slowest first. */
  private readonly kept: { readonly seq: number; readonly us: number }[] = [];

  constructor(limit: number) {
    this.limit = Math.max(0, Math.floor(limit));
  }

  offer(seq: number, us: number): void {
    const { kept, limit } = this;
    if (limit === 0 || (kept.length === limit && us <= (kept[limit - 1]?.us ?? -1))) return;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[middle]?.us ?? -1) >= us) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, { seq, us });
    if (kept.length > limit) kept.pop();
  }

  /** Sequence numbers, slowest first. */
  seqs(): number[] {
    return this.kept.map(({ seq }) => seq);
  }
}
