/** The `limit` highest scores, by a binary heap with the lowest kept on top. */
export class BestList {
  private readonly limit: number;
  private readonly labels: number[] = [];
  private readonly scores: number[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  offer(label: number, score: number): void {
    const { labels, scores } = this;
    if (labels.length < this.limit) {
      let at = labels.length;
      labels.push(label);
      scores.push(score);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if ((scores[parent] as number) <= score) break;
        this.swap(at, parent);
        at = parent;
      }
    } else if (score > (scores[0] as number)) {
      labels[0] = label;
      scores[0] = score;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= labels.length) break;
        if (child + 1 < labels.length && (scores[child + 1] as number) < (scores[child] as number)) child += 1;
        if ((scores[child] as number) >= (scores[at] as number)) break;
        this.swap(at, child);
        at = child;
      }
    }
  }

  /** What a score has to be above to be kept. */
  get least(): number {
    return this.labels.length < this.limit ? Number.NEGATIVE_INFINITY : (this.scores[0] ?? Number.POSITIVE_INFINITY);
  }

  take(): number[] {
    const order = this.labels.map((_, at) => at);
    order.sort(
      (a, b) =>
        (this.scores[b] as number) - (this.scores[a] as number) ||
        (this.labels[a] as number) - (this.labels[b] as number),
    );
    return order.map((at) => this.labels[at] as number);
  }

  private swap(a: number, b: number): void {
    const label = this.labels[a] as number;
    const score = this.scores[a] as number;
    this.labels[a] = this.labels[b] as number;
    this.scores[a] = this.scores[b] as number;
    this.labels[b] = label;
    this.scores[b] = score;
  }
}
