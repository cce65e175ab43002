import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type * as Fs from "node:fs";
import type * as FsPromises from "node:fs/promises";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fileSource } from "../../src/bytes/file-source.ts";
import { followSource } from "../../src/bytes/follow-source.ts";
import { resolveInputs } from "../../src/bytes/inputs.ts";
import { Following, line, lines } from "./following.ts";

/** Tests may run as root, who may read everything: the refusal is injected. */
const refused = vi.hoisted(() => new Set<string>());
const denied = vi.hoisted(() => (): Error => {
  return Object.assign(new Error("EACCES: permission denied, open"), { code: "EACCES" });
});
vi.mock("node:fs/promises", async (importOriginal) => {
  const actual = await importOriginal<typeof FsPromises>();
  return {
    ...actual,
    open: (path: string, flags: number) => (refused.has(path) ? Promise.reject(denied()) : actual.open(path, flags)),
  };
});
vi.mock("node:fs", async (importOriginal) => {
  const actual = await importOriginal<typeof Fs>();
  const openSync = (path: string, flags: number): number => {
    if (refused.has(path)) throw denied();
    return actual.openSync(path, flags);
  };
  return { ...actual, openSync };
});

let directory = "";
let log = "";
const DENIED =
  /^cannot read \S+audit\.log: user \S+ has no permission \(it belongs to \S+, mode 0644\); try it with sudo$/;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-denied-"));
  log = join(directory, "audit.log");
  writeFileSync(log, line(0), { mode: 0o644 });
  refused.add(log);
});
afterEach(() => {
  refused.clear();
  rmSync(directory, { recursive: true, force: true });
});

test("a file named or found that may not be read is a failure; the others are read", async () => {
  const other = join(directory, "other.log");
  writeFileSync(other, line(1));
  for (const paths of [[log, other], [directory]]) {
    const { inputs, failures } = await resolveInputs(paths, { follow: false, sniff: () => null });
    expect(inputs).toMatchObject([{ files: [{ path: other }] }]);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.error).toMatchObject({ code: "KT200", exitCode: 3 });
    expect(failures[0]?.error.message).toMatch(DENIED);
  }
});

test("a file whose permission went away before it was opened", async () => {
  await expect(fileSource(log).chunks().next()).rejects.toThrow(DENIED);
});

test("following waits for the permission", async () => {
  const following = new Following(followSource(log, { pollMs: 5 }));
  await following.until(() => following.log.includes("waiting"));
  refused.clear();
  await following.untilText(line(0));
  expect(following.generations).toEqual([line(0)]);
  await following.stop();
});

test("following a file that fails while it is read goes on where it stopped", async () => {
  refused.clear();
  const following = new Following(followSource(log, { pollMs: 5 }));
  await following.untilText(line(0));
  const handle = await open(log, "r");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const read = vi.spyOn(prototype, "read");
  read.mockRejectedValueOnce(Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" }));
  writeFileSync(log, line(1), { flag: "a" });
  await following.until(() => following.log.includes("waiting"));
  await following.untilText(line(1));
  expect(following.generations).toEqual([lines(0, 2)]);
  expect(following.log.filter((entry) => entry.startsWith("lost") || entry.startsWith("complete"))).toEqual([]);
  read.mockRestore();
  await following.stop();
});

/** Follows the log while its disk fails, does something to it then, and goes on until this line has come. */
async function whileItFails(act: () => void, last: number): Promise<Following> {
  refused.clear();
  const following = new Following(followSource(log, { pollMs: 5, watch: false }));
  await following.untilText(line(0));
  const handle = await open(log, "r");
  const read = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, "read");
  await handle.close();
  read.mockRejectedValue(Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" }));
  act();
  await following.until(() => following.log.includes("waiting"));
  read.mockRestore();
  await following.untilText(line(last));
  await following.stop();
  return following;
}

test("a log that was rewritten while its disk failed is read from its beginning", async () => {
  const { generations } = await whileItFails(() => writeFileSync(log, lines(1, 4)), 3);
  expect(generations).toEqual([line(0), lines(1, 4)]);
});

test("a log that was copied away and truncated while its disk failed is read on in the copy, then from its beginning", async () => {
  const { text } = await whileItFails(() => {
    writeFileSync(log, lines(1, 4), { flag: "a" });
    copyFileSync(log, `${log}.1`);
    writeFileSync(log, lines(4, 7));
  }, 6);
  expect(text).toBe(lines(0, 7));
});
