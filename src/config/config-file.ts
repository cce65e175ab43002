import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/** Nobody writes more settings than this; more is a mistaken file. */
const MOST_BYTES = 256 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings and saved views live: `$XDG_CONFIG_HOME/ktrail`, else `~/.config/ktrail`; null without a home. */
export function configFolder(environment: Environment): string | null {
  return ownFolder(environment, "XDG_CONFIG_HOME", ".config");
}

/** Where marks are kept: `$XDG_STATE_HOME/ktrail`, else `~/.local/state/ktrail`; null without a home. */
export function stateFolder(environment: Environment): string | null {
  return ownFolder(environment, "XDG_STATE_HOME", join(".local", "state"));
}

function ownFolder(environment: Environment, variable: string, usual: string): string | null {
  const base = environment[variable] ?? "";
  // The specification has relative paths ignored.
  if (isAbsolute(base)) return join(base, "ktrail");
  const home = environment["HOME"] ?? "";
  return isAbsolute(home) ? join(home, usual, "ktrail") : null;
}

export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  /** There is something, but it can't be used: why, as a clause. */
  | { readonly kind: "unusable"; readonly reason: string };

/** A small text file, whatever stands under its name: nothing here waits, and nothing is read that is no regular file. */
export function readSmallFile(path: string, mostBytes = MOST_BYTES): FileText {
  if (path === "/dev/null") return { kind: "text", text: "" };
  let file: number;
  try {
    // A pipe without a writer would make a blocking open wait for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return failed(error);
  }
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) return { kind: "unusable", reason: "is a directory" };
    if (!stat.isFile()) return { kind: "unusable", reason: "is no regular file" };
    if (stat.size > mostBytes) return { kind: "unusable", reason: `is larger than ${mostBytes / 1024} KiB` };
    const bytes = Buffer.alloc(mostBytes);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    return { kind: "text", text: bytes.toString("utf8", 0, length).replace(/^\ufeff/, "") };
  } catch (error) {
    return failed(error);
  } finally {
    closeSync(file);
  }
}

function failed(error: unknown): FileText {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
  const reasons: ReadonlyMap<string, string> = new Map([
    ["EACCES", "may not be read (permission denied)"],
    ["EPERM", "may not be read (permission denied)"],
    ["ELOOP", "is a link to itself"],
    ["ENXIO", "is no regular file"],
  ]);
  return { kind: "unusable", reason: reasons.get(code) ?? `cannot be read (${code === "" ? String(error) : code})` };
}
