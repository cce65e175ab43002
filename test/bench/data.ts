/** Files to measure on, made once and kept in the ignored folder .bench/. */
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, gzipSync } from "node:zlib";
import { type Profile, writeLog } from "./generate.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const FOLDER = join(ROOT, ".bench");
const RECORDED = resolve(ROOT, "../shared/data/cluster");
const SEED = 1;
const ROTATED_MS = Date.UTC(2026, 10, 20);
const AUDIT_ID = Buffer.from('"auditID":"');

export interface LogFile {
  readonly path: string;
  readonly bytes: number;
}

/** The generator's sources name its files: figures never come from what an older one wrote. */
function generatorVersion(): string {
  const hash = createHash("sha256");
  for (const name of ["generate.ts", "cluster-traffic.ts", "cluster-population.ts", "seeded.ts"]) {
    hash.update(readFileSync(join(import.meta.dirname, name)));
  }
  return hash.digest("hex").slice(0, 8);
}

export function generated(profile: Profile, bytes: number): LogFile {
  const stem = `${profile}-${bytes}-`;
  return made(stem, `${stem}${generatorVersion()}.log`, (path) => {
    writeLog(path, profile, bytes, SEED);
  });
}

/** Folder of one recorded set; it may not be there. */
export function recordedSet(set: string): string {
  return join(RECORDED, set);
}

/** The recorded cluster logs over and over, each time with other auditIDs; null when they are not beside the repository. */
export async function recorded(bytes: number): Promise<LogFile | null> {
  const sources = ["R", "V"].flatMap((set) => logsOf(join(RECORDED, set)));
  if (sources.length === 0) return null;
  const once = join(FOLDER, "recorded-once.log");
  if (!existsSync(once)) {
    mkdirSync(FOLDER, { recursive: true });
    rmSync(`${once}.part`, { force: true });
    for (const path of sources) {
      const unpacked = path.endsWith(".gz") ? [createGunzip()] : [];
      await pipeline([createReadStream(path), ...unpacked, createWriteStream(`${once}.part`, { flags: "a" })]);
    }
    renameSync(`${once}.part`, once);
  }
  const stem = `recorded-${bytes}`;
  return made(stem, `${stem}.log`, (path) => repeat(once, path, bytes));
}

/** A log as an API server rotates it into so many files, in a folder of their own; with `gz` packed. */
export async function cut(log: LogFile, files: number, gz: boolean): Promise<LogFile> {
  const path = `${log.path}.${files}${gz ? ".gz" : ""}`;
  if (!existsSync(path)) {
    rmSync(`${path}.part`, { recursive: true, force: true });
    mkdirSync(`${path}.part`);
    const whole = readFileSync(log.path);
    let from = 0;
    for (let file = 0; file < files; file++) {
      const newline = whole.indexOf(10, Math.floor((whole.length / files) * (file + 1)) - 1);
      const to = newline < 0 ? whole.length : newline + 1;
      const when = new Date(ROTATED_MS + file * 1_000).toISOString().slice(0, -1).replaceAll(":", "-");
      const name = join(`${path}.part`, `audit-${when}.log`);
      const part = whole.subarray(from, to);
      if (to > from) writeFileSync(gz ? `${name}.gz` : name, gz ? gzipSync(part) : part);
      from = to;
    }
    renameSync(`${path}.part`, path);
  }
  return { path, bytes: log.bytes };
}

/** The first whole lines of a log, at most `bytes` long: for what would take minutes on all of it. */
export function beginning(log: LogFile, bytes: number): LogFile {
  if (log.bytes <= bytes) return log;
  const stem = `${basename(log.path, ".log")}-first-`;
  return made(stem, `${stem}${bytes}.log`, (path) => {
    const head = Buffer.alloc(bytes);
    const file = openSync(log.path, "r");
    const length = readSync(file, head, 0, bytes, 0);
    closeSync(file);
    const to = openSync(path, "w");
    writeSync(to, head, 0, head.lastIndexOf(10, length - 1) + 1);
    closeSync(to);
  });
}

function made(stem: string, name: string, write: (path: string) => void): LogFile {
  const path = join(FOLDER, name);
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path)) {
    for (const old of readdirSync(FOLDER)) if (old.startsWith(stem)) rmSync(join(FOLDER, old), { recursive: true });
    process.stderr.write(`making ${path}\n`);
    write(`${path}.part`);
    renameSync(`${path}.part`, path);
  }
  return { path, bytes: statSync(path).size };
}

function logsOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const logs = readdirSync(folder).filter((name) => /^audit.*\.log(\.gz)?$/.test(name));
  return logs.sort().map((name) => join(folder, name));
}

function repeat(once: string, path: string, bytes: number): void {
  const whole = readFileSync(once);
  const out = openSync(path, "w");
  let written = 0;
  for (let round = 0; written < bytes; round++) {
    // Eight digits of every auditID tell the rounds apart: repeated events would be duplicates.
    const mark = Buffer.from(round.toString(16).padStart(8, "0"));
    for (let at = whole.indexOf(AUDIT_ID); at >= 0; at = whole.indexOf(AUDIT_ID, at + 1)) {
      mark.copy(whole, at + AUDIT_ID.length);
    }
    const rest = bytes - written;
    const end = rest >= whole.length ? whole.length : whole.indexOf(10, rest) + 1;
    written += writeSync(out, whole, 0, end === 0 ? whole.length : end);
  }
  closeSync(out);
}
