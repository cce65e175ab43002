import { parentPort } from "node:worker_threads";
import { KtrailError } from "../errors.ts";
import type { Asks, Engine, EngineOptions } from "./contract.ts";
import { LocalEngine } from "./local-engine.ts";
import type { FromEngine, ToEngine } from "./protocol.ts";

/** The engine's thread: reading, scanning, indexing and querying happen here, never on the screen's thread. */
const port = parentPort;
if (port === null) throw new Error("started outside a worker thread");

type Question = Extract<ToEngine, { type: "ask" }>;

let engine: Promise<Engine> | null = null;
const running = new Map<number, AbortController>();
const send = (message: FromEngine): void => port.postMessage(message);

async function answer({ id, kind, ask, wantsPartial }: Question): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    if (engine === null) throw new Error("asked before an input was opened");
    const onPartial = (value: unknown): void => send({ type: "partial", id, value });
    const own = ask as Asks[typeof kind]["ask"];
    const value = await (await engine).ask(kind, own, abort.signal, wantsPartial ? onPartial : undefined);
    send({ type: "answer", id, value });
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const code = known instanceof KtrailError ? { code: known.code } : {};
    send({ type: "failed", id, name: known.name, message: known.message, ...code });
  } finally {
    running.delete(id);
  }
}

async function open(options: EngineOptions): Promise<Engine> {
  const { store } = options;
  // The client of a store is loaded when there is one.
  const opened =
    store === undefined
      ? new LocalEngine(options)
      : new (await import("./store-engine.ts")).StoreEngine({ ...options, store });
  opened.subscribe((status) => send({ type: "status", status }));
  opened.loaded().then(
    () => send({ type: "loaded" }),
    () => {
      // The status says it.
    },
  );
  return opened;
}

port.on("message", (message: ToEngine) => {
  switch (message.type) {
    case "open":
      engine = open(message.options);
      break;
    case "ask":
      void answer(message);
      break;
    case "cancel":
      running.get(message.id)?.abort();
      break;
    case "close":
      void (engine ?? Promise.resolve(null))
        .then((opened) => opened?.close())
        .then(() => {
          send({ type: "closed" });
          port.close();
        });
      break;
    default:
      message satisfies never;
  }
});
