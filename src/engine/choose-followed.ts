import type { FileInput, ResolvedInput } from "../bytes/contract.ts";

/** Each costs a descriptor, a watch on its directory and a look every 250 ms. */
const MOST_FOLLOWED = 128;

export interface Chosen {
  /** With the path that is written to. */
  readonly followed: readonly { readonly input: FileInput; readonly path: string }[];
  /** What cannot grow any more, or was not written for longest: it is read once. */
  readonly others: readonly ResolvedInput[];
  /** Something that could be followed is not: a sentence for the status line. */
  readonly note: string | null;
}

/** Which inputs are followed: all that can grow, unless a directory holds thousands of them. */
export function chooseFollowed(inputs: readonly ResolvedInput[]): Chosen {
  const growing = inputs.flatMap((input) =>
    input.kind === "files" && input.live !== null ? [{ input, path: input.live }] : [],
  );
  const followed = growing.toSorted((a, b) => writtenMs(b.input) - writtenMs(a.input)).slice(0, MOST_FOLLOWED);
  const chosen = new Set<ResolvedInput>(followed.map(({ input }) => input));
  const left = growing.length - followed.length;
  return {
    followed: growing.filter(({ input }) => chosen.has(input)),
    others: inputs.filter((input) => !chosen.has(input)),
    note: left === 0 ? null : `${left} files that were not written lately are read, not followed`,
  };
}

/** Later than anything where nothing is there yet. */
function writtenMs({ files }: FileInput): number {
  return files.at(-1)?.writtenMs ?? Number.POSITIVE_INFINITY;
}
