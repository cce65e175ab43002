import { Lz4Frames } from "./lz4-frames.ts";

/** `onFault` hears one sentence when the data ends early or is damaged. */
export async function* fromLz4(
  input: AsyncIterator<Uint8Array>,
  onFault: (sentence: string) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const frames = new Lz4Frames();
  try {
    for (;;) {
      const next = await input.next();
      if (next.done === true) break;
      yield* frames.push(next.value);
    }
    if (!frames.isWhole) onFault("the lz4 data ends early: the file is cut or still being written");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    onFault(`the lz4 data is damaged (${error.message}): what follows is lost`);
  } finally {
    await input.return?.();
  }
}
