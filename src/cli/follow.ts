import type { Engine } from "../engine/contract.ts";

/**
 * Yields false each time the engine may have new answers, at most as often as it publishes; true once at the end, when
 * `stop` fires.
 */
export async function* changes(engine: Engine, stop: AbortSignal): AsyncGenerator<boolean> {
  let seen = -1;
  let wake: () => void = () => undefined;
  const unsubscribe = engine.subscribe(() => wake());
  stop.addEventListener("abort", () => wake(), { once: true });
  try {
    while (!stop.aborted) {
      const { revision } = engine.status;
      if (revision === seen) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (stop.aborted || engine.status.revision !== seen) resolve();
        });
        continue;
      }
      seen = revision;
      yield false;
    }
    yield true;
  } finally {
    unsubscribe();
  }
}
