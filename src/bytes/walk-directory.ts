import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "./read-error.ts";
import { nameOf, pathOf, realName } from "../files/file-names.ts";

/** Deeper than any must-gather; a bound against trees made to hurt. */
const MAX_DEPTH = 24;

/** Names that nobody gives to an audit log: a must-gather has tens of thousands of them, which need not be opened. */
const OTHER_NAMES =
  /\.(?:ya?ml|md|html?|css|js|ts|go|py|sh|pem|crt|key|png|svg|jpe?g|gif|pdf|so|service|conf|toml|swp|lock)$|~$/i;

export function isOtherName(name: string): boolean {
  return OTHER_NAMES.test(name);
}

const LOG_NAMES = /audit|\.(?:log|jsonl|ndjson)(?:[.-]|$)/i;

export function looksLikeLogName(name: string): boolean {
  return LOG_NAMES.test(name);
}

export type Found = { readonly path: string } | { readonly path: string; readonly reason: string };

/**
 * All files below a directory, by name; with the reason where one needn't be opened. Symbolic links are followed, each
 * directory once. Throws what node:fs throws when the directory itself cannot be read; one below it is passed over.
 */
export async function* walkDirectory(root: string): AsyncGenerator<Found, void, void> {
  yield* walk(root, 0, new Set());
}

async function* walk(directory: string, depth: number, seen: Set<string>): AsyncGenerator<Found, void, void> {
  const real = await realName(directory);
  if (seen.has(real)) return;
  seen.add(real);
  const entries = await readdir(pathOf(directory), { encoding: "buffer", withFileTypes: true });
  for (const { entry, name } of entries.map(named).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, name);
    const kind = entry.isFile() ? "file" : entry.isDirectory() ? "directory" : await kindOf(path);
    if (kind === "file") yield isOtherName(name) ? { path, reason: "not a log by its name" } : { path };
    else if (kind !== "directory") yield { path, reason: kind };
    else if (name.startsWith(".")) yield { path, reason: "a hidden directory" };
    else if (depth === MAX_DEPTH) yield { path, reason: "too deep" };
    else yield* subdirectory(path, depth + 1, seen);
  }
}

function named(entry: Dirent<NonSharedBuffer>): { readonly entry: Dirent<NonSharedBuffer>; readonly name: string } {
  return { entry, name: nameOf(entry.name) };
}

async function* subdirectory(path: string, depth: number, seen: Set<string>): AsyncGenerator<Found, void, void> {
  try {
    yield* walk(path, depth, seen);
  } catch (error) {
    yield { path, reason: await reasonOf(path, error) };
  }
}

/** Anything but "file" and "directory" is a reason to pass it over. */
async function kindOf(path: string): Promise<string> {
  try {
    const stats = await stat(pathOf(path));
    if (stats.isDirectory()) return "directory";
    return stats.isFile() ? "file" : "neither a file nor a directory";
  } catch (error) {
    return reasonOf(path, error);
  }
}
