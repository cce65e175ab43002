import { RequestRing } from "../../src/index/ring.ts";
import type { RingOptions } from "../../src/index/ring-options.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import { forEachLine, readLog } from "./log-files.ts";

/** A ring with everything of these log files, a block of rows at a time so that small logs have several blocks too. */
export function ringOf(paths: readonly string[], options: Partial<RingOptions> = {}): RequestRing {
  const ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY, ...options });
  const scanner = createScanner(ring.openScanner());
  for (const path of paths) {
    const source = ring.registerSource(path);
    const bytes = readLog(path);
    forEachLine(bytes, (start, end) => scanner.scan(bytes, start, end, source, start, end - start));
    ring.append(scanner.takeBatch());
  }
  return ring;
}
