import type { EngineStatus } from "../engine/contract.ts";
import type { TimeWindow } from "../queries/contract.ts";

const SHORTEST_US = 1_000;

interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** The log's own span, µs; the end is inclusive there and exclusive in a window. */
function spanOf(status: EngineStatus): Bounds {
  const from = status.from === null ? 0 : Date.parse(status.from) * 1_000;
  const to = status.to === null ? from : Date.parse(status.to) * 1_000;
  return { from, to: to + 1_000 };
}

function boundsOf(window: TimeWindow | null, span: Bounds): Bounds {
  return { from: window?.fromUs ?? span.from, to: window?.toUs ?? span.to };
}

/** Half of what is shown, around `centreUs` where the cursor has a time, else around the middle. */
export function zoomedIn(window: TimeWindow | null, status: EngineStatus, centreUs: number | undefined): TimeWindow {
  const { from, to } = boundsOf(window, spanOf(status));
  const width = Math.max(SHORTEST_US, (to - from) / 2);
  const centre = centreUs !== undefined && centreUs >= from && centreUs < to ? centreUs : (from + to) / 2;
  const start = Math.min(Math.max(from, Math.round(centre - width / 2)), Math.round(to - width));
  return { fromUs: start, toUs: Math.round(start + width) };
}

/** Twice of what is shown; the whole log when that covers it. */
export function zoomedOut(window: TimeWindow | null, status: EngineStatus): TimeWindow | null {
  const span = spanOf(status);
  const { from, to } = boundsOf(window, span);
  const width = to - from;
  const wider = { fromUs: Math.round(from - width / 2), toUs: Math.round(to + width / 2) };
  return wider.fromUs <= span.from && wider.toUs >= span.to ? null : wider;
}
