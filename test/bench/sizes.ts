/** "256m" → bytes (k, m, g are powers of 1,024); null when it is no size. */
export function bytesOf(text: string): number | null {
  const found = /^(\d+)([kmg]?)$/i.exec(text);
  if (found === null) return null;
  const units: Record<string, number> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
  return Number(found[1]) * (units[(found[2] ?? "").toLowerCase()] ?? 1);
}
