import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followSource } from "../../src/bytes/follow-source.ts";

const LINES = 12_000;

/** Writes LINES lines, at most 12,000 a second, in pieces cut in the middle of lines; rotates twice. */
const WRITER = `
  const fs = require("node:fs"), zlib = require("node:zlib");
  const [log, how] = process.argv.slice(1);
  const old = (n) => log.replace(".log", "-2026-11-21T00-00-0" + n + ".000.log");
  let fd = fs.openSync(log, "a"), next = 0, rest = "", turns = 0;
  const rotate = () => {
    turns += 1;
    if (how === "copytruncate") {
      if (turns === 2) fs.renameSync(log + ".1", log + ".2");
      fs.copyFileSync(log, log + ".1");
      fs.truncateSync(log, 0);
      return;
    }
    fs.closeSync(fd);
    fs.renameSync(log, old(turns));
    fd = fs.openSync(log, "a");
    if (how === "compress") {
      fs.writeFileSync(old(turns) + ".gz", zlib.gzipSync(fs.readFileSync(old(turns))));
      fs.unlinkSync(old(turns));
    }
  };
  const tick = setInterval(() => {
    let text = rest;
    for (let end = Math.min(${LINES}, next + 60); next < end; next += 1) {
      text += '{"kind":"Event","auditID":"' + String(next).padStart(8, "0") + '","pad":"' + "x".repeat(next % 900) + '"}\\n';
    }
    const cut = next === ${LINES} ? text.length : Math.floor(text.length * 0.7);
    rest = text.slice(cut);
    fs.writeSync(fd, text.slice(0, cut));
    if ((next === 4020 || next === 8040) && turns * 4000 < next) rotate();
    if (next === ${LINES}) clearInterval(tick);
  }, 5);
`;

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-stress-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test.each(["rename", "compress", "copytruncate"])(
  "a fast writer through two rotations (%s): every line once, in order",
  async (how) => {
    const log = join(directory, "audit.log");
    const writer = spawn(process.execPath, ["-e", WRITER, log, how], { stdio: ["ignore", "inherit", "inherit"] });
    const exited = once(writer, "exit");
    const abort = new AbortController();
    let rest = "";
    let expected = 0;
    let generations = 0;
    for await (const event of followSource(log).events(abort.signal)) {
      if (event.kind === "opened") generations += 1;
      if (event.kind !== "chunk") continue;
      const lines = (rest + Buffer.from(event.bytes).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const { auditID } = JSON.parse(line) as { auditID: string };
        expect(Number(auditID)).toBe(expected);
        expected += 1;
      }
      if (expected === LINES) abort.abort();
    }
    await exited;
    expect({ expected, rest, generations }).toEqual({ expected: LINES, rest: "", generations: 3 });
  },
);
