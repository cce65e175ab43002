import type { FeedingEngine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";

/** The bundled log, relative to the repository's root, where vitest runs: paths are on the screen. */
export const DEMO = "fixtures/demo";

let engine: Promise<FeedingEngine> | null = null;

/** The bundled log, read once for all test files of a thread: it is only asked, and closing it does nothing. */
export function demoEngine(): Promise<FeedingEngine> {
  engine ??= opened();
  return engine;
}

async function opened(): Promise<FeedingEngine> {
  const one = createEngine({ inputs: [DEMO] });
  await one.loaded();
  one.close = () => Promise.resolve();
  return one;
}
