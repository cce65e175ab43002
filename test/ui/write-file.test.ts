import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeAsked } from "../../src/ui/write-file.ts";

const directory = mkdtempSync(join(tmpdir(), "ktrail-write-"));
afterAll(() => rmSync(directory, { recursive: true }));

function told(path: string, overwrite: boolean, inputs: readonly string[] = []): string {
  const [action] = writeAsked({ kind: "write-file", path, text: "new\n", overwrite }, inputs);
  return action?.type === "message" ? action.text : "";
}

test("a file is written once, and over itself only when asked", () => {
  const path = join(directory, "timeline.md");
  expect(told(path, false)).toBe(`wrote ${path} (4 bytes)`);
  writeFileSync(path, "mine");
  expect(told(path, false)).toContain(`it is there already; :write! ${path} overwrites it`);
  expect(readFileSync(path, "utf8")).toBe("mine");
  expect(told(path, true)).toContain("wrote");
  expect(readFileSync(path, "utf8")).toBe("new\n");
});

test("an open log, a link and a directory are never written over", () => {
  const log = join(directory, "audit.log");
  writeFileSync(log, "events");
  const link = join(directory, "link.md");
  symlinkSync(log, link);
  const other = join(directory, "timeline.log");
  linkSync(log, other);
  for (const path of [log, other]) expect(told(path, true, [log])).toContain("it is a log that is open here");
  expect(told(link, true, [log])).toContain("it is no regular file");
  expect(told(directory, true)).toContain("it is no regular file");
  expect(readFileSync(log, "utf8")).toBe("events");
});

test("what went wrong is said", () => {
  expect(told(join(directory, "no", "such.md"), false)).toContain("its directory is not there");
});
