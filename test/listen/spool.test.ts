import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gzipMember } from "../../src/listen/gzip-member.ts";
import { RecentEvents } from "../../src/listen/recent-events.ts";
import { Spool } from "../../src/listen/spool.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-spool-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const MANY = 1024 * 1024 * 1024;
const names = (): string[] => readdirSync(directory).sort();
const content = (): string =>
  names()
    .map((name) => gunzipSync(readFileSync(join(directory, name))).toString())
    .join("");

async function opened(mostBytes = MANY): Promise<{ spool: Spool; seen: string; notes: string[] }> {
  const notes: string[] = [];
  const spool = new Spool({ directory, mostBytes }, (text) => notes.push(text));
  let seen = "";
  await spool.resume((lines) => (seen += lines.toString()), MANY);
  return { spool, seen, notes };
}

describe("a spool", () => {
  test("is a .gz of what was appended, in order, for its owner only", async () => {
    const { spool } = await opened();
    await Promise.all(Array.from({ length: 50 }, (_, at) => spool.append(Buffer.from(`${at}\n`))));
    await spool.append(Buffer.from("last\n"));
    await spool.close();
    expect(names()).toEqual([expect.stringMatching(/^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.jsonl\.gz$/)]);
    expect(content()).toBe(`${Array.from({ length: 50 }, (_, at) => `${at}\n`).join("")}last\n`);
    expect(statSync(join(directory, names()[0] ?? "")).mode & 0o777).toBe(0o600);
  });

  test("cut anywhere: what was whole is kept, the rest removed, and it goes on", async () => {
    const first = await opened();
    await first.spool.append(Buffer.from("one\n"));
    await first.spool.append(Buffer.from("two\n"));
    await first.spool.close();
    const path = join(directory, names()[0] ?? "");
    const whole = readFileSync(path);
    const before = gzipMember(Buffer.from("one\n")).length;
    for (let size = before; size <= whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      const { seen, spool } = await opened();
      expect(seen).toBe(size === whole.length ? "one\ntwo\n" : "one\n");
      expect(statSync(path).size).toBe(size === whole.length ? size : before);
      await spool.close();
    }
    truncateSync(path, before);
    appendFileSync(path, Buffer.alloc(10_000));
    const again = await opened();
    expect(again.notes).toEqual([expect.stringContaining("10000 bytes that were not finished")]);
    await again.spool.append(Buffer.from("three\n"));
    await again.spool.close();
    expect(content()).toBe("one\nthree\n");
  });

  test("takes no more than it may: the oldest file goes, and that is said", async () => {
    for (const day of ["01", "02", "03"]) {
      writeFileSync(
        join(directory, `audit-2026-11-${day}T00-00-00.000.jsonl.gz`),
        gzipMember(Buffer.alloc(3_000_000, day)),
      );
    }
    writeFileSync(join(directory, "other.txt"), "not ours");
    const sizes = names().map((name) => statSync(join(directory, name)).size);
    const { spool, notes } = await opened(64 * 1024 * 1024 + (sizes[1] ?? 0) + (sizes[2] ?? 0));
    await spool.append(Buffer.from("new\n"));
    await spool.close();
    expect(names()).toEqual([
      "audit-2026-11-02T00-00-00.000.jsonl.gz",
      "audit-2026-11-03T00-00-00.000.jsonl.gz",
      expect.stringMatching(/^audit-/),
      "other.txt",
    ]);
    expect(notes).toEqual([expect.stringMatching(/11-01.*was removed: the spool may take 64 MiB/)]);
  });

  test("that cannot be written says so each time, and resolves for nothing", async () => {
    const { spool } = await opened();
    rmSync(directory, { recursive: true });
    await expect(spool.append(Buffer.from("a\n"))).rejects.toThrow(/ENOENT/);
    await expect(spool.append(Buffer.from("b\n"))).rejects.toThrow(/ENOENT/);
    await spool.close();
    directory = mkdtempSync(join(tmpdir(), "ktrail-spool-"));
  });
});

test("recent events are known, in bounded memory", () => {
  const recent = new RecentEvents(100);
  for (let at = 0; at < 1_000; at += 1) recent.add("a", `${at}`);
  for (let at = 900; at < 1_000; at += 1) expect(recent.has("a", `${at}`)).toBe(true);
  expect(recent.has("a", "1")).toBe(false);
  expect(recent.has("b", "999")).toBe(false);
});
