/**
 * Queries over a ring of generated requests: `node test/bench/queries.ts [ROWS] [ROUNDS]`. Per query the first run (it also
 * fills per-tuple caches), then best, median and p99 of rounds in which every block has changed and the longest stretch
 * without a pause, by the clock; the mean CPU time of a round, which other load on the machine disturbs less (it is counted in
 * ticks of 4 ms, so only sums mean anything); and a round in which no block has changed but something has.
 */
import { RequestRing } from "../../src/index/ring.ts";
import { createScanner } from "../../src/ingest/scanner/scanner.ts";
import type { Dimension } from "../../src/queries/contract.ts";
import type { GroupSort } from "../../src/queries/measures.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import type { Steps } from "../../src/queries/scan.ts";
import { auditLines } from "./generate.ts";

const BATCH = 4_096;

function generatedRing(rows: number): RequestRing {
  const ring = new RequestRing({ capacity: rows });
  const scanner = createScanner(ring.openScanner());
  const source = ring.registerSource("generated");
  let offset = 0;
  for (const line of auditLines("meta", 7)) {
    const bytes = Buffer.from(line);
    scanner.scan(bytes, 0, bytes.length - 1, source, offset, bytes.length - 1);
    offset += bytes.length;
    if (scanner.count >= BATCH) ring.append(scanner.takeBatch());
    if (ring.requestsSeen >= rows) break;
  }
  ring.append(scanner.takeBatch());
  return ring;
}

const group =
  (filter: string, by: string, sort: GroupSort = "requests", limit = 50) =>
  (queries: IndexQueries): Steps<unknown> =>
    queries.groups({ filter: parseQuery(filter), by: by === "" ? [] : (by.split(",") as Dimension[]), sort, limit });

const QUERIES: readonly (readonly [string, (queries: IndexQueries) => Steps<unknown>])[] = [
  ["count code:4xx", (queries) => queries.groups({ filter: parseQuery("code:4xx"), by: [], limit: 1 })],
  ["by user", group("", "user")],
  [
    "by user, no latencies",
    (queries) => queries.groups({ filter: parseQuery(""), by: ["user"], measures: ["requests"] }),
  ],
  ["by verb", group("", "verb")],
  ["by group", group("", "group")],
  ["by user,verb", group("", "user,verb")],
  ["by namespace,resource,verb", group("", "namespace,resource,verb")],
  ["by object (high cardinality)", group("", "object")],
  ["by useragent,object", group("", "useragent,object")],
  ["by user, p99 first", group("", "user", "p99")],
  ["by object, p99 first", group("", "object", "p99")],
  ["code:4xx by user", group("code:4xx", "user")],
  ["verb:list by resource", group("verb:list", "resource")],
  ["ns:a* -code:2xx by user,resource", group("ns:a* -code:2xx", "user,resource")],
  ["(user:system:node:* OR ns:kube-*) -verb:get by verb", group("(user:system:node:* OR ns:kube-*) -verb:get", "verb")],
  ["latency:>100ms by verb", group("latency:>100ms", "verb")],
  ["kube (bare word) by user", group("kube", "user")],
  ["name:/-[0-9a-f]{5}$/ by namespace", group("name:/-[0-9a-f]{5}$/", "namespace")],
  ["since:10m by code", group("since:10m", "code")],
  ["series of 60 by code", (queries) => queries.series({ filter: parseQuery(""), by: "code", buckets: 60 })],
  ["rows, newest page of code:4xx", (queries) => queries.rows({ filter: parseQuery("code:4xx"), before: 50 })],
  ["rows by time received", (queries) => queries.rows({ filter: parseQuery(""), order: "received", before: 50 })],
];

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function run(steps: Steps<unknown>): { ms: number; stretch: number } {
  const started = performance.now();
  let stretch = 0;
  for (let from = started; ;) {
    const { done } = steps.next();
    const now = performance.now();
    stretch = Math.max(stretch, now - from);
    if (done === true) return { ms: now - started, stretch };
    from = now;
  }
}

const rows = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 30);
const out = (line: string): boolean => process.stdout.write(`${line}\n`);

const started = performance.now();
const ring = generatedRing(rows);
out(
  `${ring.rowCount} requests in ${ring.blocks.length} blocks, ${((performance.now() - started) / 1000).toFixed(1)} s to make`,
);
out(
  `actors ${ring.actors.size}, targets ${ring.targets.size}, outcomes ${ring.outcomes.size}, names ${ring.dictionaries.name.size}\n`,
);
out(`${"ms".padEnd(54)}first    best  median     p99 stretch     CPU    kept`);
for (const [name, query] of QUERIES) {
  const queries = new IndexQueries(ring);
  const first = run(query(queries)).ms;
  const times: number[] = [];
  const cpu = cpuMs();
  let stretch = 0;
  for (let round = 0; round < rounds; round++) {
    // What is kept per block would otherwise answer.
    for (const block of ring.blocks) block.revision = ++ring.revision;
    const took = run(query(queries));
    times.push(took.ms);
    stretch = Math.max(stretch, took.stretch);
  }
  times.sort((a, b) => a - b);
  const meanCpu = (cpuMs() - cpu) / rounds;
  run(query(queries));
  // The answer itself would be remembered.
  ring.revision++;
  const unchanged = run(query(queries)).ms;
  const at = (p: number): number => times[Math.max(0, Math.ceil(p * times.length) - 1)] ?? 0;
  const cells = [first, at(0), at(0.5), at(0.99), stretch, meanCpu, unchanged].map((ms) => ms.toFixed(1).padStart(7));
  out(`${name.padEnd(52)}${cells.join(" ")}`);
}
