import { obeyed, unitEscapes } from "../events/obeyed-text.ts";
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { readFile } from "node:fs/promises";
import { KtrailError } from "../errors.ts";
import { pathOf } from "../files/file-names.ts";

/** KT200 for an error of the file system: one sentence with path, reason and, where there is one, the remedy. */
export async function readError(path: string, error: unknown): Promise<KtrailError> {
  if (error instanceof KtrailError) return error;
  return new KtrailError("KT200", `cannot read ${printable(path)}: ${await reasonOf(path, error)}`);
}

/** The reason alone, one clause. */
export async function reasonOf(path: string, error: unknown): Promise<string> {
  switch (errorCode(error)) {
    case "ENOENT":
      return "no such file or directory";
    case "EACCES":
    case "EPERM":
      return `user ${userName()} has no permission (${await ownership(path)}); try it with sudo`;
    case "EISDIR":
      return "it is a directory";
    case "ENOTDIR":
      return "a part of its path is not a directory";
    case "ELOOP":
      return "its symbolic links go round in a circle";
    case "EMFILE":
    case "ENFILE":
      return "too many open files; raise the limit with ulimit -n";
    case "EIO":
      return "the disk reports an input/output error";
    case "ESTALE":
      return "the network file system lost it";
    default:
      return error instanceof Error ? printable(error.message) : "unknown error";
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Nothing can be said of any file then. */
export function isOutOfDescriptors(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EMFILE" || code === "ENFILE";
}

/** File names are chosen by strangers: control bytes never reach a message raw. */
export function printable(text: string): string {
  return text.replaceAll(obeyed(), unitEscapes);
}

async function ownership(path: string): Promise<string> {
  try {
    const { uid, mode } = await stat(pathOf(path));
    return `it belongs to ${await ownerName(uid)}, mode ${(mode & 0o7777).toString(8).padStart(4, "0")}`;
  } catch {
    return "not even to look into its directory";
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? "unknown");
  }
}

async function ownerName(uid: number): Promise<string> {
  try {
    for (const line of (await readFile("/etc/passwd", "utf8")).split("\n")) {
      const [name, , id] = line.split(":");
      if (id === String(uid) && name !== undefined) return printable(name);
    }
  } catch {
    // No user database (containers, other systems): the number has to do.
  }
  return `uid ${uid}`;
}
