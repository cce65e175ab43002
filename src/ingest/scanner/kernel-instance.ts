import type { ScannedRows } from "../batch-builder.ts";
import { EVENT_KERNEL } from "./event-kernel.wasm.ts";

/** What wasm/event-kernel.ts exports; positions are in its memory. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  inputAt(): number;
  recordAt(): number;
  inputBytes(): number;
  resultAt(): number;
  rowsAt(): number;
  maxRows(): number;
  maxTexts(): number;
  seedText(start: number, word: number, state: number): void;
  seedIds(low: number, high: number, a: number, b: number, c: number, d: number): void;
  clearTexts(): void;
  clearTargets(): void;
  omitTexts(which: number, where: boolean): void;
  begin(bytes: number): void;
  next(): number;
  record(bytes: number): number;
  readActor(isWhole: boolean): number;
  readNotes(isWhole: boolean): number;
  learn(actor: number, target: number, outcome: number, verbMarks: number): void;
  takeRows(): number;
  dealtWith(): number;
}

/** Each kernel is 22 MiB of address space or more, and of memory what it has seen; with more scanners than this on one thread the others use JSON.parse. */
const MAX_KERNELS = 64;

/** What is used of the standard's API; Node's types lack it without those of a browser. */
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };
  }
).WebAssembly;

let compiled: object | undefined;
let kernels = 0;
/** Memory of a kernel cannot shrink: it goes with its scanner, and the next one begins with a new kernel. */
const released = new FinalizationRegistry<void>(() => kernels--);

/** Null where WebAssembly with SIMD, or memory for another one, is missing. */
export function takeKernel(): Kernel | null {
  if (kernels >= MAX_KERNELS) return null;
  try {
    compiled ??= new Module(Buffer.from(EVENT_KERNEL.join(""), "base64"));
    const kernel = new Instance(compiled).exports as Kernel;
    kernels++;
    return kernel;
  } catch {
    // JSON.parse reads the same.
    return null;
  }
}

const PAGE_BYTES = 65536;
/** Beyond this, JSON.parse: what a kernel grew by it keeps. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** The kernel looks this far ahead. */
const READ_AHEAD = 64;

/** Whether a record of this length can lie at recordAt(); views of the memory are void after it grew. */
export function makeRoomForRecord(kernel: Kernel, bytes: number): boolean {
  const missing = kernel.recordAt() + bytes + READ_AHEAD - kernel.memory.buffer.byteLength;
  if (missing <= 0) return true;
  if (bytes > MAX_RECORD_BYTES) return false;
  try {
    kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return true;
  } catch {
    return false;
  }
}

/** The kernel that `owner` took counts no more once that is garbage. */
export function releaseWith(owner: object): void {
  released.register(owner);
}

/** Views of the rows a kernel took. */
export function rowsOf(kernel: Kernel): ScannedRows {
  const { buffer } = kernel.memory;
  const rows = kernel.maxRows();
  let at = kernel.rowsAt();
  const times = (): Float64Array => new Float64Array(buffer, (at += rows * 8) - rows * 8, rows);
  const words = (): Uint32Array => new Uint32Array(buffer, (at += rows * 4) - rows * 4, rows);
  return {
    receivedUs: times(),
    stageUs: times(),
    actor: words(),
    target: words(),
    outcome: words(),
    idLow: words(),
    idHigh: words(),
    start: words(),
    bytes: words(),
    marks: new Uint8Array(buffer, at, rows),
  };
}
