import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** GNU time sums the CPU time of a process and its children and knows the peak of the largest. */
const GNU_TIME = "/usr/bin/time";

export interface Measured {
  readonly wallSeconds: number;
  /** User and system, children included; NaN without GNU time. */
  readonly cpuSeconds: number;
  /** Largest resident set of one process, MiB; NaN without GNU time. */
  readonly peakMiB: number;
  readonly stdout: string;
}

export function missingTime(): string | null {
  return existsSync(GNU_TIME) ? null : `${GNU_TIME} is missing: no CPU time, no peak memory`;
}

export function isInstalled(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, program)));
}

/** Runs to the end. Rejects with what stood on stderr when the exit code is not 0. */
export async function measure(command: readonly string[], stdin?: NodeJS.ReadableStream): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-bench-"));
  const record = join(folder, "time");
  try {
    const timed = missingTime() === null ? [GNU_TIME, "-o", record, "-f", "%U %S %M", ...command] : command;
    const started = performance.now();
    const stdout = await output(timed, stdin);
    const wallSeconds = (performance.now() - started) / 1_000;
    const [user, system, kilobytes] = existsSync(record) ? readFileSync(record, "utf8").split(" ").map(Number) : [];
    return {
      wallSeconds,
      cpuSeconds: (user ?? Number.NaN) + (system ?? Number.NaN),
      peakMiB: (kilobytes ?? Number.NaN) / 1_024,
      stdout,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function output([program, ...args]: readonly string[], stdin?: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program ?? "", args, {
      stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", LC_ALL: "C.UTF-8" },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    if (stdin !== undefined && child.stdin !== null) {
      // The reader has what it wanted and left.
      child.stdin.on("error", () => undefined);
      stdin.pipe(child.stdin);
    }
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${Buffer.concat(err).toString("utf8")}`));
    });
  });
}
