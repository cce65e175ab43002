import type { EngineOptions, FeedingEngine } from "./contract.ts";
import { LocalEngine } from "./local-engine.ts";
import { defaultMemory, planMemory } from "./memory-plan.ts";
import type { StoreEngine } from "./store-engine.ts";
import { ThreadedEngine } from "./threaded-engine.ts";

export const DEFAULT_CAPACITY = 1_000_000;
export const DEFAULT_TAIL_MS = 15 * 60 * 1_000;

/** `memory`: what the process may take, in bytes; by default what the capacity needs. */
export type EngineWishes = Partial<EngineOptions> & Pick<EngineOptions, "inputs"> & { readonly memory?: number };

/** The engine of a headless command: in this thread, over the whole input. */
export function createEngine(wishes: EngineWishes): FeedingEngine {
  return new LocalEngine(headless(wishes));
}

function headless({ memory, ...options }: EngineWishes): EngineOptions {
  const { capacity = Number.POSITIVE_INFINITY } = options;
  return {
    follow: false,
    capacity,
    ...planMemory(memory ?? defaultMemory(capacity), capacity),
    tailMs: Number.POSITIVE_INFINITY,
    format: "auto",
    timeZone: "utc",
    ...options,
  };
}

/** The same over a store, whose client is loaded when there is one. */
export async function createStoreEngine(
  wishes: EngineWishes & Required<Pick<EngineOptions, "store">>,
): Promise<StoreEngine> {
  const { StoreEngine } = await import("./store-engine.ts");
  return new StoreEngine({ ...headless(wishes), store: wishes.store });
}

/** The explorer's engine: on a thread of its own, bounded. Reads from `begin` on. */
export function createExplorerEngine({ memory, ...options }: EngineWishes): ThreadedEngine {
  const { capacity = DEFAULT_CAPACITY } = options;
  return new ThreadedEngine({
    follow: false,
    capacity,
    ...planMemory(memory ?? defaultMemory(capacity), capacity),
    tailMs: DEFAULT_TAIL_MS,
    format: "auto",
    timeZone: "utc",
    ...options,
  });
}
