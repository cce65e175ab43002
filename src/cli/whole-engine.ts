import type { FeedingEngine } from "../engine/contract.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { Invocation } from "./contract.ts";

/** Asks about all of these inputs, read as the options of the command say. */
export async function askWhole<T>(
  inputs: readonly string[],
  { options }: Pick<Invocation, "options">,
  ask: (engine: FeedingEngine) => Promise<T>,
): Promise<T> {
  const engine = createEngine({
    inputs,
    format: options.format,
    timeZone: options.tz,
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  });
  try {
    await engine.loaded();
    return await ask(engine);
  } finally {
    await engine.close();
  }
}
