import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  /** There is something, but it can't be used: why, as a clause. */
  | { readonly kind: "unusable"; readonly reason: string };

/** A small text file, whatever stands under its name: nothing here waits, and nothing is read that is no regular file. */
export function readSmallFile(path: string, mostBytes: number): FileText {
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
