import type { Worker } from "node:worker_threads";
import { KtrailError, type ErrorCode } from "../errors.ts";
import type { AnswerFor, AskKind, Asks, Engine, EngineOptions, EngineStatus } from "./contract.ts";
import type { FromEngine, ToEngine } from "./protocol.ts";
import { EMPTY_STATUS } from "./status.ts";
import { workerUrl } from "./worker-url.ts";

/**
 * What the thread makes and drops between two collections: with Node's 48 MiB a million requests of a big cluster take 38 MiB
 * more, and no less CPU.
 */
const YOUNG_MIB = 6;

interface Waiting {
  resolve(value: unknown): void;
  onPartial(value: unknown): void;
  reject(error: Error): void;
}

/** The engine as the explorer sees it: the same interface, with all work on one other thread, from `begin` on. */
export class ThreadedEngine implements Engine {
  private latest: EngineStatus = EMPTY_STATUS;
  private begun: Promise<void> | null = null;
  private worker: Worker | null = null;
  /** What was asked before the thread was there. */
  private readonly early: ToEngine[];
  private readonly listeners = new Set<(status: EngineStatus) => void>();
  private readonly waiting = new Map<number, Waiting>();
  private readonly whenLoaded = Promise.withResolvers<void>();
  private nextId = 1;
  private dead: Error | null = null;
  private isClosing = false;

  constructor(options: EngineOptions) {
    this.early = [{ type: "open", options }];
    this.whenLoaded.promise.catch(() => undefined);
  }

  /** Starts the thread and with it the reading. Questions may be asked before. */
  begin(): void {
    this.begun ??= this.start();
    this.begun.catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))));
  }

  private async start(): Promise<void> {
    const { Worker } = await import("node:worker_threads");
    const worker = new Worker(workerUrl("worker"), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
    this.worker = worker;
    worker.on("message", (message: FromEngine) => {
      if (message.type === "loaded") this.whenLoaded.resolve();
      else this.receive(message);
    });
    worker.on("error", (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.fail(new Error("it exited")));
    for (const message of this.early.splice(0)) worker.postMessage(message);
  }

  get status(): EngineStatus {
    return this.latest;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  ask<K extends AskKind>(
    kind: K,
    ask: Asks[K]["ask"],
    signal?: AbortSignal,
    onPartial?: (answer: AnswerFor<K>) => void,
  ): Promise<AnswerFor<K>> {
    if (this.dead !== null) return Promise.reject(this.dead);
    if (signal?.aborted === true) return Promise.reject(aborted());
    const id = this.nextId;
    this.nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<AnswerFor<K>>();
    const cancel = (): void => {
      if (!this.waiting.delete(id)) return;
      this.send({ type: "cancel", id });
      reject(aborted());
    };
    this.waiting.set(id, {
      resolve: (value) => {
        signal?.removeEventListener("abort", cancel);
        resolve(value as AnswerFor<K>);
      },
      onPartial: (value) => onPartial?.(value as AnswerFor<K>),
      reject: (error) => {
        signal?.removeEventListener("abort", cancel);
        reject(error);
      },
    });
    signal?.addEventListener("abort", cancel, { once: true });
    this.send({ type: "ask", id, kind, ask, wantsPartial: onPartial !== undefined });
    return promise;
  }

  loaded(): Promise<void> {
    return this.whenLoaded.promise;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.begun?.catch(() => undefined);
    const { worker } = this;
    if (worker !== null && this.dead === null) {
      const closed = new Promise<void>((resolve) => {
        worker.on("exit", () => resolve());
      });
      this.send({ type: "close" });
      // A thread stuck in a long read must not keep the terminal: it is ended from outside.
      const impatient = setTimeout(() => void worker.terminate(), 1_000);
      await closed;
      clearTimeout(impatient);
    }
    this.listeners.clear();
  }

  private send(message: ToEngine): void {
    if (this.worker === null) this.early.push(message);
    else this.worker.postMessage(message);
  }

  private receive(message: FromEngine): void {
    if (message.type === "status") {
      this.publish(message.status);
    } else if (message.type === "answer") {
      this.waiting.get(message.id)?.resolve(message.value);
      this.waiting.delete(message.id);
    } else if (message.type === "partial") {
      this.waiting.get(message.id)?.onPartial(message.value);
    } else if (message.type === "failed") {
      const error =
        message.code === undefined
          ? Object.assign(new Error(message.message), { name: message.name })
          : new KtrailError(message.code as ErrorCode, message.message);
      this.waiting.get(message.id)?.reject(error);
      this.waiting.delete(message.id);
    }
  }

  private publish(status: EngineStatus): void {
    this.latest = status;
    if (status.failure !== null) this.whenLoaded.reject(new Error(status.failure));
    for (const listener of this.listeners) listener(status);
  }

  private fail(error: Error): void {
    if (this.dead === null && !this.isClosing) {
      const failure = this.latest.failure ?? `the engine's thread has ended: ${error.message}`;
      this.publish({ ...this.latest, phase: "idle", arrivalRate: null, lagMs: null, progress: null, failure });
    }
    this.dead ??= error;
    this.whenLoaded.reject(error);
    for (const waiter of this.waiting.values()) waiter.reject(error);
    this.waiting.clear();
  }
}

function aborted(): Error {
  return Object.assign(new Error("cancelled by a newer question"), { name: "AbortError" });
}
