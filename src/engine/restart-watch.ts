import type { RequestRing } from "../index/ring.ts";
import { ContinuityWatch } from "../queries/continuity/continuity.ts";
import type { Continuity } from "../queries/continuity/contract.ts";
import type { Steps } from "../queries/scan.ts";

/** While following, starts are looked for this often, … */
const EVERY_MS = 1_000;
/** … and in a twentieth of the time at most, where that is no long wait: a busy machine is slow, too. */
const REST = 20;
const MOST_REST_MS = 10_000;

type Run = <T>(steps: Steps<T>, signal: AbortSignal) => Promise<T>;

/** Ends in the ring what API servers that were started anew will never answer. */
export class RestartWatch {
  /** When the last new process of each API server started, as of the last refresh: µs, by its name. */
  endings: ReadonlyMap<string, number> = new Map();
  private readonly ring: RequestRing;
  private readonly watch: ContinuityWatch;
  private readonly run: Run;
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private restUntilMs = 0;
  private revision = -1;

  constructor(ring: RequestRing, run: Run) {
    this.ring = ring;
    this.watch = new ContinuityWatch(ring);
    this.run = run;
  }

  async refresh(signal: AbortSignal): Promise<void> {
    const { revision } = this.ring;
    this.endings = await this.run(this.watch.endings(), signal);
    this.ring.cutOffBefore(this.endings);
    this.revision = revision;
  }

  /** The same, until stop(). */
  async refreshUnlessStopped(): Promise<void> {
    const { signal } = this.stopped;
    await this.refresh(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Rows may have changed: refreshes soon. `onChange`: another number of requests is in flight now. */
  touch(onChange: () => void): void {
    if (this.timer !== null || this.revision === this.ring.revision) return;
    this.timer = setTimeout(() => void this.refreshNow(onChange), Math.max(0, this.restUntilMs - performance.now()));
    this.timer.unref();
  }

  stop(): void {
    this.stopped.abort();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  async report(signal: AbortSignal): Promise<Continuity> {
    await this.refresh(signal);
    return this.run(this.watch.report(), signal);
  }

  private async refreshNow(onChange: () => void): Promise<void> {
    const { cutOff } = this.ring;
    const started = performance.now();
    await this.refreshUnlessStopped();
    if (this.stopped.signal.aborted) return;
    this.timer = null;
    const took = performance.now() - started;
    this.restUntilMs = performance.now() + Math.max(EVERY_MS, Math.min(REST * took, MOST_REST_MS));
    if (this.ring.cutOff !== cutOff) onChange();
    // More may have come meanwhile.
    this.touch(onChange);
  }
}
