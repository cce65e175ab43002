/** Answers may take a 25th of the time while rows arrive; the rest belongs to reading, and to whoever else is on the machine. */
const PAUSE_PER_ANSWER = 24;
/** A live log goes on for days: a 60th. What is cheap to answer rests so long, and is shown within half a second all the same. */
const LIVE_PAUSE_PER_ANSWER = 59;
const LEAST_LIVE_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Says when the screen should be told that answers may have changed. Without it, ten refreshes a second of a million rows
 * would leave no time to read: a screen that asks for long is told less often.
 */
export class RefreshPace {
  isLive = false;
  private running = 0;
  private startedMs = 0;
  private restUntilMs = 0;

  /** Not while questions are being answered, and not soon after they took long. */
  isDue(nowMs: number): boolean {
    return this.running === 0 && nowMs >= this.restUntilMs;
  }

  async answering<T>(answer: Promise<T>): Promise<T> {
    if (this.running === 0) this.startedMs = performance.now();
    this.running += 1;
    try {
      return await answer;
    } finally {
      this.running -= 1;
      if (this.running === 0) {
        const nowMs = performance.now();
        const tookMs = nowMs - this.startedMs;
        const pauseMs = this.isLive
          ? Math.max(LEAST_LIVE_PAUSE_MS, LIVE_PAUSE_PER_ANSWER * tookMs)
          : PAUSE_PER_ANSWER * tookMs;
        this.restUntilMs = nowMs + Math.min(LONGEST_PAUSE_MS, pauseMs);
      }
    }
  }
}
