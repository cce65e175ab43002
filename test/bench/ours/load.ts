/**
 * Requests from stdin into an engine with the explorer's bounds; then memory and the questions asked for, as JSON:
 * `node load.ts CAPACITY ROUNDS [latency] [compare] [groups] [regroups] [series] [page] [find]`.
 */
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { Engine } from "../../../src/engine/contract.ts";
import { createEngine } from "../../../src/engine/create-engine.ts";
import { parseTime } from "../../../src/models/times.ts";
import type { CompareQuery } from "../../../src/queries/compare-query.ts";
import { usualSides } from "../../../src/queries/compare-side.ts";
import { type Dimension, type Filter, MATCH_ALL } from "../../../src/queries/contract.ts";
import { parseQuery } from "../../../src/queries/parse-filter.ts";
import { TYPED_KEYS } from "../typed-keys.ts";
import type { Loaded, QueryTimes } from "../loaded.ts";
import { ASKED, type Asked } from "../asked.ts";

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

type Question = readonly [text: string, ask: (onPartial: () => void) => Promise<unknown>];

const byFilter = (ask: (filter: Filter, onPartial: () => void) => Promise<unknown>): Question[] =>
  FILTERS.map((text): Question => [text || "everything", (onPartial) => ask(parseQuery(text), onPartial)]);

const QUESTIONS: Readonly<
  Record<Asked, { readonly name: string; readonly questions: (engine: Engine) => readonly Question[] }>
> = {
  latency: {
    name: "the latency pane",
    questions: (engine) => [
      [
        "everything by verb, resource",
        (onPartial) =>
          engine.ask(
            "latency",
            { filter: MATCH_ALL, by: ["verb", "resource"], limit: 100, buckets: 100, slowest: 10 },
            undefined,
            onPartial,
          ),
      ],
    ],
  },
  compare: {
    name: "compare, halves of the log",
    questions: (engine) => [
      ["by user", () => engine.ask("compare", { filter: MATCH_ALL, ...halves(engine), by: ["user"], limit: 200 })],
    ],
  },
  groups: {
    name: `${FILTERS.length} filters × ${GROUPINGS.length} group-bys`,
    questions: (engine) => grouped(engine, 50),
  },
  regroups: {
    name: "the same, one group more",
    questions: (engine) => grouped(engine, 51),
  },
  series: {
    name: `${FILTERS.length} filters × series of 60 by code`,
    questions: (engine) =>
      byFilter((filter, onPartial) => engine.ask("series", { filter, by: "code", buckets: 60 }, undefined, onPartial)),
  },
  page: {
    name: `${FILTERS.length} filters × newest page of 50`,
    questions: (engine) => byFilter((filter) => engine.ask("rows", { filter, anchor: "newest", before: 50, after: 0 })),
  },
  find: {
    name: "find an object",
    questions: (engine) => TYPED_KEYS.map((text): Question => [text, () => engine.ask("objects", { text, limit: 50 })]),
  },
};

function grouped(engine: Engine, limit: number): Question[] {
  return FILTERS.flatMap((text) =>
    GROUPINGS.map((by): Question => [
      `${text || "everything"} by ${by.join(",")}`,
      (onPartial) => engine.ask("groups", { filter: parseQuery(text), by, limit }, undefined, onPartial),
    ]),
  );
}

/** As the pane does where no sides were named. */
function halves({ status: { from, to } }: Engine): Pick<CompareQuery, "a" | "b"> {
  const sides = usualSides(null, { fromUs: parseTime(from) * 1_000, toUs: parseTime(to) * 1_000 });
  if (sides === null) throw new Error("the log is too short to compare its halves");
  return { a: { window: sides.a.window ?? {} }, b: { window: sides.b.window ?? {} } };
}

const capacity = Number(process.argv[2]);
const rounds = Number(process.argv[3]);
const wanted = ASKED.filter((name) => process.argv.includes(name));
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
  queries: await timeQueries(engine),
};
process.stdout.write(JSON.stringify(loaded), () => process.exit(0));

async function timeQueries(engine: Engine): Promise<QueryTimes[]> {
  const times: QueryTimes[] = [];
  for (const asked of wanted) {
    const { name, questions } = QUESTIONS[asked];
    const all = questions(engine);
    // The first time of a question also computes what is kept per tuple for the next.
    times.push({ asked, isFirst: true, ...(await timed(`${name}, first time`, all, 1)) });
    times.push({ asked, isFirst: false, ...(await timed(`${name}, again`, all, rounds)) });
  }
  return times;
}

async function timed(
  name: string,
  questions: readonly Question[],
  times: number,
): Promise<Omit<QueryTimes, "asked" | "isFirst">> {
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
