import { setImmediate as nextTurn } from "node:timers/promises";
import type { Steps } from "../queries/scan.ts";

/** A query gives way to reading and to newer questions after this long; a step takes up to 3 ms more. */
const SLICE_MS = 4;
/** What takes no longer has no partial answer: the first is to be on the screen within 16 ms. */
const FIRST_PARTIAL_MS = 10;
const PARTIAL_EVERY_MS = 200;
/** … and for at most so large a part of the time: those of very many groups take as long as reading a hundred thousand rows. */
const PARTIAL_SHARE = 1 / 20;

/** Runs to the end, giving way on the way. */
export async function run<T>(steps: Steps<T>, signal: AbortSignal, onPartial?: (answer: T) => void): Promise<T> {
  const started = performance.now();
  let since = started;
  let tellAt = started + FIRST_PARTIAL_MS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    const now = performance.now();
    if (step.value !== undefined && onPartial !== undefined && now >= tellAt) {
      onPartial(step.value());
      const told = performance.now();
      tellAt = told + Math.max(PARTIAL_EVERY_MS, (told - now) / PARTIAL_SHARE);
    }
    if (now - since < SLICE_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    since = performance.now();
  }
}
