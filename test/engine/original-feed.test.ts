import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { FileGeneration } from "../../src/bytes/contract.ts";
import { openFile } from "../../src/bytes/generation.ts";
import { Journal } from "../../src/clickhouse/ship/journal.ts";
import type { ShipSource } from "../../src/clickhouse/ship/contract.ts";
import { OriginalFeed } from "../../src/engine/original-feed.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-feed-"));
const state = mkdtempSync(join(tmpdir(), "ktrail-feed-"));
afterAll(() => [folder, state].forEach((each) => rmSync(each, { recursive: true, force: true })));

const event = (auditID: string): string =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${auditID}","stage":"ResponseComplete","verb":"get","requestURI":"/x",` +
  `"user":{"username":"u"},"requestReceivedTimestamp":"2026-11-21T00:00:00.000000Z","stageTimestamp":"2026-11-21T00:00:01.000000Z"}\n`;

async function generationOf(path: string): Promise<{ readonly generation: FileGeneration; readonly bytes: number }> {
  const { handle, generation, bytes } = await openFile(path);
  await handle.close();
  return { generation, bytes };
}

test("a followed log is read on behind what was read of it, also where that was a whole file, and at first from its oldest file", async () => {
  const live = join(folder, "audit.log");
  const rotated = (at: number): string => join(folder, `audit-2026-11-21T00-00-0${at}.000.log`);
  writeFileSync(live, event("old"));
  renameSync(live, rotated(0));
  writeFileSync(live, event("read"));
  const known = await generationOf(live);
  const journal = new Journal(join(state, "some"), "somewhere");
  expect(journal.readOnFrom(live)).toBeNull();
  const source: ShipSource = { path: live, generation: known.generation, bytes: known.bytes, isPacked: false };
  const point = { from: known.bytes, skip: 0, format: "jsonl" };
  journal.note(new Map([[source, { point, isWhole: true }]]));
  expect(journal.readOnFrom(live)).toMatchObject({ inode: known.generation.inode, isWhole: true });
  // All of what was open is in batches; what came in its place is rotated away before anybody has read of it.
  renameSync(live, rotated(1));
  writeFileSync(live, event("missed"));
  renameSync(live, rotated(2));
  writeFileSync(live, event("live"));

  const follow = async (before: Journal, expected: readonly string[], onCatchUp = () => {}): Promise<void> => {
    const stop = new AbortController();
    const seen: string[] = [];
    const feed = new OriginalFeed({
      inputs: [folder],
      commands: [],
      listen: null,
      follow: true,
      format: "auto",
      signal: stop.signal,
      hooks: {
        seed: [1, 2],
        isNew: () => true,
        before: (asked) => before.before(asked),
        readOnFrom: (path) => {
          onCatchUp();
          return before.readOnFrom(path);
        },
        see: ({ bytes, start, end }) =>
          void seen.push(/"auditID":"(\w+)"/.exec(bytes.toString("utf8", start, end))?.[1] ?? ""),
        passed: () => Promise.resolve(),
        kept: () => Promise.resolve(),
        note: (sentence) => seen.push(sentence),
      },
    });
    const running = feed.run();
    await expect.poll(() => seen).toEqual(expected);
    stop.abort();
    await running;
    before.close();
  };
  await follow(journal, ["missed", "live"]);
  await follow(new Journal(join(state, "none"), "somewhere"), ["old", "read", "missed", "live"]);
  const rotate = (): void => {
    renameSync(live, rotated(3));
    writeFileSync(live, event("newest"));
  };
  await follow(new Journal(join(state, "late"), "somewhere"), ["old", "read", "missed", "live", "newest"], rotate);
});
