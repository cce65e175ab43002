import { lstat, realpath, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { count } from "../models/numbers.ts";
import type { Action, Effect } from "../state/actions.ts";

/**
 * Writes a file somebody asked for and says so. Nothing that is there is overwritten unless asked, and never a log that is
 * open (`inputs`) or what is no regular file.
 */
export async function writeAsked(
  { path, text, overwrite }: Extract<Effect, { readonly kind: "write-file" }>,
  inputs: readonly string[],
): Promise<readonly Action[]> {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  try {
    if (overwrite) await refuseOthers(file, inputs);
    await writeFile(file, text, { flag: overwrite ? "w" : "wx" });
    return [{ type: "message", text: `wrote ${path} (${count(Buffer.byteLength(text))} bytes)`, tone: "info" }];
  } catch (error) {
    return [{ type: "message", text: reason(error, path), tone: "warn" }];
  }
}

async function refuseOthers(file: string, inputs: readonly string[]): Promise<void> {
  const there = await lstat(file).catch(() => null);
  if (there === null) return;
  if (!there.isFile()) throw new Error("it is no regular file");
  const real = await realpath(file);
  for (const input of inputs)
    if ((await realpath(input).catch(() => "")) === real) throw new Error("it is a log that is open here");
}

function reason(error: unknown, path: string): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  const told: Readonly<Record<string, string>> = {
    EEXIST: `it is there already; :write! ${path} overwrites it`,
    ENOENT: "its directory is not there",
    EACCES: "no permission",
    EROFS: "its file system is read-only",
    EISDIR: "it is a directory",
    ENOSPC: "the disk is full",
  };
  const why = told[String(code)] ?? (error instanceof Error ? error.message : String(error));
  return `${path} was not written: ${why}`;
}
