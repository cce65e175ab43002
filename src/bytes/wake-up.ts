import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import { pathOf } from "../files/file-names.ts";

/**
 * Tells when it is worth looking at a file again: when its directory reports a change, and in any case after the polling
 * interval (network file systems and containers report nothing). Changes in quick succession are one wake-up.
 */
export class WakeUp {
  private watcher: FSWatcher | null = null;
  private wake: (() => void) | null = null;
  private hinted = false;
  private lastMs = 0;
  private readonly minMs: number;

  constructor(path: string, minMs: number, useWatch: boolean) {
    this.minMs = minMs;
    if (!useWatch) return;
    try {
      this.watcher = watch(pathOf(dirname(path)), { persistent: false }, () => this.hint());
      this.watcher.on("error", () => this.close());
    } catch {
      // No directory yet, or no watches left on this machine: polling alone will do.
    }
  }

  /** Resolves after a hint or `ms`, at once when the signal fires. Leaves `minMs` between wake-ups. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const rest = this.lastMs + this.minMs - performance.now();
    if (rest > 0) await this.sleep(rest, signal, false);
    if (!this.hinted) await this.sleep(ms, signal, true);
    this.hinted = false;
    this.lastMs = performance.now();
  }

  close(): void {
    this.watcher?.close();
    this.watcher = null;
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
