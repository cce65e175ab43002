import { Worker } from "node:worker_threads";
import type { RemoteSeat } from "../../index/ring-options.ts";
import type { RequestRing } from "../../index/ring.ts";
import { workerUrl } from "../worker-url.ts";
import type { FromScanThread, Range, RangedFile, ScannedRange, ToScanThread } from "./contract.ts";

/** Ranges given to a thread at once: one is scanned, the next is there when it is done. */
const RANGES_A_THREAD = 2;

/** So many that the others find work while one has to wait for a processor; a range's rows are some 100 KB. */
const AHEAD_A_THREAD = 4;

interface Thread {
  readonly worker: Worker;
  readonly running: Map<number, PromiseWithResolvers<ScannedRange>>;
  readonly started: PromiseWithResolvers<void>;
  isReady: boolean;
}

/** Threads that scan ranges of files beside the engine's own. None runs before `start`. */
export class ScanThreads {
  private readonly count: number;
  private readonly code: URL;
  private threads: Thread[] = [];
  private readonly ending: Promise<unknown>[] = [];
  /** A thread that has ended is not replaced. */
  private begun = 0;
  private nextId = 1;
  private nextLane = 1;

  /** `code`: what a thread runs. */
  constructor(count: number, code: URL = workerUrl("scan-worker")) {
    this.count = count;
    this.code = code;
  }

  /**
   * Starting a thread and compiling its code once more takes 100–200 ms of CPU. Resolves when all can take ranges, or when
   * it is known that they can not.
   */
  async start(): Promise<void> {
    while (this.begun < this.count) {
      this.begun++;
      this.threads.push(newThread(this.code, (thread) => this.drop(thread)));
    }
    await Promise.all(this.threads.map(({ started }) => started.promise));
  }

  /** How many ranges may be under way or wait for one before them. */
  get mostAhead(): number {
    return (this.count + 1) * AHEAD_A_THREAD;
  }

  /** Whether a range given to `Lane.scan` would be taken. */
  get hasRoom(): boolean {
    return this.leastBusy() !== null;
  }

  openLane(ring: RequestRing): Lane {
    return new Lane(this.nextLane++, ring, this);
  }

  /** Ends the threads; what is asked for and not there yet fails. */
  async close(): Promise<void> {
    for (const thread of this.threads) {
      lose(thread, new Error("closed"));
      this.ending.push(thread.worker.terminate());
    }
    this.threads = [];
    this.begun = this.count;
    await Promise.all(this.ending);
  }

  /** For lanes only; null when all threads have enough to do. */
  scan(lane: Lane, file: RangedFile, range: Range): Promise<ScannedRange> | null {
    const thread = this.leastBusy();
    if (thread === null) return null;
    const { worker, running } = thread;
    const id = this.nextId++;
    const result = Promise.withResolvers<ScannedRange>();
    running.set(id, result);
    const seat = lane.seatOn(worker);
    const job = { id, lane: lane.id, seat, file, range, cancelled: lane.cancelled };
    worker.postMessage({ type: "scan", job } satisfies ToScanThread);
    return result.promise;
  }

  private leastBusy(): Thread | null {
    let best: Thread | null = null;
    for (const thread of this.threads) {
      if (thread.isReady && thread.running.size < (best?.running.size ?? RANGES_A_THREAD)) best = thread;
    }
    return best;
  }

  private drop(thread: Thread): void {
    this.threads = this.threads.filter((other) => other !== thread);
  }
}

function newThread(code: URL, onLost: (thread: Thread) => void): Thread {
  const worker = new Worker(code, { name: "scan" });
  const thread: Thread = { worker, running: new Map(), started: Promise.withResolvers(), isReady: false };
  worker.on("message", (message: FromScanThread) => {
    if (message.type === "ready") {
      thread.isReady = true;
      thread.started.resolve();
      return;
    }
    const result = thread.running.get(message.id);
    thread.running.delete(message.id);
    if (message.type === "scanned") result?.resolve(message.result);
    else result?.reject(new Error(message.message));
  });
  const end = (error: Error): void => {
    onLost(thread);
    lose(thread, error);
  };
  worker.on("error", (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => end(new Error("a scanning thread has ended")));
  return thread;
}

function lose(thread: Thread, error: Error): void {
  thread.isReady = false;
  thread.started.resolve();
  for (const result of thread.running.values()) result.reject(error);
  thread.running.clear();
}

/**
 * Ranges whose batches are appended in the order in which they were given. Each thread numbers names by itself, and from
 * lane to lane anew.
 */
export class Lane {
  readonly id: number;
  readonly cancelled = new Int32Array(new SharedArrayBuffer(4));
  private readonly ring: RequestRing;
  private readonly owner: ScanThreads;
  private readonly seats = new Map<Worker, RemoteSeat>();
  private readonly open = new Set<Promise<void>>();

  constructor(id: number, ring: RequestRing, owner: ScanThreads) {
    this.id = id;
    this.ring = ring;
    this.owner = owner;
  }

  /** Null when all threads have enough to do. Rejects when the file can't be read or its thread has ended. */
  scan(file: RangedFile, range: Range): Promise<ScannedRange> | null {
    const result = this.owner.scan(this, file, range);
    if (result === null) return null;
    const settled: Promise<void> = result.then(
      () => void this.open.delete(settled),
      () => void this.open.delete(settled),
    );
    this.open.add(settled);
    return result;
  }

  /** Cuts short what is asked for and not there yet. */
  cancel(): void {
    Atomics.store(this.cancelled, 0, 1);
  }

  /** Resolves when no thread reads its files any more. Its batches must have been appended. */
  async close(): Promise<void> {
    this.cancel();
    for (const [worker, { scanner }] of this.seats) {
      this.ring.closeRemoteScanner(scanner);
      worker.postMessage({ type: "close", lane: this.id } satisfies ToScanThread);
    }
    this.seats.clear();
    await Promise.all(this.open);
  }

  /** For the owner only: this lane's seat on a thread. */
  seatOn(worker: Worker): RemoteSeat {
    let seat = this.seats.get(worker);
    if (seat === undefined) {
      seat = this.ring.openRemoteScanner();
      this.seats.set(worker, seat);
    }
    return seat;
  }
}
