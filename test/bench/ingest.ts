/**
 * Ingest of one JSON-lines file, ours beside JSON.parse per line, on all columns against three counts: `node test/bench/ingest.ts FILE [ROUNDS]`.
 * Both read the file in chunks and find lines the same way; wall and CPU time are medians of rounds taken in turn.
 */
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";

const CHUNK_BYTES = 512 * 1024;
const CHUNK_EVENTS = 4096;

type Line = (buffer: Uint8Array, start: number, end: number, offset: number) => void;

function readLines(path: string, line: Line): void {
  const file = openSync(path, "r");
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let kept = 0;
  let offset = 0;
  for (;;) {
    if (kept === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
    const read = readSync(file, buffer, kept, buffer.length - kept, null);
    const end = kept + read;
    let start = 0;
    for (let newline = buffer.indexOf(10, kept); newline >= 0 && newline < end; newline = buffer.indexOf(10, start)) {
      line(buffer, start, newline, offset + start);
      start = newline + 1;
    }
    if (read === 0) {
      if (end > start) line(buffer, start, end, offset + start);
      break;
    }
    buffer.copyWithin(0, start, end);
    kept = end - start;
    offset += start;
  }
  closeSync(file);
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly note: string;
}

async function measure(run: () => string | Promise<string>): Promise<Run> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const note = await run();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, note };
}

interface Event {
  auditID?: string;
  verb?: string;
  user?: { username?: string };
  responseStatus?: { code?: number };
}

/** The least that makes an overview: requests by user, verb and code. */
function countingJob(): { add: (event: Event) => void; note: () => string } {
  const counts = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  let events = 0;
  return {
    add: (event) => {
      events++;
      [event.user?.username ?? "", event.verb ?? "", String(event.responseStatus?.code)].forEach((key, i) => {
        counts[i]?.set(key, (counts[i]?.get(key) ?? 0) + 1);
      });
    },
    note: () => `${events} events, ${counts[0]?.size} users`,
  };
}

const BASELINE = "readline, JSON.parse";
const RUNS: Record<string, (path: string) => string | Promise<string>> = {
  "newlines only": (path) => {
    let lines = 0;
    readLines(path, () => lines++);
    return `${lines} lines`;
  },
  [BASELINE]: async (path) => {
    const job = countingJob();
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      job.add(JSON.parse(text) as Event);
    }
    return job.note();
  },
  "chunks, JSON.parse": (path) => {
    const job = countingJob();
    readLines(path, (buffer, start, end) => {
      job.add(JSON.parse((buffer as Buffer).toString("utf8", start, end)) as Event);
    });
    return job.note();
  },
  "scan only": (path) => {
    const scanner = createScanner(new RequestRing({ capacity: 1 }).openScanner());
    let events = 0;
    readLines(path, (buffer, start, end, offset) => {
      scanner.scan(buffer, start, end, 0, offset, end - start);
      if (scanner.count === CHUNK_EVENTS) events += scanner.takeBatch().count;
    });
    events += scanner.takeBatch().count;
    return `${events} events, ${scanner.fallbacks} by JSON.parse`;
  },
  "scan and index": (path) => {
    const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY });
    const scanner = createScanner(ring.openScanner());
    const source = ring.registerSource(path);
    readLines(path, (buffer, start, end, offset) => {
      scanner.scan(buffer, start, end, source, offset, end - start);
      if (scanner.count === CHUNK_EVENTS) ring.append(scanner.takeBatch());
    });
    ring.append(scanner.takeBatch());
    const { rows, tables } = ring.memory;
    const perRow = (bytes: number): string => (bytes / ring.rowCount).toFixed(1);
    return `${ring.rowCount} requests, ${perRow(rows)} B each + ${perRow(tables)} B dictionaries and tuples`;
  },
};

const [path, rounds = "3"] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write("usage: node test/bench/ingest.ts FILE [ROUNDS]\n");
  process.exit(2);
}
const megabytes = statSync(path).size / 1e6;
const results = new Map<string, Run[]>(Object.keys(RUNS).map((name) => [name, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, run] of Object.entries(RUNS)) results.get(name)?.push(await measure(() => run(path)));
}
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const baseline = median((results.get(BASELINE) as Run[]).map((run) => run.cpuSeconds));
process.stdout.write(`${path}: ${megabytes.toFixed(0)} MB, ${rounds} rounds in turn, medians\n`);
for (const [name, runs] of results) {
  const wall = median(runs.map((run) => run.seconds));
  const cpu = median(runs.map((run) => run.cpuSeconds));
  process.stdout.write(
    `${name.padEnd(20)} ${(megabytes / wall).toFixed(0).padStart(6)} MB/s  ${cpu.toFixed(2).padStart(6)} CPU s  ` +
      `${(baseline / cpu).toFixed(1).padStart(5)}× ${BASELINE}   ${(runs[0] as Run).note}\n`,
  );
}
