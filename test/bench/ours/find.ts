/** Fuzzy find a key at a time, as JSON: `node find.ts NAMES [fuse]`. Ours, then fuse.js over all of them. */
import Fuse from "fuse.js";
import { NameArena } from "../../../src/finder/name-arena.ts";
import { rank } from "../../../src/finder/rank.ts";
import { finish } from "../../../src/queries/scan.ts";
import { ClusterPopulation, type Pod } from "../cluster-population.ts";
import { Seeded } from "../seeded.ts";
import { TYPED_KEYS } from "../typed-keys.ts";

export interface KeyTimes {
  readonly ms: number[];
  readonly cpuMs: number[];
}

export interface FindTimes {
  readonly names: number;
  readonly ours: KeyTimes;
  readonly fuse: KeyTimes;
}

const LIMIT = 50;
const FUSE_KEYS = 4;
const MOST_BYTES = 80;

const wanted = Number(process.argv[2]);
const encoder = new TextEncoder();
const seeded = new Seeded(11);
const population = new ClusterPopulation(seeded);
const texts = new Uint8Array(wanted * MOST_BYTES);
const ends = new Uint32Array(wanted + 1);
const decoder = new TextDecoder();
/** As bytes, which is how the engine has them: a million strings would be collected while keys are timed. */
const labelOf = (at: number): string => decoder.decode(texts.subarray(ends[at], ends[at + 1]));
const arena = new NameArena();
while (arena.size < wanted) {
  const pod = seeded.pick(population.pods) as Pod;
  population.replace(pod);
  const at = arena.addText(`${pod.namespace}/${pod.name} pods`);
  const { written } = encoder.encodeInto(`${pod.namespace}/${pod.name} pods`, texts.subarray(ends[at]));
  ends[at + 1] = (ends[at] as number) + written;
}

function timed(find: (text: string) => unknown, texts: readonly string[]): KeyTimes {
  const times: KeyTimes = { ms: [], cpuMs: [] };
  for (const text of texts) {
    const cpu = process.threadCpuUsage();
    const started = performance.now();
    find(text);
    times.ms.push(performance.now() - started);
    const { user, system } = process.threadCpuUsage(cpu);
    times.cpuMs.push((user + system) / 1_000);
  }
  return times;
}

const find = (text: string): unknown => finish(rank(arena, labelOf, text, LIMIT, () => 0));
const fuse = new Fuse(
  Array.from({ length: process.argv[3] === "fuse" ? wanted : 0 }, (_, at) => labelOf(at)),
  { includeMatches: true, ignoreLocation: true },
);
const times: FindTimes = {
  names: arena.size,
  ours: timed(find, [...TYPED_KEYS, ...TYPED_KEYS, ...TYPED_KEYS]),
  fuse: timed(
    (text) => fuse.search(text, { limit: LIMIT }),
    process.argv[3] === "fuse" ? TYPED_KEYS.slice(0, FUSE_KEYS) : [],
  ),
};
process.stdout.write(JSON.stringify(times));
