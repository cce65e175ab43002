import type { EngineOptions, FeedingEngine } from "../engine/contract.ts";
import { createEngine, createStoreEngine } from "../engine/create-engine.ts";
import type { Invocation } from "./contract.ts";

/** Asks about all of these inputs, or of a store, read as the options of the command say. */
export async function askWhole<T>(
  { inputs, store }: Pick<EngineOptions, "inputs"> & { readonly store?: EngineOptions["store"] },
  { options }: Pick<Invocation, "options">,
  ask: (engine: FeedingEngine) => Promise<T>,
): Promise<T> {
  const wishes = {
    inputs,
    format: options.format,
    timeZone: options.tz,
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  };
  const engine = store === undefined ? createEngine(wishes) : await createStoreEngine({ ...wishes, store });
  try {
    await engine.loaded();
    return await ask(engine);
  } finally {
    await engine.close();
  }
}
