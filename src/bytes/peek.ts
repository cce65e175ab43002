/** A pulled stream whose beginning was looked at. */
export interface Peeked {
  readonly head: Uint8Array;
  /** The stream, with the head in front. */
  readonly stream: AsyncGenerator<Uint8Array, void, void>;
}

/**
 * Pulls until there are `bytes` of it, the end is reached or `isEnough` is content with less. Leaving returns the input. What
 * fails behind the first bytes fails when it is pulled.
 */
export async function peek(
  input: AsyncIterator<Uint8Array>,
  bytes: number,
  isEnough: (head: Uint8Array) => boolean = () => false,
): Promise<Peeked> {
  let head: Uint8Array = new Uint8Array(0);
  try {
    while (head.length < bytes && !(head.length > 0 && isEnough(head))) {
      const next = await input.next();
      if (next.done === true) break;
      head = head.length === 0 ? Uint8Array.from(next.value) : Buffer.concat([head, next.value]);
    }
  } catch (error) {
    if (head.length === 0) throw error;
    return { head, stream: new Resumed(head, { next: () => Promise.reject(error) }) };
  }
  return { head, stream: new Resumed(head, input) };
}

/** No generator function: one that nobody has begun does not return its input. */
class Resumed implements AsyncGenerator<Uint8Array, void, void> {
  private head: Uint8Array;
  private readonly rest: AsyncIterator<Uint8Array>;

  constructor(head: Uint8Array, rest: AsyncIterator<Uint8Array>) {
    this.head = head;
    this.rest = rest;
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    const value = this.head;
    if (value.length === 0) return this.rest.next();
    this.head = new Uint8Array(0);
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.head = new Uint8Array(0);
    await this.rest.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Uint8Array, void>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
