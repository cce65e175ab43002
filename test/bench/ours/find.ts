/** Fuzzy find over 100,000 names, a key at a time, as JSON: ours, then fuse.js over all of them. */
import Fuse from "fuse.js";
import { NameArena } from "../../../src/finder/name-arena.ts";
import { rank } from "../../../src/finder/rank.ts";
import { finish } from "../../../src/queries/scan.ts";
import { ClusterPopulation, type Pod } from "../cluster-population.ts";
import { Seeded } from "../seeded.ts";

export interface KeyTimes {
  readonly ms: number[];
  readonly cpuMs: number[];
}

export interface FindTimes {
  readonly names: number;
  readonly ours: KeyTimes;
  readonly fuse: KeyTimes;
}

const NAMES = 100_000;
const LIMIT = 50;
/** Typed letter by letter: words, parts of names, two words, nothing that is there, one letter that is everywhere. */
const TYPED = [
  "checkout",
  "ngnix",
  "team-12/cart",
  "billing 7f pods",
  "web-a9",
  "e",
  "kube-system",
  "zzzzzz",
  "a b c d",
];
const FUSE_KEYS = 4;

const seeded = new Seeded(11);
const population = new ClusterPopulation(seeded);
const labels: string[] = [];
while (labels.length < NAMES) {
  const pod = seeded.pick(population.pods) as Pod;
  population.replace(pod);
  labels.push(`${pod.namespace}/${pod.name} pods`);
}
const arena = new NameArena();
for (const label of labels) arena.add(label);
const keys = TYPED.flatMap((text) => Array.from(text, (_, end) => text.slice(0, end + 1)));

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
  ours: timed(find, [...keys, ...keys, ...keys]),
  fuse: timed((text) => fuse.search(text, { limit: LIMIT }), keys.slice(0, FUSE_KEYS)),
};
process.stdout.write(JSON.stringify(times));
