import xz from "xz-decompress";

/** `onFault` hears one sentence when the data ends early or is damaged. */
export async function* fromXz(
  input: AsyncIterator<Uint8Array>,
  onFault: (sentence: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    const decoder = await XzDecoder.create();
    for (;;) {
      const next = await input.next();
      if (next.done === true) break;
      yield* decoder.decode(next.value);
    }
    if (!decoder.isWhole()) onFault("the xz data ends early: the file is cut or still being written");
  } catch (error) {
    if (!(error instanceof XzFault)) throw error;
    onFault(error.message);
  } finally {
    await input.return?.();
  }
}

class XzFault extends Error {}

/** xz_ret of xz-embedded. */
const OK = 0;
const STREAM_END = 1;
const NO_MEMORY = [3, 4];
const OTHER_OPTIONS = 6;

/** The context's fields, in words from its start. */
const BUFFER_BYTES = 0;
const IN_START = 1;
const IN_AT = 2;
const IN_END = 3;
const OUT_START = 4;
const OUT_AT = 5;

interface XzExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  /** No bytes say that there are no more. */
  supply_input(context: number, bytes: number): void;
  get_next_output(context: number): number;
}

/** What the library has under its stream. */
const INSTANTIATE = "_getModuleInstance";
const INSTANCE = "_moduleInstance";

interface XzLibrary {
  [INSTANTIATE](): Promise<void>;
  [INSTANCE]: { readonly exports: XzExports } | null;
}

/**
 * The library's decoder without its stream, which lets nobody decode while another is not done. Each decoder has a memory
 * of its own: what damaged data does to it goes with it. A dictionary may have 64 MiB.
 */
class XzDecoder {
  private readonly wasm: XzExports;
  private readonly context: number;

  private constructor(wasm: XzExports) {
    this.wasm = wasm;
    this.context = wasm.create_context();
  }

  static async create(): Promise<XzDecoder> {
    const library = xz.XzReadableStream as unknown as XzLibrary;
    for (;;) {
      await library[INSTANTIATE]();
      const instance = library[INSTANCE];
      // Another may have taken it between the two.
      library[INSTANCE] = null;
      if (instance !== null) return new XzDecoder(instance.exports);
    }
  }

  /** Throws an XzFault for damaged data. */
  *decode(input: Uint8Array): Generator<Uint8Array, void, void> {
    for (let from = 0; from < input.length;) {
      const part = input.subarray(from, from + this.word(BUFFER_BYTES));
      from += part.length;
      this.bytes(IN_START, part.length).set(part);
      this.wasm.supply_input(this.context, part.length);
      for (;;) {
        this.step();
        const produced = this.word(OUT_AT);
        if (produced > 0) yield this.bytes(OUT_START, produced).slice();
        this.setWord(OUT_AT, 0);
        if (produced < this.word(BUFFER_BYTES) && this.word(IN_AT) === this.word(IN_END)) break;
      }
    }
  }

  /** Whether the data may end here. */
  isWhole(): boolean {
    this.wasm.supply_input(this.context, 0);
    return this.wasm.get_next_output(this.context) === STREAM_END;
  }

  private step(): void {
    let status = -1;
    try {
      status = this.wasm.get_next_output(this.context);
    } catch {
      // Trapped.
    }
    if (status === OK || status === STREAM_END) return;
    const elsewhere = "try: xz -dc FILE | ktrail -";
    if (NO_MEMORY.includes(status)) throw new XzFault(`the xz data needs more than 64 MiB of memory; ${elsewhere}`);
    if (status === OTHER_OPTIONS)
      throw new XzFault(`the xz data uses a filter or a check that is not read; ${elsewhere}`);
    throw new XzFault("the xz data is damaged: what follows is lost");
  }

  private word(index: number): number {
    return this.words()[index] as number;
  }

  private setWord(index: number, value: number): void {
    this.words()[index] = value;
  }

  /** The memory may have grown since: views are made anew. */
  private words(): Uint32Array {
    return new Uint32Array(this.wasm.memory.buffer, this.context, OUT_AT + 1);
  }

  private bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, this.word(pointer), length);
  }
}
