import { appendFileSync, existsSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Seeded } from "../bench/seeded.ts";
import { eventLine } from "../support/live-log.ts";
import { type Naming, RotatedDisk } from "../support/rotated-disk.ts";
import { holds } from "./contract.ts";
import type { FaultControl } from "./faults.ts";

/** A program that follows a log, seen from outside. */
export interface Follower {
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** Whether this event was taken in, as far as one can see; `written` were in all. */
  hasSeen(event: number, written: number): boolean;
}

const HOUR_MS = 3_600_000;
const MOST_LINES = 120;
/** A follower that is free to look knows within this what is there. */
const CHANCE_MS = 3_000;
const START = Date.UTC(2026, 10, 21);

/** A log that is written, rotated and damaged while somebody follows it, and what of it can have been missed. */
export class Disorder {
  readonly disk: RotatedDisk;
  /** Events that were gone before the follower took them in. */
  readonly atRisk = new Set<number>();
  /** Those of them that it could know of: it was free to look while they were there. */
  readonly noticed = new Set<number>();
  /** By event: when it was written, or the follower last was not free to look. */
  private readonly thereSince: number[] = [];
  readonly done: string[] = [];
  private readonly random: Seeded;
  private readonly faults: FaultControl;
  private readonly follower: () => Follower;
  private isStopped = false;
  private eventClockMs = START;

  constructor(folder: string, random: Seeded, faults: FaultControl, follower: () => Follower) {
    const naming = random.pick<Naming>(["lumberjack", "numbered", "dated"]);
    this.random = random;
    this.faults = faults;
    this.follower = follower;
    this.disk = new RotatedDisk(folder, naming, random, (n) => eventLine(n, (this.eventClockMs += 7)));
  }

  /** Events that nothing excuses the loss of. */
  get required(): ReadonlySet<number> {
    const all = Array.from({ length: this.disk.written }, (_, n) => n);
    return new Set(all.filter((n) => !this.atRisk.has(n)));
  }

  async step(): Promise<void> {
    const [name, act] = this.random.pick(this.actions);
    this.done.push(name);
    await act();
    if (this.isStopped) this.thereSince.length = 0;
    while (this.thereSince.length < this.disk.written) this.thereSince.push(performance.now());
    await pause(this.random.below(30));
  }

  /** Ends all faults, as somebody does who puts things right. */
  calm(): void {
    this.resume();
    this.faults.set({ read: 0, open: 0 });
    if (!existsSync(this.disk.log)) this.disk.write(1);
  }

  private get actions(): readonly (readonly [name: string, act: () => void | Promise<void>])[] {
    const { disk, random, faults } = this;
    const write = (): void => disk.write(1 + random.below(MOST_LINES));
    return [
      ["write", write],
      ["write", write],
      ["write", write],
      ["write in two halves", () => this.halves()],
      ["rename", () => disk.rename()],
      ["copytruncate", () => disk.copytruncate()],
      ["gzip", () => disk.compress()],
      ["forget the oldest", () => this.destroy(disk.rotated().slice(0, 1), () => disk.forget())],
      ["delete", () => this.destroy([basename(disk.log)], () => disk.delete())],
      ["truncate", () => this.destroy([basename(disk.log)], () => disk.truncate())],
      ["rewrite", () => this.destroy([basename(disk.log)], () => disk.rewrite(random.below(MOST_LINES)))],
      ["replace", () => this.destroy([basename(disk.log)], () => disk.replace(random.below(MOST_LINES)))],
      ["rest", () => this.rest()],
      ["rest", () => this.rest()],
      ["rest", () => this.rest()],
      ["SIGSTOP", () => this.stop()],
      ["SIGCONT", () => this.resume()],
      ["EIO", () => faults.set({ read: random.below(2) === 0 ? 0.5 : 1 })],
      ["EMFILE", () => faults.set({ open: random.below(2) === 0 ? 0.5 : 1 })],
      ["no more faults", () => faults.set({ read: 0, open: 0 })],
      ["the clock jumps", () => faults.set({ clockMs: (random.below(5) - 2) * HOUR_MS })],
      ["the events' clock jumps", () => void (this.eventClockMs += (random.below(5) - 2) * HOUR_MS)],
    ];
  }

  private async halves(): Promise<void> {
    const { disk, random } = this;
    const line = eventLine(disk.written, (this.eventClockMs += 7));
    const cut = 1 + random.below(line.length - 2);
    appendFileSync(disk.log, line.slice(0, cut));
    await pause(random.below(20));
    appendFileSync(disk.log, line.slice(cut));
    disk.written += 1;
  }

  /** What is in these files and was not taken in yet may be missed from here on. */
  private async destroy(names: readonly string[], act: () => void): Promise<void> {
    if (this.random.below(3) > 0) await this.rest();
    const there = names.filter((name) => existsSync(this.disk.log.replace(/[^/]*$/, name)));
    const follower = this.follower();
    const now = performance.now();
    for (const n of this.disk.available(there)) {
      if (follower.hasSeen(n, this.disk.written)) continue;
      this.atRisk.add(n);
      if (!this.isStopped && now - (this.thereSince[n] ?? now) > CHANCE_MS) this.noticed.add(n);
    }
    act();
  }

  /** Until all that is there was taken in, or a little longer than that takes. */
  private async rest(): Promise<void> {
    const there = [...this.disk.available()];
    const follower = this.follower();
    await holds(() => there.every((n) => follower.hasSeen(n, this.disk.written)), this.isStopped ? 0 : CHANCE_MS);
  }

  private stop(): void {
    this.isStopped = true;
    this.follower().signal("SIGSTOP");
  }

  private resume(): void {
    if (this.isStopped) this.follower().signal("SIGCONT");
    this.isStopped = false;
  }
}
