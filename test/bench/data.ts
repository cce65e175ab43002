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
} from "node:fs";
import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Profile, writeLog } from "./generate.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const FOLDER = join(ROOT, ".bench");
const RECORDED = resolve(ROOT, "../shared/data/cluster");
const SEED = 1;
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

export async function packed(log: LogFile): Promise<LogFile> {
  const path = `${log.path}.gz`;
  if (!existsSync(path)) {
    await pipeline(createReadStream(log.path), createGzip(), createWriteStream(`${path}.part`));
    renameSync(`${path}.part`, path);
  }
  return { path, bytes: statSync(path).size };
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
    for (const old of readdirSync(FOLDER)) if (old.startsWith(stem)) rmSync(join(FOLDER, old));
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
