import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { createInterface } from "node:readline";
import { PROGRAM_ARGUMENTS, PROGRAM_FILE } from "./program.ts";
import { batch, post } from "./webhook.ts";

/** Of a long run only the beginning is kept. */
const KEPT_TEXT = 4_000_000;

/** A `ktrail listen` of its own, on a port of its own unless told. */
export interface ListenProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it printed so far. */
  readonly out: { text: string; lines: number };
}

export async function listenProcess(args: readonly string[] = [], address = "127.0.0.1:0"): Promise<ListenProcess> {
  const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, "listen", address, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = { text: "", lines: 0 };
  child.stdout.on("data", (chunk: Buffer) => {
    if (out.text.length < KEPT_TEXT) out.text += chunk.toString();
    for (const byte of chunk) if (byte === 10) out.lines += 1;
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      child.stderr.resume();
      return { child, url: url.replace(/\/$/, ""), out };
    }
  }
  throw new Error(`it does not listen: ${said.join("\n")}`);
}

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  readonly batchEvents: number;
  /** Called behind each acknowledged batch, with the numbers of its events and how long its answer took. */
  readonly onAcknowledged?: (from: number, to: number, ms: number) => void;
}

/** Posts made-up events at a rate, as an API server does: what is refused is sent again. Resolves with what was acknowledged. */
export async function sendLoad(
  url: string,
  { perSecond, seconds, batchEvents, onAcknowledged }: Load,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const total = perSecond * seconds;
  const beganMs = performance.now();
  let acknowledged = 0;
  const sending = new Set<Promise<void>>();
  for (let from = 0; from < total; from += batchEvents) {
    const dueMs = beganMs + (from / perSecond) * 1_000;
    const early = dueMs - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    while (sending.size >= 16) await Promise.race(sending);
    const to = Math.min(total, from + batchEvents);
    const one = (async (): Promise<void> => {
      for (let tries = 0; tries < 5; tries += 1) {
        const sentMs = performance.now();
        const answer = await post(url, batch(from, to), {}, { agent }).catch(() => null);
        if (answer?.status === 200) {
          acknowledged += to - from;
          onAcknowledged?.(from, to, performance.now() - sentMs);
          return;
        }
        if (answer === null) return;
      }
    })();
    sending.add(one);
    void one.finally(() => sending.delete(one));
  }
  await Promise.all(sending);
  agent.destroy();
  return acknowledged;
}

export async function endProcess({ child }: ListenProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
