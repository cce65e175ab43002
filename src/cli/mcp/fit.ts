/** Characters of an answer: what an assistant can be given at once. */
const MOST = 64_000;
const MOST_CUTS = 12;

export interface Fitted {
  /** Null where it can't be made small enough. */
  readonly json: string | null;
  /** What was left out, a sentence each. */
  readonly cuts: readonly string[];
}

/** An answer as JSON that is not too long: its longest lists are cut, from the end, until it fits. */
export function fitted(value: unknown): Fitted {
  const cuts = new Map<string, string>();
  let json = JSON.stringify(value);
  let shown: unknown = value;
  for (let cut = 0; json.length > MOST; cut += 1) {
    if (cut === 0) shown = JSON.parse(json);
    const longest = longestList(shown, "", { path: "", list: [], length: 0 });
    if (cut === MOST_CUTS || longest.list.length < 2) return { json: null, cuts: [] };
    const { list, path, length } = longest;
    const own = Math.max(1, Math.floor(list.length * Math.max(0, 1 - (json.length - MOST * 0.9) / length)));
    const of = /of (\d+)/.exec(cuts.get(path) ?? "")?.[1] ?? String(list.length);
    list.length = Math.min(own, list.length - 1);
    cuts.set(path, `${path === "" ? "the answer" : path} is cut to its first ${list.length} of ${of}`);
    json = JSON.stringify(shown);
  }
  return { json, cuts: [...cuts.values()] };
}

interface Found {
  readonly path: string;
  readonly list: unknown[];
  /** Of its JSON. */
  readonly length: number;
}

function longestList(value: unknown, path: string, best: Found): Found {
  if (typeof value !== "object" || value === null) return best;
  let found = best;
  if (Array.isArray(value)) {
    const { length } = JSON.stringify(value);
    // Lists in a list are cut with it.
    return length > found.length && value.length > 1 ? { path, list: value as unknown[], length } : found;
  }
  for (const [key, item] of Object.entries(value))
    found = longestList(item, path === "" ? key : `${path}.${key}`, found);
  return found;
}
