/** How long what came is told: rate, lag and notes. Nothing new for as long is a silence. */
export const RECENT_MS = 10_000;

const SECONDS = RECENT_MS / 1_000;

/**
 * How fast a followed log comes in and how late. Told by a clock, not by the last event: it fades when nothing comes.
 * All times are ms of a clock that only goes forward.
 */
export class Arrivals {
  private readonly counts = new Float64Array(SECONDS);
  private second = 0;
  private beganMs = Number.NaN;
  private lastMs = Number.NEGATIVE_INFINITY;
  private lag: number | null = null;

  /** `lagMs`: age of the newest of them, null when it has no time. */
  add(requests: number, lagMs: number | null, nowMs: number): void {
    this.advance(nowMs);
    const at = this.second % SECONDS;
    this.counts[at] = (this.counts[at] ?? 0) + requests;
    this.lastMs = nowMs;
    this.lag = lagMs;
  }

  /** Requests a second over the last ten seconds, or since the first look. */
  perSecond(nowMs: number): number {
    this.advance(nowMs);
    let sum = 0;
    for (const count of this.counts) sum += count;
    return sum / Math.min(SECONDS, Math.max(1, (nowMs - this.beganMs) / 1_000));
  }

  lagMs(nowMs: number): number | null {
    return this.isFading(nowMs) ? this.lag : null;
  }

  /** Whether the answers change by themselves. */
  isFading(nowMs: number): boolean {
    return nowMs - this.lastMs < RECENT_MS;
  }

  private advance(nowMs: number): void {
    if (Number.isNaN(this.beganMs)) this.beganMs = nowMs;
    const now = Math.floor(nowMs / 1_000);
    const first = Math.max(this.second + 1, now - SECONDS + 1);
    for (let passed = first; passed <= now; passed += 1) this.counts[passed % SECONDS] = 0;
    this.second = Math.max(this.second, now);
  }
}

/** What happened lately, for a line that shows it once. */
export class RecentNotes {
  private notes: { readonly text: string; readonly untilMs: number }[] = [];
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  add(text: string, nowMs: number): void {
    this.notes = [...this.notes.filter((note) => note.text !== text), { text, untilMs: nowMs + RECENT_MS }].slice(
      -this.most,
    );
  }

  texts(nowMs: number): readonly string[] {
    this.notes = this.notes.filter(({ untilMs }) => untilMs > nowMs);
    return this.notes.map(({ text }) => text);
  }
}
