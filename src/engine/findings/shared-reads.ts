import { setImmediate as nextTurn } from "node:timers/promises";
import type { Store } from "../../store/store.ts";

/** Bytes of original events read in one pass, unless one question alone wants more. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Wish {
  readonly ids: readonly number[];
  readonly bytes: number;
  take(at: number, bytes: Uint8Array): void;
  end(): void;
  fail(error: unknown): void;
}

/**
 * Questions of many askers to one store: one at a time, and what is to be read from original events only when nobody has
 * another question, so that one pass over the inputs reads for all. A packed log is unpacked anew for each pass.
 */
export class SharedReads {
  private readonly store: Store;
  private readonly signal: AbortSignal;
  /** Questions that are asked, or wait for their turn. */
  private asked = 0;
  private last: Promise<unknown> = Promise.resolve();
  private wishes: Wish[] = [];

  constructor(store: Store, signal: AbortSignal) {
    this.store = store;
    this.signal = signal;
  }

  ask<T>(question: (store: Store, signal: AbortSignal) => Promise<T>): Promise<T> {
    this.asked += 1;
    const mine = this.last.then(() => question(this.store, this.signal));
    this.last = mine
      .catch(() => undefined)
      .then(() => {
        this.asked -= 1;
        void this.readWhenQuiet();
      });
    return mine;
  }

  /** What `of` makes of their original events; undefined for those that cannot be read. */
  async read<T>(ids: readonly number[], of: (bytes: Uint8Array) => T): Promise<readonly (T | undefined)[]> {
    const found: (T | undefined)[] = ids.map(() => undefined);
    if (ids.length === 0) return found;
    const sizes = await this.ask((store) => store.bytesOf(ids));
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.wishes.push({
      ids,
      bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
      take: (at, bytes) => (found[at] = of(bytes)),
      end: () => resolve(undefined),
      fail: reject,
    });
    await promise;
    return found;
  }

  /** Who got an answer has asked the next question by the next turn, if there is one. */
  private async readWhenQuiet(): Promise<void> {
    await nextTurn();
    if (this.asked > 0 || this.wishes.length === 0) return;
    let bytes = 0;
    const later = this.wishes.findIndex((wish, at) => (bytes += wish.bytes) > MOST_BYTES && at > 0);
    const wishes = this.wishes.splice(0, later < 0 ? this.wishes.length : later);
    this.ask((store, signal) => pass(store, wishes, signal)).then(
      () => {
        for (const wish of wishes) wish.end();
      },
      (error: unknown) => {
        for (const wish of wishes) wish.fail(error);
      },
    );
  }
}

async function pass(store: Store, wishes: readonly Wish[], signal: AbortSignal): Promise<void> {
  const wanted = new Map<number, { readonly wish: Wish; readonly at: number }[]>();
  for (const wish of wishes) {
    wish.ids.forEach((id, at) => {
      const known = wanted.get(id);
      if (known === undefined) wanted.set(id, [{ wish, at }]);
      else known.push({ wish, at });
    });
  }
  const ids = [...wanted.keys()].sort((a, b) => a - b);
  for await (const { at, event } of store.originals(ids, signal)) {
    if (!("bytes" in event)) continue;
    for (const { wish, at: place } of wanted.get(ids[at] as number) ?? []) wish.take(place, event.bytes);
  }
}
