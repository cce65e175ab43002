import { setTimeout as sleep } from "node:timers/promises";
import type { Detector, FindingsResult } from "../../findings/contract.ts";
import { collect } from "../../findings/collect.ts";
import { DETECTORS } from "../../findings/registry.ts";
import { SharedPass } from "../../findings/shared-pass.ts";
import type { Selection } from "../../queries/contract.ts";
import type { Asks } from "../contract.ts";
import { type FollowedRows, OrderedPass } from "./ordered-pass.ts";
import { type FindingSources, FindingStore } from "./finding-store.ts";

/** While following, the same is looked at this seldom, and for a fortieth of the time at most. */
const EVERY_MS = 1_000;
const REST = 40;
/** The first answer is of all there is; those after it are what it costs to go on. */
const MOST_FIRST_REST_MS = 10_000;

/** Keeps what detectors have seen of one selection, so that while following only what is new passes by them. */
export class FindingsWatch {
  private readonly desk: FindingSources;
  private readonly followed: FollowedRows;
  private key = "";
  private pass: OrderedPass | null = null;
  private restUntilMs = 0;
  private lastRevision = -1;
  /** Asks take turns: the pass is one. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(desk: FindingSources, followed: FollowedRows) {
    this.desk = desk;
    this.followed = followed;
  }

  answer(ask: Asks["findings"]["ask"], signal: AbortSignal): Promise<FindingsResult> {
    const mine = this.last.then(() => this.answerNow(ask, signal));
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async answerNow(ask: Asks["findings"]["ask"], signal: AbortSignal): Promise<FindingsResult> {
    const { filter, window, expectations, auditIDs, only, now = false } = ask;
    const selection: Selection = window === undefined ? { filter } : { filter, window };
    const detectors = only === undefined ? DETECTORS : DETECTORS.filter(({ id }) => only.includes(id));
    const key = JSON.stringify([selection, only]);
    if (!now) await this.pace(key, signal);
    const started = process.cpuUsage();
    await this.desk.restarts.refresh(signal);
    const store = await FindingStore.open(this.desk, selection, signal);
    const before = this.pass;
    const pass = this.passOf(key, selection, detectors);
    await pass.takeIn(signal);
    const found = await collect(store, pass.shared, {
      detectors,
      expectations: [...this.desk.expectations, ...expectations],
      auditIDs,
    });
    const restMs = Math.min(
      REST * cpuMsSince(started),
      pass === before ? Number.POSITIVE_INFINITY : MOST_FIRST_REST_MS,
    );
    this.restUntilMs = performance.now() + Math.max(EVERY_MS, restMs);
    this.lastRevision = this.desk.store.extent.revision;
    return { ...found, unread: pass.unread };
  }

  /** Who follows a log asks again with every change: the same question waits. */
  private async pace(key: string, signal: AbortSignal): Promise<void> {
    const isSame = this.pass !== null && this.key === key;
    if (!isSame || this.lastRevision === this.desk.store.extent.revision) return;
    const restMs = this.restUntilMs - performance.now();
    if (restMs > 0) await sleep(restMs, undefined, { signal, ref: false });
  }

  private passOf(key: string, selection: Selection, detectors: readonly Detector[]): OrderedPass {
    if (this.pass === null || this.key !== key || this.pass.isStale) {
      this.pass = new OrderedPass(this.followed, selection, new SharedPass(detectors));
      this.key = key;
    }
    return this.pass;
  }
}

/** Of all threads: on a busy machine an answer takes longer than it costs. */
function cpuMsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e3;
}
