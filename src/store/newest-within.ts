import type { Store } from "./store.ts";

/** The last of these ids (ascending) that are kept and whose original events come to at most so many bytes. */
export async function newestWithin(
  store: Store,
  ids: readonly number[],
  mostBytes: number,
): Promise<readonly number[]> {
  const sizes = await store.bytesOf(ids);
  const newest: number[] = [];
  let bytes = 0;
  for (let at = ids.length - 1; at >= 0; at--) {
    const size = sizes[at] ?? null;
    if (size === null) continue;
    bytes += size;
    if (bytes > mostBytes) break;
    newest.push(ids[at] as number);
  }
  return newest.reverse();
}
