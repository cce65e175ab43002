import { readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { transferables } from "../ingest/batch-builder.ts";
import { createScanner, type EventScanner } from "../ingest/scanner/scanner.ts";
import type { FromScanThread, RangeJob, ToScanThread } from "./ranges/contract.ts";
import { scanRange, type ReadFile } from "./ranges/scan-range.ts";

/** One of several threads that scan ranges of files for the engine's. */
const port = parentPort;
if (port === null) throw new Error("started outside a worker thread");

/** Stays in the processor's cache between reading and scanning. */
const BUFFER_BYTES = 512 * 1024;

const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
const scanners = new Map<number, EventScanner>();
const send = (message: FromScanThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

async function scan({ id, lane, seat, file, range, cancelled }: RangeJob): Promise<void> {
  const read: ReadFile = (into, bytes, offset) => {
    if (Atomics.load(cancelled, 0) !== 0) throw new Error("cancelled");
    return readSync(file.fd, into, 0, bytes, offset);
  };
  try {
    let scanner = scanners.get(lane);
    if (scanner === undefined) {
      scanner = createScanner(seat);
      scanners.set(lane, scanner);
    }
    const result = await scanRange(file, range, scanner, buffer, read);
    send({ type: "scanned", id, result }, transferables(result.batch));
  } catch (error) {
    send({ type: "failed", id, message: error instanceof Error ? error.message : String(error) });
  }
}

/** What came earlier is done first: ranges share the buffer. */
let earlier = Promise.resolve();
port.on("message", (message: ToScanThread) => {
  earlier = earlier.then(() => {
    if (message.type === "close") scanners.delete(message.lane);
    else return scan(message.job);
  });
});
send({ type: "ready" });
