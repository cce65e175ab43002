import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const DEMO = `${root}fixtures/demo`;

/** Audit logs of a directory, oldest first (a rotated set: the live file is the newest). */
export function logsIn(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => /^audit.*\.log(\.gz)?$/.test(name));
  const rotated = names.filter((name) => name.startsWith("audit-")).sort();
  return [...rotated, ...names.filter((name) => !name.startsWith("audit-"))].map((name) => `${directory}/${name}`);
}

export function readLog(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** Lines that are not empty. */
export function linesOf(path: string): string[] {
  const text = Buffer.from(readLog(path)).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

/** Calls `line` with the start and end of every line that isn't empty. */
export function forEachLine(bytes: Uint8Array, line: (start: number, end: number) => void): void {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end > start) line(start, end);
    start = end + 1;
  }
}
