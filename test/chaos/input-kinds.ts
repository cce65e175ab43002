import { spawn } from "node:child_process";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { eventLine } from "../support/live-log.ts";
import { PROGRAM } from "../support/program.ts";
import { type Kind, PATIENCE_MS } from "./contract.ts";
import { FaultControl } from "./faults.ts";

const START = Date.UTC(2026, 10, 21);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ReturnType<typeof spawn>;
  readonly ended: Promise<Ended>;
}

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdout: "pipe" | number = "pipe",
): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...env },
    stdio: ["pipe", stdout, "pipe"],
  });
  const late = setTimeout(() => child.kill("SIGKILL"), 2 * PATIENCE_MS);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString("latin1")));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdin?.on("error", () => undefined);
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code) => {
      clearTimeout(late);
      resolve({ code, stdout: out, stderr: err });
    }),
  );
  return { child, ended };
}

interface Info {
  readonly events: number;
  readonly inputs: readonly { readonly skipped: Readonly<Record<string, number>> }[];
}

/** Standard input in pieces of any size, slowly, cut anywhere, with damaged lines in it. */
export const pipeKind: Kind = {
  name: "stdin",
  missing: null,
  async run(random) {
    const lines = 50 + random.below(2_000);
    let [bad, text] = [0, ""];
    for (let n = 0; n < lines; n += 1) {
      const line = eventLine(n, START + n);
      // Damage in the middle, where no line can be taken for a whole one.
      if (n > 3 && random.below(100) === 0) {
        bad += 1;
        text += `${line.slice(0, 60)}\u0000\u0000${line.slice(100, 200)}\n`;
      } else text += line;
    }
    const isCut = random.below(2) === 0;
    const bytes = Buffer.from(text, "latin1");
    const end = isCut ? Math.max(1_000, random.below(bytes.length)) : bytes.length;
    const whole = bytes.subarray(0, end).toString("latin1").split("\n");
    const last = whole.pop() ?? "";
    const isEvent = (line: string): boolean => /^\{"kind".*\}\}$/.test(line) && !line.includes("\u0000");
    const written = whole.filter(isEvent).length + (isEvent(last) ? 1 : 0);
    const { child, ended } = start(["info", "-", "-o", "json"], {});
    for (let at = 0; at < end;) {
      const to = Math.min(end, at + 1 + random.below(random.below(4) === 0 ? 100 : 60_000));
      child.stdin?.write(bytes.subarray(at, to));
      at = to;
      if (random.below(10) === 0) await pause(random.below(20));
    }
    child.stdin?.end();
    const { code, stdout, stderr } = await ended;
    const faults = ["pieces", ...(isCut ? ["cut"] : []), ...(bad > 0 ? ["damaged lines"] : [])];
    if (code !== 0) return { written, shown: 0, faults, missing: written, wrong: `it ended with ${code}: ${stderr}` };
    const { events, inputs } = JSON.parse(stdout) as Info;
    const skipped = Object.values(inputs[0]?.skipped ?? {}).reduce((sum, count) => sum + count, 0);
    const damaged = whole.length + (last === "" ? 0 : 1) - written;
    const wrong =
      events !== written
        ? `${events} events are counted, ${written} were sent`
        : damaged > 0 && skipped === 0
          ? `${damaged} damaged lines are not counted`
          : null;
    return { written, shown: events, faults, missing: written - events, wrong };
  },
};

/** A directory of files of which some are damaged, on a disk that fails at times, with few descriptors. */
export const filesKind: Kind = {
  name: "files",
  missing: null,
  async run(random, folder) {
    const logs = join(folder, "log");
    mkdirSync(logs);
    let [written, next] = [0, 0];
    const done = new Set<string>();
    const files = 1 + random.below(12);
    for (let file = 0; file < files; file += 1) {
      const count = 1 + random.below(400);
      let text = "";
      for (let n = 0; n < count; n += 1) text += eventLine(next++, START + next);
      const path = join(logs, `audit-2026-11-21T00-${String(file).padStart(2, "0")}-00.000.log`);
      const packed = random.below(3) === 0;
      const bytes = packed ? gzipSync(text) : Buffer.from(text);
      const isCut = random.below(6) === 0;
      if (isCut) done.add(packed ? "cut gzip" : "cut file");
      written += count;
      writeFileSync(packed ? `${path}.gz` : path, isCut ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes);
    }
    const faults = new FaultControl(join(folder, "faults.json"), logs);
    const trouble = random.below(4);
    if (trouble === 1) faults.set({ read: 0.1 });
    if (trouble === 2) faults.set({ open: 0.1 });
    if (trouble === 1) done.add("EIO");
    if (trouble === 2) done.add("EMFILE");
    const { ended } = start(["info", logs, "-o", "json"], faults.environment);
    const { code, stdout, stderr } = await ended;
    const { events = 0 } = stdout === "" ? {} : (JSON.parse(stdout) as Info);
    const missing = written - events;
    const wrong =
      missing < 0
        ? `${events} events are counted, ${written} are there`
        : code !== 0 && code !== 3
          ? `it ended with ${code}: ${stderr.slice(-300)}`
          : code === 3 && !stderr.includes(logs)
            ? `it ended with 3 and names no file: ${stderr}`
            : missing > 0 && stderr === ""
              ? `${missing} events are missing and nothing says so`
              : null;
    return { written, shown: events, faults: [...done], missing, wrong };
  },
};

/** Where the answer goes to is full, or goes away. */
export const outputKind: Kind = {
  name: "output",
  missing: process.platform === "linux" ? null : "there is no /dev/full",
  async run(random, folder) {
    const path = join(folder, "audit.log");
    const written = 500 + random.below(3_000);
    writeFileSync(path, Array.from({ length: written }, (_, n) => eventLine(n, START + n)).join(""));
    const output = random.pick(["jsonl", "json", "csv", "raw", "table"]);
    const isFull = random.below(2) === 0;
    const faults = [isFull ? "disk full" : "the reader leaves", output];
    const args = ["events", path, "-o", output];
    const { child, ended } = start(args, {}, isFull ? openSync("/dev/full", "w") : "pipe");
    if (!isFull) child.stdout?.once("data", () => child.stdout?.destroy());
    const { code, stderr } = await ended;
    const isTold = isFull ? code !== 0 && /disk is full/.test(stderr) : !/ {4}at |fault of ktrail/.test(stderr);
    const wrong = isTold && code !== null ? null : `it ended with ${code}: ${stderr.slice(0, 300)}`;
    return { written, shown: 0, faults, missing: written, wrong };
  },
};
