import { isoTime } from "../events/time.ts";
import { spanOf } from "../queries/scan.ts";
import { Arrivals, RecentNotes } from "./arrivals.ts";
import type { RequestRing } from "../index/ring.ts";
import type { ClockWatch } from "./clock-watch.ts";
import type { EngineStatus } from "./contract.ts";
import { RefreshPace } from "./refresh-pace.ts";
import type { RestartWatch } from "./restart-watch.ts";
import type { Settling } from "./settling.ts";
import type { SourceBook } from "./source-book.ts";
import { EMPTY_STATUS, progressOf, silenceOf, skippedOf, Throttle } from "./status.ts";

/** While loading; a live log that never rests is told of a third as often: the screen draws at every status. */
const INTERVAL_MS = 100;
const LIVE_INTERVAL_MS = 300;
/** A status tells of every input: of ten thousand, once a second. */
const MS_AN_INPUT = 0.1;
const ALL_TIME = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };
const NOTES_KEPT = 3;
/** What decays does so in steps of this. */
const FADE_MS = 1_000;

interface StatusSources {
  readonly book: SourceBook;
  readonly clocks: Pick<ClockWatch, "skews">;
  readonly restarts: RestartWatch;
  readonly ring: RequestRing;
  readonly settling: Settling;
  readonly named: EngineStatus["named"];
}

/** What an engine tells of itself while it works: made when something changed or faded, and handed to whoever listens. */
export class StatusBoard {
  phase: EngineStatus["phase"] = "loading";
  /** Inputs that are filled in backwards. */
  backfilling = 0;
  /** Told how long answers take: a screen that asks for long is told less often. */
  readonly pace = new RefreshPace();
  private readonly sources: () => StatusSources;
  private readonly arrivals = new Arrivals();
  private readonly notes = new RecentNotes(NOTES_KEPT);
  private readonly throttle = new Throttle(() => this.publish(), INTERVAL_MS);
  private readonly listeners = new Set<(status: EngineStatus) => void>();
  private failure: string | null = null;
  latest: EngineStatus = EMPTY_STATUS;

  constructor(sources: () => StatusSources) {
    this.sources = sources;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  touch(): void {
    this.throttle.touch();
  }

  flush(): void {
    this.throttle.flush();
  }

  stop(): void {
    this.throttle.stop();
    this.listeners.clear();
  }

  note(text: string): void {
    this.notes.add(text, performance.now());
    this.throttle.touch();
  }

  /** Requests of a live input came; `newestUs`: when the last of their events was written, NaN when they do not tell. */
  arrived(requests: number, newestUs: number): void {
    this.throttle.touch();
    // What was there before following began did not arrive.
    if (this.phase !== "following") return;
    const lagMs = Number.isNaN(newestUs) ? null : Math.max(0, Date.now() - newestUs / 1_000);
    this.arrivals.add(requests, lagMs, performance.now());
  }

  /** Nobody must take what stands still for a quiet log. */
  fail(error: unknown): void {
    this.failure ??= `reading has stopped: ${error instanceof Error ? error.message : String(error)}`;
    this.phase = "idle";
    this.throttle.flush();
  }

  private publish(): void {
    const { ring, book, clocks, restarts, settling, named } = this.sources();
    const inputs = book.reports();
    const isFollowing = this.phase === "following";
    this.throttle.intervalMs = Math.max(isFollowing ? LIVE_INTERVAL_MS : INTERVAL_MS, inputs.length * MS_AN_INPUT);
    this.pace.isLive = isFollowing;
    const skipped = skippedOf(inputs);
    const span = spanOf(ring, ALL_TIME, ring.counters.toUs);
    let receivedUs = Number.NEGATIVE_INFINITY;
    for (const block of ring.blocks) receivedUs = Math.max(receivedUs, block.maxReceivedUs);
    if (isFollowing) restarts.touch(() => this.throttle.touch());
    // The end of loading is told at once; a refresh that is held back comes with a later status.
    const now = performance.now();
    const isDue = this.phase === "idle" || this.pace.isDue(now);
    if (!isDue) this.throttle.touch();
    // Questions that name the span are others only when answers are.
    const { from, to } = isDue ? { from: isoTime(span.fromUs), to: isoTime(span.toUs) } : this.latest;
    const notes = this.notes.texts(now);
    const silentSinceMs = isFollowing ? silenceOf(inputs) : null;
    if (isFollowing && (notes.length > 0 || this.arrivals.isFading(now) || silentSinceMs === null)) {
      this.throttle.touchIn(FADE_MS);
    }
    this.latest = {
      phase: this.phase,
      inputs,
      named,
      apiservers: book.apiservers,
      revision: isDue ? ring.revision : this.latest.revision,
      requestsKept: ring.rowCount,
      requestsSeen: ring.requestsSeen,
      requestsEvicted: ring.requestsEvicted,
      events: ring.counters.events,
      duplicates: ring.counters.duplicates,
      bad: skipped.bad,
      truncated: skipped.truncated,
      foreign: skipped.foreign,
      inFlight: ring.inFlight,
      cutOff: ring.cutOff,
      from,
      to,
      lastReceived: isoTime(receivedUs),
      progress: this.phase === "loading" ? progressOf(inputs) : null,
      arrivalRate: isFollowing ? this.arrivals.perSecond(now) : null,
      lagMs: isFollowing ? this.arrivals.lagMs(now) : null,
      silentSinceMs,
      isOverflowing: ring.isOverflowing,
      backfilling: this.backfilling > 0,
      skews: clocks.skews(),
      untold: book.untold,
      notes,
      filtering: settling.share,
      store: null,
      failure: this.failure,
    };
    for (const listener of this.listeners) listener(this.latest);
  }
}
