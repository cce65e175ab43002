import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FollowEvent } from "../../src/bytes/contract.ts";
import { followSource } from "../../src/bytes/follow-source.ts";
import { Seeded } from "../bench/seeded.ts";
import { numberOf, RotatedDisk } from "../support/rotated-disk.ts";
import { line } from "./following.ts";
import { runs } from "../support/runs.ts";

/**
 * A writer, what rotates its log, and a follower that sleeps at any time, in random order. Whatever the disk still has
 * when the follower wakes has to be delivered: once, in order.
 */

const STEPS = runs(450);
const QUIET_MS = 20_000;
/** `SEEDS=10..40` tries others. */
const [FIRST_SEED = 1, LAST_SEED = 3] = (process.env["SEEDS"] ?? "").split("..").filter(Boolean).map(Number);
const SEEDS = Array.from({ length: LAST_SEED - FIRST_SEED + 1 }, (_, at) => FIRST_SEED + at);

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ktrail-model-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Pulls a follower as long as the test wants. */
class Sleeper {
  readonly delivered: number[] = [];
  readonly lost: string[] = [];
  readonly log: string[] = [];
  private rest = "";
  private readonly abort = new AbortController();
  private readonly events: AsyncGenerator<FollowEvent, void, void>;
  private pending: Promise<IteratorResult<FollowEvent, void>> | null = null;

  constructor(path: string) {
    this.events = followSource(path, { pollMs: 1, watch: false }).events(this.abort.signal);
  }

  get last(): number {
    return this.delivered.at(-1) ?? -1;
  }

  async wake(): Promise<void> {
    await this.take(QUIET_MS);
  }

  /** Takes up to `most` events, or fewer when nothing comes for a moment. */
  async nap(most: number): Promise<void> {
    for (let taken = 0; taken < most; taken++) if (!(await this.take(5))) return;
  }

  /** Awake until all these have come. */
  async catchUp(wanted: readonly number[]): Promise<void> {
    const missing = new Set(wanted);
    for (const number of this.delivered) missing.delete(number);
    while (missing.size > 0) {
      const before = this.delivered.length;
      if (!(await this.take(QUIET_MS))) throw new Error(`never delivered: ${[...missing].slice(0, 20).join(" ")}`);
      for (const number of this.delivered.slice(before)) missing.delete(number);
    }
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.events.return();
  }

  private async take(ms: number): Promise<boolean> {
    this.pending ??= this.events.next();
    let timer: NodeJS.Timeout | undefined;
    const quiet = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, ms, null);
    });
    const event = await Promise.race([this.pending, quiet]);
    clearTimeout(timer);
    if (event === null || event.done === true) return false;
    this.pending = null;
    const { value } = event;
    this.log.push(value.kind === "opened" ? `opened ${basename(value.generation.path)}` : value.kind);
    if (value.kind === "opened") this.rest = "";
    else if (value.kind === "lost") this.lost.push(value.sentence);
    else if (value.kind === "chunk") {
      const lines = (this.rest + Buffer.from(value.bytes).toString("latin1").replaceAll("\0", "")).split("\n");
      this.rest = lines.pop() ?? "";
      for (const text of lines) this.delivered.push(numberOf(text));
    }
    return true;
  }
}

/** What may happen while the follower sleeps, by how often. */
const WHILE_ASLEEP: readonly (readonly [
  share: number,
  name: string,
  act: (disk: RotatedDisk, random: Seeded) => void,
])[] = [
  [34, "write", (disk, random) => disk.write(1 + random.below(40))],
  [14, "rename", (disk) => disk.rename()],
  [10, "copytruncate", (disk) => disk.copytruncate()],
  [10, "gzip", (disk) => disk.compress()],
  [4, "forget", (disk) => disk.forget()],
  [2, "delete", (disk) => disk.delete()],
  [2, "truncate", (disk) => disk.truncate()],
];
const ASLEEP = WHILE_ASLEEP.reduce((sum, [share]) => sum + share, 0);
const NAP = 8;
const AWAKE = 16;

test.each(
  (["lumberjack", "numbered", "dated"] as const).flatMap((naming) => SEEDS.map((seed) => [naming, seed] as const)),
)("nothing that the disk still has is lost: %s, seed %i", async (naming, seed) => {
  const random = new Seeded(seed * 7_919 + naming.length);
  const disk = new RotatedDisk(directory, naming, random, line);
  disk.write(random.below(3));
  const sleeper = new Sleeper(disk.log);
  const done: string[] = [];
  const story = (): string =>
    `after ${done.slice(-14).join(" ")}: ${sleeper.log.slice(-12).join(", ")}; ${disk.describe()}`;
  // Rotated files that are there when following begins are older than it.
  await sleeper.wake();
  await sleeper.catchUp([...disk.available()]);
  for (let step = 0; step < STEPS; step++) {
    let draw = random.below(ASLEEP + NAP + AWAKE);
    const action = WHILE_ASLEEP.find(([share]) => (draw -= share) < 0);
    done.push(action?.[1] ?? (draw < NAP ? "nap" : "up"));
    if (action !== undefined) action[2](disk, random);
    else if (draw < NAP) await sleeper.nap(1 + random.below(4));
    else {
      const wanted = [...disk.available()].filter((number) => number > sleeper.last);
      await sleeper.catchUp(wanted).catch((error: unknown) => expect.fail(`${String(error)}, ${story()}`));
    }
    const { delivered } = sleeper;
    const back = delivered.findIndex((number, at) => at > 0 && number <= (delivered[at - 1] as number));
    if (back > 0) expect.fail(`${delivered[back]} follows ${delivered[back - 1]}, ${story()}`);
  }
  await sleeper.stop();
  expect(sleeper.lost).toEqual([]);
  expect(sleeper.delivered.length).toBeGreaterThan(STEPS);
});
