import { setImmediate } from "node:timers/promises";
import { extract } from "tar-stream";
import { ArchiveFault, MemberNames, isArchiveFault, type Member } from "./member.ts";

/** What tar-stream gives for each entry. */
interface Entry {
  readonly header: {
    readonly name: string;
    readonly type: string;
    readonly size: number;
    readonly byteOffset?: number;
  };
  readonly destroyed: boolean;
  read(): Buffer | null;
  on(event: string, listener: () => void): unknown;
}

/** The files of a tar that is pulled as a stream. Throws an ArchiveFault where it is cut or damaged. */
export async function* tarMembers(input: AsyncIterator<Uint8Array>): AsyncGenerator<Member, void, void> {
  const parser = extract();
  let failure: Error | null = null;
  parser.on("error", (error) => (failure = error));
  const taker = new Taker();
  const pumping = pump(input, parser, taker).catch((error: unknown) => {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  const names = new MemberNames();
  const entries = parser[Symbol.asyncIterator]();
  let ordinal = 0;
  try {
    for (;;) {
      const next = await taker.waits(entries.next());
      if (next.done === true) break;
      const contents = new Contents(next.value as unknown as Entry, taker);
      const { type, name, size, byteOffset = null } = contents.entry.header;
      if (type === "file" || type === "contiguous-file") {
        yield { name: names.next(name), ordinal, bytes: size, offset: byteOffset, chunks: () => contents.chunks() };
      }
      ordinal += 1;
      for await (const _ of contents.chunks());
    }
    if (failure !== null) throw failure;
  } catch (error) {
    if (isArchiveFault(error)) throw error;
    const message = error instanceof Error ? error.message : "";
    throw new ArchiveFault(
      /unexpected end/i.test(message) ? "the tar archive ends early" : "the tar archive is damaged",
    );
  } finally {
    parser.destroy();
    await input.return?.();
    await pumping;
  }
}

/** Feeds the parser. What was fed is lost when the parser fails: it hears of the end once all was taken. */
async function pump(input: AsyncIterator<Uint8Array>, parser: ReturnType<typeof extract>, taker: Taker): Promise<void> {
  let wake = (): void => {};
  for (const event of ["drain", "close"] as const) parser.on(event, () => wake());
  let failure: unknown = null;
  for (;;) {
    const next = await input.next().catch((error: unknown) => {
      failure = error;
      return { done: true, value: undefined } as const;
    });
    if (next.done === true) break;
    if (parser.destroyed) return;
    // Slices of it are handed out, and the chunk is reused.
    const hasRoom = parser.write(Buffer.from(next.value));
    if (!hasRoom && !parser.destroyed) await new Promise<void>((resolve) => (wake = resolve));
    if (parser.destroyed) return;
  }
  if (parser.destroyed) return;
  await Promise.race([taker.isStarved(), new Promise<void>((resolve) => (wake = resolve))]);
  if (failure !== null) throw failure;
  parser.end(undefined);
}

/** Who takes from the parser, as far as the pump has to know. */
class Taker {
  private waiting = 0;
  private begins = (): void => {};

  async waits<T>(promise: Promise<T>): Promise<T> {
    this.waiting += 1;
    this.begins();
    try {
      return await promise;
    } finally {
      this.waiting -= 1;
    }
  }

  /** Resolves when the parser has nothing more to give. */
  async isStarved(): Promise<void> {
    for (;;) {
      if (this.waiting === 0) await new Promise<void>((resolve) => (this.begins = resolve));
      // What the parser has is given before that.
      await setImmediate();
      if (this.waiting > 0) return;
    }
  }
}

/** An entry's bytes. */
class Contents {
  readonly entry: Entry;
  private readonly taker: Taker;
  private hasEnded = false;
  private wake = (): void => {};

  constructor(entry: Entry, taker: Taker) {
    this.entry = entry;
    this.taker = taker;
    entry.on("end", () => (this.hasEnded = true));
    for (const event of ["readable", "end", "close", "error"]) entry.on(event, () => this.wake());
  }

  /** From where the last one left; leaving early ends nothing. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const chunk = this.entry.read();
      if (chunk !== null) yield chunk;
      else if (this.hasEnded) return;
      else if (this.entry.destroyed) throw new ArchiveFault("the tar archive ends early");
      else await this.taker.waits(new Promise<void>((resolve) => (this.wake = resolve)));
    }
  }
}
