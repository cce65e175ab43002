import type { Engine, EngineStatus } from "../engine/contract.ts";

/**
 * Yields false each time the engine may have new answers, or an input was caught up with, at most as often as it
 * publishes; true once at the end, when `stop` fires.
 */
export async function* changes(engine: Engine, stop: AbortSignal): AsyncGenerator<boolean> {
  let seen = "";
  let wake: () => void = () => undefined;
  const unsubscribe = engine.subscribe(() => wake());
  stop.addEventListener("abort", () => wake(), { once: true });
  try {
    while (!stop.aborted) {
      const state = stateOf(engine.status);
      if (state === seen) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (stop.aborted || stateOf(engine.status) !== seen) resolve();
        });
        continue;
      }
      seen = state;
      yield false;
    }
    yield true;
  } finally {
    unsubscribe();
  }
}

function stateOf({ revision, backfilling, inputs }: EngineStatus): string {
  return `${revision} ${backfilling} ${inputs.map(({ state }) => state).join(" ")}`;
}
