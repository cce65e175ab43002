import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { FileInput, ResolvedInput } from "./contract.ts";
import { walkDirectory } from "./walk-directory.ts";
import { pathOf } from "../files/file-names.ts";

const LOOK_MS = 1_000;
/** Looking may take a twentieth of the time. */
const REST_FACTOR = 20;

export interface DirectoryWatchOptions {
  readonly signal: AbortSignal;
  /** Tells the logs in the directories, as when they were opened. */
  readonly resolve: () => Promise<readonly ResolvedInput[]>;
  /** A log that was not there before. */
  readonly onJoined: (input: FileInput) => void;
  readonly lookMs?: number;
}

export async function directoriesAmong(paths: readonly string[]): Promise<readonly string[]> {
  const kinds = await Promise.all(paths.map((path) => stat(pathOf(path)).catch(() => null)));
  return paths.filter((_, at) => kinds[at]?.isDirectory() === true);
}

/**
 * Looks for logs that appear in directories until the signal fires. `known`: what was opened at first. The files of a rotated set
 * that is followed are its follower's.
 */
export async function watchDirectories(
  directories: readonly string[],
  known: readonly ResolvedInput[],
  { signal, resolve, onJoined, lookMs = LOOK_MS }: DirectoryWatchOptions,
): Promise<void> {
  const taken = new Set(known.flatMap((input) => (input.kind === "files" ? pathsOf(input) : [])));
  // What appeared since it was opened counts as new.
  let seen: ReadonlySet<string> = taken;
  while (!signal.aborted) {
    const startedMs = performance.now();
    const names = await namesIn(directories);
    if ([...names].some((name) => !seen.has(name))) {
      for (const input of await resolve()) {
        if (input.kind !== "files" || pathsOf(input).some((path) => taken.has(path))) continue;
        for (const path of pathsOf(input)) taken.add(path);
        onJoined(input);
      }
    }
    seen = names;
    const restMs = Math.max(lookMs, REST_FACTOR * (performance.now() - startedMs));
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function pathsOf({ files, live }: FileInput): string[] {
  return [...files.map(({ path }) => path), ...(live === null ? [] : [live])];
}

/** What cannot be read now may be there at the next look. */
async function namesIn(directories: readonly string[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const directory of directories) {
    try {
      for await (const { path } of walkDirectory(directory)) names.add(path);
    } catch {
      continue;
    }
  }
  return names;
}
