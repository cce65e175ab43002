import { type BigIntStats, fstatSync, lstatSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeErrorReason } from "../files/write-error.ts";
import { writeWhole } from "../files/write-whole.ts";
import { count } from "../models/numbers.ts";
import type { Action, Effect } from "../state/actions.ts";
import { pathOf } from "../files/file-names.ts";

/**
 * Writes a file somebody asked for and says so. Nothing that is there is overwritten unless asked, and never a log that is
 * open (`inputs`: paths, `-` for stdin), by whatever name, or what is no regular file.
 */
export function writeAsked(
  { path, text, overwrite }: Extract<Effect, { readonly kind: "write-file" }>,
  inputs: readonly string[],
): readonly Action[] {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  try {
    if (overwrite) refuseOthers(file, inputs);
    writeWhole(file, text, { replace: overwrite });
    return [{ type: "message", text: `wrote ${path} (${count(Buffer.byteLength(text))} bytes)`, tone: "info" }];
  } catch (error) {
    return [{ type: "message", text: reason(error, path), tone: "warn" }];
  }
}

function refuseOthers(file: string, inputs: readonly string[]): void {
  const there = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isFile()) throw new Error("it is no regular file");
  for (const input of inputs) {
    const open = statOf(input);
    if (open?.dev === there.dev && open.ino === there.ino) throw new Error("it is a log that is open here");
  }
}

function statOf(input: string): BigIntStats | null {
  try {
    return input === "-" ? fstatSync(0, { bigint: true }) : statSync(pathOf(input), { bigint: true });
  } catch {
    return null;
  }
}

function reason(error: unknown, path: string): string {
  const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
  const why = isThere ? `it is there already; :write! ${path} overwrites it` : writeErrorReason(error);
  return `${path} was not written: ${why}`;
}
