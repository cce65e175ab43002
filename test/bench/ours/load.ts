/**
 * Requests from stdin into an engine with the explorer's bounds; then memory and queries, as JSON:
 * `node load.ts CAPACITY ROUNDS`. Rounds 0: memory only.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { Engine } from "../../../src/engine/contract.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Dimension } from "../../../src/queries/contract.ts";
import { parseQuery } from "../../../src/queries/parse-filter.ts";
import type { Loaded, QueryTimes } from "../loaded.ts";

const FILTERS = [
  "",
  "code:4xx",
  "verb:list",
  "user:system:node:*",
  "latency:>10ms",
  "-verb:get,watch ns:team-1*",
  "name:/-[0-9a-z]{5}$/",
  "(user:*-controller OR ip:192.168.7.0/24) code:>=400",
];
const GROUPINGS: readonly (readonly Dimension[])[] = [
  ["user"],
  ["verb", "resource"],
  ["code"],
  ["namespace"],
  ["object"],
  ["code", "user", "resource"],
];

/** Settles after garbage collection got its chance; nobody forces one in the product either. */
const REST_MS = 1_500;

const capacity = Number(process.argv[2]);
const rounds = Number(process.argv[3]);
const residentMiB = (): number => process.memoryUsage.rss() / 2 ** 20;

const engine = createEngine({
  inputs: ["-"],
  capacity,
  rawBytes: 2 ** 20,
});
const samples: { seen: number; residentMiB: number }[] = [];
engine.subscribe(({ requestsSeen }) => {
  if (requestsSeen >= capacity * (samples.length + 1)) samples.push({ seen: requestsSeen, residentMiB: residentMiB() });
});
await engine.loaded();
await pause(REST_MS);
const { requestsKept: kept, requestsSeen: seen } = engine.status;
const loaded: Loaded = {
  kept,
  seen,
  residentMiB: residentMiB(),
  samples,
  queries: rounds === 0 ? [] : await timeQueries(engine),
};
process.stdout.write(JSON.stringify(loaded), () => process.exit(0));

type Question = readonly [text: string, ask: (onPartial: () => void) => Promise<unknown>];

async function timeQueries(engine: Engine): Promise<QueryTimes[]> {
  const groups = FILTERS.flatMap((text) =>
    GROUPINGS.map((by): Question => [
      `${text || "everything"} by ${by.join(",")}`,
      (onPartial) => engine.ask("groups", { filter: parseQuery(text), by, limit: 50 }, undefined, onPartial),
    ]),
  );
  const series = FILTERS.map((text): Question => [
    text || "everything",
    (onPartial) => engine.ask("series", { filter: parseQuery(text), by: "code", buckets: 60 }, undefined, onPartial),
  ]);
  const pages = FILTERS.map((text): Question => [
    text || "everything",
    () => engine.ask("rows", { filter: parseQuery(text), anchor: "newest", before: 50, after: 0 }),
  ]);
  const find: Question = ["checkout 7", () => engine.ask("objects", { text: "checkout 7", limit: 50 })];
  return [
    ...(await twice(`${FILTERS.length} filters × ${GROUPINGS.length} group-bys`, groups)),
    ...(await twice(`${FILTERS.length} filters × series of 60 by code`, series)),
    ...(await twice(`${FILTERS.length} filters × newest page of 50`, pages)),
    ...(await twice("find an object", [find])),
  ];
}

/** The first time of a question also computes what is kept per tuple for the next. */
async function twice(name: string, questions: readonly Question[]): Promise<QueryTimes[]> {
  return [await timed(`${name}, first time`, questions, 1), await timed(`${name}, again`, questions, rounds)];
}

async function timed(name: string, questions: readonly Question[], times: number): Promise<QueryTimes> {
  const ms: number[] = [];
  const cpuMs: number[] = [];
  const firstMs: number[] = [];
  const firstCpuMs: number[] = [];
  const longest = { stretchMs: 0, cpuMs: 0, question: "" };
  for (let round = 0; round < times; round++) {
    for (const [question, ask] of questions) {
      const asked = { isOpen: true };
      const watch = (async () => {
        for (let turned = performance.now(); asked.isOpen;) {
          await nextTurn();
          const now = performance.now();
          longest.stretchMs = Math.max(longest.stretchMs, now - turned);
          turned = now;
        }
      })();
      const cpu = process.threadCpuUsage();
      const started = performance.now();
      const first = { ms: Number.NaN, cpuMs: Number.NaN };
      const tell = (): void => {
        if (Number.isNaN(first.ms)) Object.assign(first, { ms: performance.now() - started, cpuMs: cpuSince(cpu) });
      };
      await ask(tell);
      tell();
      ms.push(performance.now() - started);
      firstMs.push(first.ms);
      firstCpuMs.push(first.cpuMs);
      const spent = cpuSince(cpu);
      cpuMs.push(spent);
      if (spent > longest.cpuMs) Object.assign(longest, { cpuMs: spent, question });
      asked.isOpen = false;
      await watch;
    }
  }
  return { name, ms, cpuMs, firstMs, firstCpuMs, longestStretchMs: longest.stretchMs, slowest: longest.question };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
