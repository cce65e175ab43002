import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { followSource, type FollowOptions } from "../../src/bytes/follow-source.ts";
import { Following, line, lines } from "./following.ts";

let directory = "";
let log = "";
let open: Following[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-follow-"));
  log = join(directory, "audit.log");
  open = [];
});

afterEach(async () => {
  for (const following of open) await following.stop();
  rmSync(directory, { recursive: true, force: true });
});

function follow(options: FollowOptions = {}, path = log): Following {
  const following = new Following(followSource(path, options));
  open.push(following);
  return following;
}

/** Descriptors this process holds on a deleted file of the test's directory. */
function pinned(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(directory) && target.endsWith("(deleted)") ? [target] : [];
    } catch {
      return [];
    }
  });
}

const rotated = (second: number): string =>
  join(directory, `audit-2026-11-21T00-00-${String(second).padStart(2, "0")}.000.log`);

describe("a file that grows", () => {
  test("delivers what is there and what is appended, half lines as they come", async () => {
    writeFileSync(log, lines(0, 3));
    const following = follow();
    await following.untilText(line(2));
    appendFileSync(log, line(3).slice(0, 20));
    await following.untilText(line(3).slice(0, 20));
    appendFileSync(log, line(3).slice(20));
    await following.untilText(line(3));
    expect(following.text).toBe(lines(0, 4));
    expect(following.log[0]).toBe("opened@0");
  });

  test("works without change notifications", async () => {
    writeFileSync(log, line(0));
    const following = follow({ watch: false, pollMs: 5 });
    await following.untilText(line(0));
    appendFileSync(log, line(1));
    await following.untilText(line(1));
    expect(following.text).toBe(lines(0, 2));
  });

  test("begins where it is told", async () => {
    writeFileSync(log, lines(0, 10));
    const following = follow({ start: ({ size }) => size - line(9).length });
    await following.untilText(line(9));
    expect(following.text).toBe(line(9));
    expect(following.log[0]).toBe(`opened@${9 * line(0).length}`);
  });

  test("waits for a file that does not exist yet", async () => {
    const following = follow();
    await following.until(() => following.log.includes("waiting"));
    writeFileSync(log, line(0));
    await following.untilText(line(0));
    expect(following.log.slice(0, 2)).toEqual(["waiting", "opened@0"]);
  });

  test("waits for a directory that does not exist yet", async () => {
    const path = join(directory, "later", "audit.log");
    const following = follow({ pollMs: 5 }, path);
    await following.until(() => following.log.includes("waiting"));
    mkdirSync(join(directory, "later"));
    writeFileSync(path, line(0));
    await following.untilText(line(0));
    expect(following.text).toBe(line(0));
  });
});

describe("rotation by rename", () => {
  test("finishes the old file, then reads the new one", async () => {
    writeFileSync(log, lines(0, 2));
    const following = follow();
    await following.untilText(line(1));
    appendFileSync(log, line(2));
    renameSync(log, rotated(1));
    writeFileSync(log, line(3));
    await following.untilText(line(3));
    expect(following.generations).toEqual([lines(0, 3), line(3)]);
    expect(following.log).toContain("complete:rotated");
  });

  test("a writer that reopens late loses nothing", async () => {
    writeFileSync(log, line(0));
    const fd = openSync(log, "a");
    const following = follow({ pollMs: 5 });
    await following.untilText(line(0));
    renameSync(log, join(directory, "audit.log.1"));
    writeFileSync(log, "");
    writeSync(fd, line(1));
    await following.untilText(line(1));
    writeSync(fd, line(2));
    closeSync(fd);
    appendFileSync(log, line(3));
    await following.untilText(line(3));
    expect(following.generations).toEqual([lines(0, 3), line(3)]);
  });

  test("several rotations between two looks, one of them compressed, arrive in order", async () => {
    writeFileSync(log, line(0));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(0));
    appendFileSync(log, line(1));
    renameSync(log, rotated(1));
    writeFileSync(log, lines(2, 5));
    renameSync(log, rotated(2));
    writeFileSync(log, lines(5, 7));
    renameSync(log, rotated(3));
    writeFileSync(`${rotated(2)}.gz`, gzipSync(readFileSync(rotated(2))));
    unlinkSync(rotated(2));
    writeFileSync(log, line(7));
    await following.untilText(line(7));
    expect(following.generations).toEqual([lines(0, 2), lines(2, 5), lines(5, 7), line(7)]);
  });

  test("the old file is renamed, compressed and removed before we look: its rest comes from the open descriptor", async () => {
    writeFileSync(log, line(0));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(0));
    appendFileSync(log, lines(1, 4));
    writeFileSync(`${rotated(1)}.gz`, gzipSync(readFileSync(log)));
    unlinkSync(log);
    writeFileSync(log, line(4));
    await following.untilText(line(4));
    expect(following.generations).toEqual([lines(0, 4), line(4)]);
    expect(pinned()).toEqual([]);
  });

  test("numbered names move on with every rotation", async () => {
    writeFileSync(log, line(0));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(0));
    renameSync(log, join(directory, "audit.log.1"));
    writeFileSync(log, lines(1, 3));
    renameSync(join(directory, "audit.log.1"), join(directory, "audit.log.2"));
    renameSync(log, join(directory, "audit.log.1"));
    writeFileSync(log, line(3));
    await following.untilText(line(3));
    expect(following.generations).toEqual([line(0), lines(1, 3), line(3)]);
  });

  test("a symbolic link that is pointed to another file", async () => {
    writeFileSync(join(directory, "0.log"), line(0));
    symlinkSync("0.log", log);
    const following = follow({ pollMs: 5 });
    await following.untilText(line(0));
    writeFileSync(join(directory, "1.log"), line(1));
    unlinkSync(log);
    symlinkSync("1.log", log);
    await following.untilText(line(1));
    expect(following.generations).toEqual([line(0), line(1)]);
  });
});

describe("truncation", () => {
  test("copytruncate: the unread rest comes from the copy", async () => {
    writeFileSync(log, line(0));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(0));
    appendFileSync(log, lines(1, 4));
    copyFileSync(log, join(directory, "audit.log.1"));
    truncateSync(log, 0);
    appendFileSync(log, line(4));
    await following.untilText(line(4));
    expect(following.generations).toEqual([lines(0, 4), line(4)]);
    expect(following.log).toContain("complete:truncated");
  });

  test("is noticed although the file has grown beyond the old position", async () => {
    writeFileSync(log, lines(0, 2));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(1));
    copyFileSync(log, join(directory, "audit.log.1"));
    truncateSync(log, 0);
    appendFileSync(log, lines(2, 9));
    await following.untilText(line(8));
    expect(following.generations).toEqual([lines(0, 2), lines(2, 9)]);
  });

  test("two in a row between two looks", async () => {
    writeFileSync(log, lines(0, 2));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(1));
    appendFileSync(log, line(2));
    copyFileSync(log, join(directory, "audit.log.1"));
    truncateSync(log, 0);
    appendFileSync(log, lines(3, 5));
    renameSync(join(directory, "audit.log.1"), join(directory, "audit.log.2"));
    copyFileSync(log, join(directory, "audit.log.1"));
    truncateSync(log, 0);
    appendFileSync(log, line(5));
    await following.untilText(line(5));
    expect(following.generations).toEqual([lines(0, 3), lines(3, 5), line(5)]);
  });

  test("a writer that does not append leaves a hole of NULs, which is delivered", async () => {
    const fd = openSync(log, "w");
    writeSync(fd, lines(0, 3));
    const following = follow({ watch: false, pollMs: 20 });
    await following.untilText(line(2));
    for (const turn of [1, 2]) {
      copyFileSync(log, join(directory, `audit.log.${3 - turn}`));
      truncateSync(log, 0);
      writeSync(fd, line(2 + turn));
      await following.untilText(line(2 + turn));
    }
    closeSync(fd);
    expect(following.generations.map((text) => text.replaceAll("\0", ""))).toEqual([lines(0, 3), line(3), line(4)]);
  });

  test("a file emptied without a copy begins anew", async () => {
    writeFileSync(log, lines(0, 2));
    const following = follow();
    await following.untilText(line(1));
    truncateSync(log, 0);
    await following.until(() => following.log.includes("complete:emptied"));
    appendFileSync(log, line(2));
    await following.untilText(line(2));
    expect(following.generations.join("|")).toBe(`${lines(0, 2)}|${line(2)}`);
  });
});

describe("a file that goes away", () => {
  test("a deleted file is let go at once, and its successor read", async () => {
    writeFileSync(log, line(0));
    const following = follow();
    await following.untilText(line(0));
    unlinkSync(log);
    await following.until(() => following.log.includes("complete:deleted"));
    await following.until(() => following.log.at(-1) === "waiting");
    expect(pinned()).toEqual([]);
    writeFileSync(log, line(1));
    await following.untilText(line(1));
    expect(following.generations).toEqual([line(0), line(1)]);
  });

  test("a file moved away and back is not read twice", async () => {
    writeFileSync(log, line(0));
    const following = follow({ pollMs: 5 });
    await following.untilText(line(0));
    const away = mkdtempSync(join(tmpdir(), "ktrail-away-"));
    renameSync(log, join(away, "audit.log"));
    await following.until(() => following.log.at(-1) === "waiting");
    renameSync(join(away, "audit.log"), log);
    appendFileSync(log, line(1));
    await following.untilText(line(1));
    rmSync(away, { recursive: true });
    expect(following.generations).toEqual([lines(0, 2)]);
  });

  test("a file replaced by another of the same name", async () => {
    writeFileSync(log, line(0));
    const following = follow();
    await following.untilText(line(0));
    writeFileSync(join(directory, "new"), line(1));
    renameSync(join(directory, "new"), log);
    await following.untilText(line(1));
    expect(following.generations).toEqual([line(0), line(1)]);
    expect(pinned()).toEqual([]);
  });
});
