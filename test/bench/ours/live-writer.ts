/**
 * Appends generated events, stamped with the time they are written, to a file: `node live-writer.ts FILE PER_SECOND SECONDS
 * [PROFILE]`.
 * Every 10 ms what is due, as the API server writes whole lines.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { auditLines, type Profile } from "../generate.ts";

const EVERY_MS = 10;
const TIMES = /"requestReceivedTimestamp":"[^"]+","stageTimestamp":"[^"]+"/;

/** The next line with its request ending now, 1 ms after it began. */
export function stampedLines(seed: number, profile: Profile = "meta"): (nowMs: number) => string {
  const lines = auditLines(profile, seed);
  return (nowMs) => {
    const stamp = (ms: number): string => `"${new Date(ms).toISOString().slice(0, -1)}000Z"`;
    const line = lines.next().value as string;
    return line.replace(TIMES, `"requestReceivedTimestamp":${stamp(nowMs - 1)},"stageTimestamp":${stamp(nowMs)}`);
  };
}

if (import.meta.main) {
  const [path = "", perSecond, seconds, profile] = process.argv.slice(2);
  const next = stampedLines(3, profile as Profile | undefined);
  const file = openSync(path, "a");
  const started = performance.now();
  const total = Number(perSecond) * Number(seconds);
  for (let written = 0; written < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * Number(perSecond)));
    let text = "";
    for (; written < due; written++) text += next(Date.now());
    if (text !== "") writeSync(file, text);
    await pause(EVERY_MS);
  }
  closeSync(file);
}
