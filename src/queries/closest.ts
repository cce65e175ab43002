/** Edits (insert, delete, replace, swap neighbours) between two short words, at most `limit` + 1. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? cost) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/** Up to three of `words` that `typed` was likely meant to be, nearest first. */
export function closestWords(typed: string, words: readonly string[]): string[] {
  const word = typed.toLowerCase();
  if (word === "" || word.length > 40) return [];
  const limit = word.length <= 3 ? 1 : 2;
  return words
    .map((candidate) => {
      const known = candidate.toLowerCase();
      const starts = word.length >= 2 && known.startsWith(word);
      return { candidate, distance: starts ? 0.5 : editDistance(word, known, limit) };
    })
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
