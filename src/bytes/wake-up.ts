import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import { pathOf } from "../files/file-names.ts";

/** Looks in a row that found something, after which hints tell nothing that the next look would not. */
const STEADY_LOOKS = 10;

/**
 * Tells when it is worth looking at a file again: when its directory reports a change, and in any case after the polling
 * interval (network file systems and containers report nothing). Changes in quick succession are one wake-up, and while they
 * go on the directory is not watched: every write would wake the thread.
 */
export class WakeUp {
  private watcher: FSWatcher | null = null;
  private wake: (() => void) | null = null;
  private hinted = false;
  private lastMs = 0;
  private found = 0;
  private readonly path: string;
  private readonly minMs: number;
  private readonly useWatch: boolean;

  constructor(path: string, minMs: number, useWatch: boolean) {
    this.path = path;
    this.minMs = minMs;
    this.useWatch = useWatch;
    this.open();
  }

  /**
   * Resolves after a hint or `ms`, at once when the signal fires. Leaves `minMs` between wake-ups. `hasFound`: the last look
   * found something new.
   */
  async wait(ms: number, hasFound: boolean, signal: AbortSignal): Promise<void> {
    const wasSteady = this.found >= STEADY_LOOKS;
    this.found = hasFound ? this.found + 1 : 0;
    const isSteady = this.found >= STEADY_LOOKS;
    if (isSteady) this.close();
    else if (wasSteady) this.open();
    const rest = this.lastMs + this.minMs - performance.now();
    if (rest > 0) await this.sleep(rest, signal, false);
    if (!this.hinted && !isSteady) await this.sleep(ms, signal, true);
    this.hinted = false;
    this.lastMs = performance.now();
  }

  close(): void {
    this.watcher?.close();
    this.watcher = null;
  }

  private open(): void {
    if (!this.useWatch) return;
    try {
      this.watcher = watch(pathOf(dirname(this.path)), { persistent: false }, () => this.hint());
      this.watcher.on("error", () => this.close());
    } catch {
      // No directory yet, or no watches left on this machine: polling alone will do.
    }
  }

  private hint(): void {
    this.hinted = true;
    this.wake?.();
  }

  private sleep(ms: number, signal: AbortSignal, wakeable: boolean): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
      if (wakeable) this.wake = done;
    });
  }
}
