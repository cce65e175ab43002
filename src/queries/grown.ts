/** A copy with room for twice as many, `least` at least. */
export function grown(column: Uint32Array, least = 0): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.max(column.length * 2, least));
  copy.set(column);
  return copy;
}
