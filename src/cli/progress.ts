import type { Engine } from "../engine/contract.ts";
import type { PassProgress } from "../engine/originals-pass.ts";
import { shareBar } from "../models/charts.ts";
import { count, counted } from "../models/numbers.ts";

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

const SHIP_MS = 200;

/** As showProgress, of what is shipped: looked at a few times a second, however long sending takes. */
export function showShipProgress(
  ascii: boolean,
  loFi: boolean,
  look: () => { readonly share: number | null; readonly events: number; readonly pending: number },
): { readonly hide: () => void } {
  const bar = new ProgressBar(ascii, loFi, "shipping");
  const timer = setInterval(() => {
    const { share, events, pending } = look();
    bar.draw(share, `${counted(events, "event")}${pending === 0 ? "" : `, ${count(pending)} on their way`}`);
  }, SHIP_MS);
  timer.unref();
  return {
    hide: () => {
      clearInterval(timer);
      bar.hide();
    },
  };
}

class ProgressBar {
  private readonly ascii: boolean;
  private readonly loFi: boolean;
  private readonly begun = performance.now();
  private drawn = false;
  private lastMs = -Infinity;

  private readonly doing: string;

  constructor(ascii: boolean, loFi: boolean, doing = "reading") {
    this.ascii = ascii;
    this.loFi = loFi;
    this.doing = doing;
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
    if (share === null) return `${this.doing} ${what}`;
    return `${this.doing} [${shareBar(share, BAR_WIDTH, !this.ascii)}] ${Math.floor(share * 100)}%  ${what}`;
  }
}
