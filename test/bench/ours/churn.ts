/**
 * Pods coming and going from stdin into an engine that keeps lineage and few rows; then what it still knows, as JSON:
 * `node --expose-gc churn.ts CAPACITY SAMPLE_EVERY PODS ASKED…`. ASKED: how many lives ago the pods asked about were.
 */
import { createEngine } from "../../../src/engine/create-engine.ts";
import { LocalEngine } from "../../../src/engine/local-engine.ts";
import type { Lineage } from "../../../src/lineage/lineage.ts";
import type { WhyResult } from "../../../src/lineage/contract.ts";
import { CHURN_NAMESPACE, podName } from "../churn.ts";

export interface ChurnSample {
  readonly seen: number;
  readonly residentMiB: number;
  readonly requestsKept: number;
  /** Requests lineage remembers, and objects they are of. */
  readonly touches: number;
  readonly objects: number;
}

export interface Churned {
  readonly samples: readonly ChurnSample[];
  /** Heap behind one remembered request, a collection forced. */
  readonly bytesPerTouch: number;
  readonly answers: readonly {
    readonly object: string;
    readonly verdict: string;
    readonly by: string;
    readonly hasRow: boolean;
  }[];
}

const [capacity = 0, every = 0, pods = 0, ...ago] = process.argv.slice(2).map(Number);
const engine = createEngine({
  inputs: ["-"],
  capacity,
  rawBytes: 2 ** 20,
  lineage: { namespace: null },
});
if (!(engine instanceof LocalEngine)) throw new Error("another engine");
let lineage: Lineage | null = await engine["lineage"].current(undefined, new AbortController().signal);
const sample = (): ChurnSample => ({
  seen: engine.status.requestsSeen,
  residentMiB: process.memoryUsage.rss() / 2 ** 20,
  requestsKept: engine.status.requestsKept,
  touches: lineage?.store.touches ?? 0,
  objects: lineage?.store.size ?? 0,
});
const samples: ChurnSample[] = [];
engine.subscribe(({ requestsSeen }) => {
  if (requestsSeen >= every * (samples.length + 1)) samples.push(sample());
});
await engine.loaded();
const answers: Churned["answers"][number][] = [];
for (const object of [...ago.map((lives) => `pod/${podName(pods - lives)}`), "deploy/web"]) {
  const why: WhyResult | null = await engine.ask("why", { object, namespace: CHURN_NAMESPACE });
  const cause = why?.chain.at(-1);
  answers.push({
    object,
    verdict: why?.verdict ?? "forgotten",
    by: cause?.by ?? "",
    hasRow: (cause?.seq ?? null) !== null,
  });
}
const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const last = sample();
if (last.seen > (samples.at(-1)?.seen ?? 0)) samples.push(last);
const full = heap();
engine["lineage"].close();
lineage = null;
const churned: Churned = { samples, bytesPerTouch: (full - heap()) / last.touches, answers };
process.stdout.write(JSON.stringify(churned), () => process.exit(0));
