import { spawnSync } from "node:child_process";
import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { writeWhole } from "../../src/files/write-whole.ts";

const root = mkdtempSync(join(tmpdir(), "ktrail-files-"));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "t-"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("only its owner reads it, and nothing else is left behind", () => {
  writeWhole(join(folder, "a.md"), "text", { replace: false });
  writeFileSync(join(folder, "b.md"), "old", { mode: 0o644 });
  writeWhole(join(folder, "b.md"), "text", { replace: true });
  for (const name of ["a.md", "b.md"]) {
    expect(readFileSync(join(folder, name), "utf8")).toBe("text");
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  expect(readdirSync(folder).toSorted()).toEqual(["a.md", "b.md"]);
});

test("what is there stays unless it is to be replaced", () => {
  writeFileSync(join(folder, "mine"), "mine");
  symlinkSync(join(folder, "nowhere"), join(folder, "link"));
  expect(() => writeWhole(join(folder, "mine"), "text", { replace: false })).toThrow("EEXIST");
  expect(() => writeWhole(join(folder, "link"), "text", { replace: false })).toThrow("EEXIST");
  expect(readFileSync(join(folder, "mine"), "utf8")).toBe("mine");
  expect(readdirSync(folder).toSorted()).toEqual(["link", "mine"]);
});

test("another name of the same file keeps its content", () => {
  writeFileSync(join(folder, "log"), "events");
  linkSync(join(folder, "log"), join(folder, "same"));
  writeWhole(join(folder, "same"), "text", { replace: true });
  expect(readFileSync(join(folder, "log"), "utf8")).toBe("events");
});

/** Writes in a process that may write files of 8 KiB at most. */
function writeBeyondTheLimit(path: string): string {
  const module = new URL("../../src/files/write-whole.ts", import.meta.url).href;
  const script = `
    const { writeWhole } = await import(${JSON.stringify(module)});
    try { writeWhole(${JSON.stringify(path)}, "x".repeat(1_000_000), { replace: true }); }
    catch (error) { console.log(error.code); }`;
  const shell = `ulimit -f 8 && exec "$0" --no-warnings --experimental-strip-types --input-type=module -e "$1"`;
  return spawnSync("bash", ["-c", shell, process.execPath, script], { encoding: "utf8" }).stdout.trim();
}

test("where not all of it can be written, the old file is as it was", () => {
  const path = join(folder, "old.md");
  writeFileSync(path, "old");
  expect(writeBeyondTheLimit(path)).toBe("EFBIG");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["old.md"]);
});
