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

const wanted = Number(process.argv[2]);
const seeded = new Seeded(11);
const population = new ClusterPopulation(seeded);
const labels: string[] = [];
while (labels.length < wanted) {
  const pod = seeded.pick(population.pods) as Pod;
  population.replace(pod);
  labels.push(`${pod.namespace}/${pod.name} pods`);
}
const arena = new NameArena();
for (const label of labels) arena.add(label);

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

const find = (text: string): unknown =>
  finish(
    rank(
      arena,
      (label) => labels[label] ?? "",
      text,
      LIMIT,
      () => 0,
    ),
  );
const fuse = new Fuse(labels, { includeMatches: true, ignoreLocation: true });
const times: FindTimes = {
  names: arena.size,
  ours: timed(find, [...TYPED_KEYS, ...TYPED_KEYS, ...TYPED_KEYS]),
  fuse: timed(
    (text) => fuse.search(text, { limit: LIMIT }),
    process.argv[3] === "fuse" ? TYPED_KEYS.slice(0, FUSE_KEYS) : [],
  ),
};
process.stdout.write(JSON.stringify(times));
