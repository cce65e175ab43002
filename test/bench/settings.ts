import { bytesOf } from "./sizes.ts";

export const PARTS = [
  "ingest",
  "scale",
  "queries",
  "memory",
  "screen",
  "tail",
  "lineage",
  "findings",
  "soak",
  "equality",
  "targets",
] as const;
/** Repeats of others, or minutes. */
const APART: readonly string[] = ["equality", "scale", "targets"];
export type Part = (typeof PARTS)[number];

export interface Settings {
  readonly parts: readonly Part[];
  /** Rounds; medians are printed. */
  readonly runs: number;
  /** Size of each log to ingest, bytes. */
  readonly size: number;
  /** Also what takes minutes: 10,000,000 requests, slow programs on whole files. */
  readonly full: boolean;
  readonly updateDocs: boolean;
}

export const USAGE = `usage: npm run bench -- [PART…] [--size 256m] [--runs 3] [--full] [--update-docs]
  PART           ${PARTS.join(", ")}; default: all but equality, scale and targets
  --size SIZE    of each log to ingest (k, m, g)
  --runs N       rounds in turn; medians are printed
  --full         10,000,000 requests too, and slow programs on whole files instead of their first 8 MiB
  --update-docs  write the tables into docs/performance.md
`;

/** Throws a sentence for the user. */
export function settingsFrom(words: readonly string[]): Settings {
  const parts = new Set<Part>();
  let runs = 3;
  let size = 256 * 2 ** 20;
  let full = false;
  let updateDocs = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const part = PARTS.find((name) => name === word);
    if (part !== undefined) parts.add(part);
    else if (word === "--full") full = true;
    else if (word === "--update-docs") updateDocs = true;
    else if (word === "--runs") runs = Number(rest.shift());
    else if (word === "--size") size = bytesOf(rest.shift() ?? "") ?? Number.NaN;
    else throw new Error(`unknown: ${word}`);
  }
  if (!(Number.isInteger(runs) && runs > 0)) throw new Error("--runs needs a whole number above 0");
  if (!(size > 0)) throw new Error("--size needs a size like 256m or 1g");
  return {
    parts: parts.size === 0 ? PARTS.filter((name) => !APART.includes(name)) : [...parts],
    runs,
    size,
    full,
    updateDocs,
  };
}
