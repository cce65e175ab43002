import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
export const PROGRAM = join(ROOT, "bin/ktrail.js");
/** The single file that is tested instead of the build: `npm run test:packaged` sets it. */
const PACKAGED = process.env["KTRAIL_PACKAGED"];
/** Another Node to run the program on, the oldest that is allowed for instance: `npm i --prefix DIR node@22.0.0`. */
const NODE = process.env["KTRAIL_NODE"] ?? process.execPath;
/** What starts the program that is tested, and what stands before its own arguments. */
export const [PROGRAM_FILE, PROGRAM_ARGUMENTS]: readonly [string, readonly string[]] =
  PACKAGED === undefined ? [NODE, [PROGRAM]] : [PACKAGED, []];

/** Stable surroundings: UTC, a UTF-8 locale, no colours wanted or refused by the caller's shell. */
const ENVIRONMENT = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", TZ: "UTC" };

export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the built program as a user would: in a process of its own, from the repository's root unless told. */
export function ktrail(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...ENVIRONMENT, ...options.env },
      stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.stdin);
    child.on("error", fail);
    child.on("close", (code, signal) =>
      done({ code, signal, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") }),
    );
  });
}

/** Builds when a source is newer than the bundle. Several test files may want that at once: one builds, the others wait. */
export function ensureBuilt(): void {
  const lock = join(ROOT, "node_modules/.ktrail-build");
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (Date.now() > deadline) throw new Error(`another build holds ${lock}; remove it if there is none`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
  try {
    if (isFresh()) return;
    const build = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT, encoding: "utf8" });
    if (build.status !== 0) throw new Error(`build failed: ${build.stderr}`);
  } finally {
    rmdirSync(lock);
  }
}

function isFresh(): boolean {
  const bundle = join(ROOT, "dist/main.cjs");
  if (!existsSync(bundle)) return false;
  const built = statSync(bundle).mtimeMs;
  return ["src", "scripts"].every((folder) => {
    const sources = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
    return sources.every((path) => statSync(join(ROOT, folder, path)).mtimeMs <= built);
  });
}
