import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";

const LIVE = "audit.log";
const STAGE_TIME = Buffer.from('"stageTimestamp":"');
const TIME_CHARACTERS = 24;
const WRITE_MS = 5;

/**
 * Writes a recorded rotated set anew, `speed` times as fast as it was recorded: each line when it was written, each file
 * renamed and packed as it was, the packing a little later than the renaming as lumberjack does. Resolves when all is written.
 */
export async function replayLog(recorded: string, into: string, speed: number): Promise<void> {
  const names = readdirSync(recorded).filter((name) => name !== LIVE);
  const live = join(into, LIVE);
  let startMs = Number.NaN;
  const started = performance.now();
  for (const name of [...names.sort(), LIVE]) {
    const bytes = readFileSync(join(recorded, name));
    const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1").split(/(?<=\n)/);
    let due: string[] = [];
    for (const line of lines) {
      const atMs = stageMs(line);
      if (Number.isNaN(startMs)) startMs = atMs;
      const wait = (atMs - startMs) / speed - (performance.now() - started);
      if (wait > WRITE_MS) {
        appendFileSync(live, due.join(""), "latin1");
        due = [];
        await pause(wait);
      }
      due.push(line);
    }
    appendFileSync(live, due.join(""), "latin1");
    if (name === LIVE) continue;
    const rotated = join(into, name.replace(/\.gz$/, ""));
    renameSync(live, rotated);
    writeFileSync(live, "");
    if (!name.endsWith(".gz")) continue;
    await pause(WRITE_MS);
    writeFileSync(`${rotated}.gz.tmp`, gzipSync(readFileSync(rotated)));
    renameSync(`${rotated}.gz.tmp`, `${rotated}.gz`);
    rmSync(rotated);
  }
}

function stageMs(line: string): number {
  const at = line.lastIndexOf(STAGE_TIME.toString()) + STAGE_TIME.length;
  return Date.parse(`${line.slice(at, at + TIME_CHARACTERS - 1)}Z`);
}
