import type { Engine, EngineStatus } from "../engine/contract.ts";
import { shareBar } from "../models/charts.ts";
import { count } from "../models/numbers.ts";

const BAR_WIDTH = 24;
const LO_FI_INTERVAL_MS = 500;

/**
 * Draws how far reading has come on stderr, when that is a terminal. Returns what takes the bar off again. Quick loads
 * (under 300 ms) show nothing; `loFi`: twice a second at most.
 */
export function showProgress(engine: Engine, ascii: boolean, loFi: boolean): () => void {
  if (process.stderr.isTTY !== true) return () => undefined;
  const begun = performance.now();
  let drawn = false;
  let lastMs = -Infinity;
  const unsubscribe = engine.subscribe((status) => {
    const now = performance.now();
    if (now - begun < 300 || (loFi && now - lastMs < LO_FI_INTERVAL_MS)) return;
    drawn = true;
    lastMs = now;
    process.stderr.write(`\r${line(status, ascii)}\u001b[K`);
  });
  return () => {
    unsubscribe();
    if (drawn) process.stderr.write("\r\u001b[K");
  };
}

function line(status: EngineStatus, ascii: boolean): string {
  const requests = `${count(status.requestsSeen)} requests`;
  if (status.progress === null) return `reading ${requests}`;
  const bar = shareBar(status.progress, BAR_WIDTH, !ascii);
  return `reading [${bar}] ${Math.floor(status.progress * 100)}%  ${requests}`;
}
