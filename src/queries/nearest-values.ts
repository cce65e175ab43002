import { editDistance } from "./closest.ts";

/** A value of the log with how many requests have it. */
export interface LogValue {
  readonly value: string;
  readonly requests: number;
}

/** Longer ones are compared by their start: strangers choose them. */
const LONGEST = 256;

/** Those that `typed` may have meant: the same in another case, starting with it, holding it, or a few letters away. */
export function nearestValues<T extends LogValue>(typed: string, values: readonly T[], limit: number): T[] {
  const wanted = typed.toLowerCase();
  if (wanted === "") return [];
  return values
    .map((found) => ({ found, rank: rankOf(wanted, found.value.slice(0, LONGEST).toLowerCase()) }))
    .filter(({ rank }) => rank < FAR)
    .sort((a, b) => a.rank - b.rank || b.found.requests - a.found.requests || (a.found.value < b.found.value ? -1 : 1))
    .slice(0, limit)
    .map(({ found }) => found);
}

const FAR = 100;

function rankOf(wanted: string, value: string): number {
  if (value === wanted) return 0;
  if (value.startsWith(wanted)) return 1;
  const at = value.indexOf(wanted);
  if (at > 0) return /[^\p{L}\p{N}]/u.test(value[at - 1] ?? "") ? 2 : 3;
  const allowed = wanted.length <= 4 ? 1 : wanted.length <= 8 ? 2 : 3;
  // `ngnix` is near to nginx-857899445 by its first part.
  const parts = value.split(/[^\p{L}\p{N}]+/u, 8);
  const ranks = [
    4 + 2 * editDistance(wanted, value, allowed),
    ...parts.map((part) => 5 + 2 * editDistance(wanted, part, allowed)),
  ];
  const rank = Math.min(...ranks);
  return rank <= 5 + 2 * allowed ? rank : FAR;
}

/** Codes and the like: by distance. */
export function nearestNumbers<T extends LogValue>(typed: number, values: readonly T[], limit: number): T[] {
  const distance = ({ value }: LogValue): number => Math.abs(Number(value) - typed);
  return values
    .filter(({ value }) => value !== "" && Number.isFinite(Number(value)))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, limit);
}
