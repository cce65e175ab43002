import type { Engine } from "../engine/contract.ts";
import type { PassProgress } from "../engine/originals-pass.ts";
import { shareBar } from "../models/charts.ts";
import { counted } from "../models/numbers.ts";

const BAR_WIDTH = 24;
const LO_FI_INTERVAL_MS = 500;

/**
 * Draws how far reading has come on stderr, when that is a terminal. Returns what takes the bar off again. Quick loads
 * (under 300 ms) show nothing; `loFi`: twice a second at most.
 */
export function showProgress(engine: Engine, ascii: boolean, loFi: boolean): () => void {
  const bar = new ProgressBar(ascii, loFi);
  const unsubscribe = engine.subscribe(({ progress, requestsSeen }) => {
    bar.draw(progress, counted(requestsSeen, "request"));
  });
  return () => {
    unsubscribe();
    bar.hide();
  };
}

/** As showProgress, of a pass over the original events. */
export function showPassProgress(
  ascii: boolean,
  loFi: boolean,
): { readonly show: (progress: PassProgress) => void; readonly hide: () => void } {
  const bar = new ProgressBar(ascii, loFi);
  return { show: ({ share, events }) => bar.draw(share, counted(events, "event")), hide: () => bar.hide() };
}

class ProgressBar {
  private readonly ascii: boolean;
  private readonly loFi: boolean;
  private readonly begun = performance.now();
  private drawn = false;
  private lastMs = -Infinity;

  constructor(ascii: boolean, loFi: boolean) {
    this.ascii = ascii;
    this.loFi = loFi;
  }

  draw(share: number | null, what: string): void {
    if (process.stderr.isTTY !== true) return;
    const now = performance.now();
    if (now - this.begun < 300 || (this.loFi && now - this.lastMs < LO_FI_INTERVAL_MS)) return;
    this.drawn = true;
    this.lastMs = now;
    process.stderr.write(`\r${this.line(share, what)}\u001b[K`);
  }

  hide(): void {
    if (this.drawn) process.stderr.write("\r\u001b[K");
  }

  private line(share: number | null, what: string): string {
    if (share === null) return `reading ${what}`;
    return `reading [${shareBar(share, BAR_WIDTH, !this.ascii)}] ${Math.floor(share * 100)}%  ${what}`;
  }
}
