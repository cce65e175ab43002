import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";

/** What a log's events come to, and what a table's do: equal when each is in it once. */
export interface Sums {
  readonly events: number;
  readonly bytes: number;
  /** Of the CRC-32 of each original. */
  readonly sums: number;
}

/**
 * Writes a log of at least so many events: the lines of one again and again, each time under new auditIDs and on another day.
 * Returns what they come to.
 */
export async function longLog(lines: readonly string[], events: number, path: string): Promise<Sums> {
  const out = createWriteStream(path);
  const sums = { events: 0, bytes: 0, sums: 0 };
  for (let round = 0; sums.events < events; round++) {
    const day = new Date(Date.UTC(2026, 0, 1 + round)).toISOString().slice(0, 10);
    const mark = `"auditID":"${round.toString(16).padStart(4, "0")}`;
    for (const line of lines) {
      const own = line.replaceAll("2026-11-21", day).replace(/"auditID":"[^"]{4}/, mark);
      sums.events += 1;
      sums.bytes += Buffer.byteLength(own);
      sums.sums += crc32(own);
      if (!out.write(`${own}\n`)) await once(out, "drain");
    }
  }
  out.end();
  await finished(out);
  return sums;
}

/** Events of a log that are unlike each other, of JSON lines. */
export async function linesOf(path: string): Promise<string[]> {
  const lines = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [identity] = /"auditID":"[^"]{5,}","stage":"\w+"/.exec(line) ?? [];
    if (identity !== undefined) lines.set(identity + line.slice(-400), line);
  }
  return [...lines.values()];
}

const SUMS_MS = 600_000;

/** What is in the table, as the server works it out of every original: not to be asked often. */
export async function storedSums(url: string): Promise<Sums> {
  const [sums] = await rowsOf<Sums>(
    url,
    "SELECT toFloat64(count()) AS events, toFloat64(sum(length(raw))) AS bytes, toFloat64(sum(CRC32(raw))) AS sums FROM audit",
  );
  return sums ?? { events: 0, bytes: 0, sums: 0 };
}

/** Rows of the table, which the server knows without looking. */
export async function storedEvents(url: string): Promise<number> {
  const [row] = await rowsOf<{ events: number }>(url, "SELECT toFloat64(count()) AS events FROM audit");
  return row?.events ?? 0;
}

async function rowsOf<Row>(url: string, query: string): Promise<Row[]> {
  const client = createClient({ url, request_timeout: SUMS_MS, log: { level: ClickHouseLogLevel.OFF } });
  try {
    return await (await client.query({ query, format: "JSONEachRow" })).json<Row>();
  } finally {
    await client.close();
  }
}

/** A shipper in a process of its own. */
export class ShipProcess {
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  private readonly child: ChildProcess;

  constructor(args: readonly string[]) {
    const child = spawn(PROGRAM_FILE, [...PROGRAM_ARGUMENTS, "ship", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk) => (stdout += chunk));
    child.stderr?.on("data", (chunk) => (stderr += chunk));
    this.ended = new Promise((done) => child.once("close", (code) => done({ code, stdout, stderr })));
  }

  /** SIGKILL, and its end. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  /** The first match in what it says on stderr. */
  async said(wanted: RegExp): Promise<string> {
    let text = "";
    for await (const chunk of this.child.stderr ?? []) {
      text += String(chunk);
      const [, found] = wanted.exec(text) ?? [];
      if (found !== undefined) return found;
    }
    throw new Error(`it said ${text}`);
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }
}

/** How many records of a kind a journal holds. */
export function journalled(directory: string, kind: "batch" | "done"): number {
  const path = `${directory}/journal`;
  if (!existsSync(path)) return 0;
  return readFileSync(path, "utf8").split(`{"kind":"${kind}"`).length - 1;
}

/** Mulberry32: the same dice for the same seed. */
export function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A way to a server on which connections are dropped, held up and cut short, as the dice say. */
export class BadWay {
  readonly faults = { dropped: 0, delayed: 0, cutRequests: 0, cutAnswers: 0 };
  port = 0;
  /** Off: everything goes through. */
  isBad = true;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(serverPort: number, dice: () => number) {
    this.server = createServer((socket) => this.pass(socket, serverPort, dice));
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    const address = this.server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private pass(socket: Socket, serverPort: number, dice: () => number): void {
    const fate = this.isBad ? dice() : 1;
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => undefined);
    if (fate < 0.15) {
      this.faults.dropped += 1;
      socket.destroy();
      return;
    }
    const onward = connect(serverPort, "127.0.0.1");
    onward.on("error", () => socket.destroy());
    onward.on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    if (fate < 0.35) {
      // The request is cut: the server gets a part of it.
      this.faults.cutRequests += 1;
      let left = Math.floor(dice() * 200_000);
      socket.on("data", (chunk) => {
        onward.write(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) onward.end(() => socket.destroy());
      });
    } else socket.pipe(onward);
    if (fate >= 0.35 && fate < 0.55) {
      // The server has done it, and the shipper does not learn so.
      this.faults.cutAnswers += 1;
      onward.once("data", () => socket.destroy());
    } else if (fate >= 0.55 && fate < 0.65) {
      this.faults.delayed += 1;
      onward.once("data", (chunk) => {
        onward.pause();
        setTimeout(() => {
          socket.write(chunk);
          onward.pipe(socket);
        }, dice() * 1_000);
      });
    } else onward.pipe(socket);
  }
}
