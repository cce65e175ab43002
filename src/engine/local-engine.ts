import { resolveInputs } from "../bytes/inputs.ts";
import { openRawStore } from "../bytes/raw-store.ts";
import type { RawStore, ResolvedInputs } from "../bytes/contract.ts";
import { isoTime } from "../events/time.ts";
import type { EventBatch } from "../index/event-batch.ts";
import { RequestRing } from "../index/ring.ts";
import type { Selection } from "../queries/contract.ts";
import type { Desk } from "./asks/desk.ts";
import { IndexQueries } from "../queries/index-queries.ts";
import { run } from "./asks/queries.ts";
import { answerers } from "./asks/registry.ts";
import { Arrivals, RecentNotes } from "./arrivals.ts";
import type {
  AnswerFor,
  AskKind,
  Asks,
  EngineOptions,
  EngineStatus,
  FeedingEngine,
  WantedOfEvents,
} from "./contract.ts";
import { ClockWatch } from "./clock-watch.ts";
import { followInput } from "./follow-inputs.ts";
import { refusalOf } from "./record-intake.ts";
import { LineageFeed } from "./lineage-feed.ts";
import { PassingBytes } from "./passing-bytes.ts";
import { LiveMerge } from "./live-merge.ts";
import { mergeByTime } from "./merge.ts";
import { ObjectDirectory } from "./object-directory.ts";
import { RawEvents } from "./raw-events.ts";
import { fileBatches, streamBatches, type ReadOptions } from "./read-inputs.ts";
import { parallelOf, type Parallel } from "./ranges/parallel.ts";
import { RefreshPace } from "./refresh-pace.ts";
import { RequestFeed } from "./request-feed.ts";
import { RestartWatch } from "./restart-watch.ts";
import { SourceBook } from "./source-book.ts";
import { Settling } from "./settling.ts";
import { EMPTY_STATUS, progressOf, silenceOf, skippedOf, Throttle } from "./status.ts";

const STATUS_INTERVAL_MS = 100;
const NOTES_KEPT = 3;
/** The newest events of followed files can be shown although their file is gone. */
const RECENT_BYTES = 16 * 1024 * 1024;
/** What decays does so in steps of this. */
const FADE_MS = 1_000;
/** What the explorer remembers of requests for trails: up to 90 MiB when somebody asks for one. */
const LINEAGE_TOUCHES = 120_000;

/** The engine in this thread: reads, indexes and answers. The worker runs one of these; headless commands use it as is. */
export class LocalEngine implements FeedingEngine {
  private readonly options: EngineOptions;
  private readonly ring: RequestRing;
  private readonly raw: RawStore;
  private readonly book: SourceBook;
  private readonly passing: PassingBytes;
  private readonly desk: Desk;
  private readonly abort = new AbortController();
  private readonly listeners = new Set<(status: EngineStatus) => void>();
  private readonly throttle: Throttle;
  private readonly arrivals = new Arrivals();
  private readonly notes = new RecentNotes(NOTES_KEPT);
  private readonly pace = new RefreshPace();
  private readonly live: LiveMerge;
  private readonly done: Promise<void>;
  private readonly parallel: Parallel | null;
  private phase: EngineStatus["phase"] = "loading";
  private backfilling = 0;
  private failure: string | null = null;
  private feed: RequestFeed | null = null;
  private latest: EngineStatus = EMPTY_STATUS;

  constructor(options: EngineOptions, parallel: Parallel | null = parallelOf(options.threads)) {
    this.options = options;
    this.ring = new RequestRing({ capacity: options.capacity, dictionaryBytes: options.dictionaryBytes });
    this.passing = new PassingBytes(options.follow ? RECENT_BYTES : 0);
    this.raw = openRawStore({
      streamBytes: options.rawBytes,
      onMoved: (source, path) => this.ring.moveSource(source, path),
    });
    this.book = new SourceBook(this.ring, this.raw);
    const events = new RawEvents(this.raw, this.book, this.ring, this.passing);
    const clocks = new ClockWatch(this.ring, events, this.passing);
    const queries = new IndexQueries(this.ring, {
      lastEventUs: () => this.ring.counters.toUs,
      referenceUs: () => (this.phase === "following" ? Date.now() * 1_000 : this.ring.counters.toUs),
    });
    this.desk = {
      ring: this.ring,
      book: this.book,
      events,
      clocks,
      queries,
      settling: new Settling(queries, events, () => this.throttle.touch()),
      directory: new ObjectDirectory(this.ring, queries),
      restarts: new RestartWatch(this.ring, run),
      lineage: new LineageFeed(
        this.ring,
        events,
        this.passing,
        clocks,
        Number.isFinite(options.capacity) ? LINEAGE_TOUCHES : options.capacity,
      ),
    };
    this.live = new LiveMerge((batch, from, to) => {
      this.arrive(batch, from, to);
      return undefined;
    });
    this.parallel = options.follow ? null : parallel;
    this.throttle = new Throttle(() => this.publish(), STATUS_INTERVAL_MS);
    this.done = this.run();
    this.done.catch(() => undefined);
  }

  get status(): EngineStatus {
    return this.latest;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async ask<K extends AskKind>(
    kind: K,
    ask: Asks[K]["ask"],
    signal = new AbortController().signal,
    onPartial?: (answer: AnswerFor<K>) => void,
  ): Promise<AnswerFor<K>> {
    return this.pace.answering(answerers[kind](this.desk, ask, signal, onPartial));
  }

  loaded(): Promise<void> {
    return this.done;
  }

  /** Only one of a kind: reading waits for it. */
  requests(selection: Selection, wanted: WantedOfEvents): RequestFeed {
    this.feed = new RequestFeed(this.ring, this.desk.queries, this.desk.events, selection, wanted);
    return this.feed;
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.live.stop();
    this.desk.lineage.close();
    this.desk.restarts.stop();
    this.throttle.stop();
    this.listeners.clear();
    await this.done.catch(() => undefined);
    await this.parallel?.threads.close();
    this.raw.close();
  }

  private async run(): Promise<void> {
    const resolved = await resolveInputs(this.options.inputs, { sniff: refusalOf, follow: this.options.follow });
    const { follow, lineage, capacity } = this.options;
    const isKept = !follow && capacity === Number.POSITIVE_INFINITY;
    const canReadAgain = isKept && resolved.inputs.every(({ kind }) => kind === "files");
    if (lineage !== undefined) this.desk.lineage.begin(lineage, canReadAgain);
    for (const { path, reason } of resolved.passedOver) this.book.tally(path).passedOver = reason;
    for (const { path, error } of resolved.failures) this.book.tally(path).error = error.message;
    const reading: ReadOptions = {
      book: this.book,
      ring: this.ring,
      passing: this.passing,
      format: this.options.format,
      signal: this.abort.signal,
      parallel: this.parallel,
      onProgress: () => this.throttle.touch(),
    };
    try {
      await (this.options.follow ? this.follow(resolved, reading) : this.read(resolved, reading));
      // Nobody watches the status of an engine without bounds: headless commands pay for it where they ask.
      if (Number.isFinite(capacity)) await this.desk.restarts.refreshUnlessStopped();
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      if (this.phase === "loading") this.phase = "idle";
      this.throttle.flush();
    }
  }

  /** Nobody must take what stands still for a quiet log. */
  private fail(error: unknown): void {
    this.failure ??= `reading has stopped: ${error instanceof Error ? error.message : String(error)}`;
    this.phase = "idle";
    this.abort.abort();
    this.throttle.flush();
  }

  /** What wants events as they pass by gets them at once. */
  private append(batch: EventBatch, from: number, to: number): void {
    this.ring.append(batch, from, to);
    this.desk.lineage.takeIn();
    this.desk.clocks.takeIn();
    this.feed?.takeIn();
  }

  /** Files are merged by time; streams are taken as they come, so that a silent one holds up nobody. */
  private async read({ inputs }: ResolvedInputs, reading: ReadOptions): Promise<void> {
    const files = inputs.filter((input) => input.kind === "files");
    const streams = inputs.filter((input) => input.kind === "stream");
    const append = (batch: EventBatch, from: number, to: number): Promise<void> | undefined => {
      this.append(batch, from, to);
      return this.feed?.room();
    };
    const readStreams = streams.map(async (input) => {
      this.phase = "following";
      for await (const batch of streamBatches(input, reading)) {
        this.arrive(batch, 0, batch.count);
        await this.feed?.room();
      }
    });
    await mergeByTime(
      files.map((input) => fileBatches(input, reading)),
      append,
    );
    await this.parallel?.threads.close();
    await Promise.all(readStreams);
    this.phase = "idle";
  }

  /** Resolves when everything written so far has been read once; following goes on until close. */
  private async follow({ inputs }: ResolvedInputs, reading: ReadOptions): Promise<void> {
    const caughtUp: Promise<void>[] = [];
    for (const input of inputs) {
      if (input.kind === "stream") {
        caughtUp.push(this.read({ inputs: [input], passedOver: [], failures: [] }, reading));
        continue;
      }
      const { live } = input;
      if (live === null) {
        caughtUp.push(this.read({ inputs: [input], passedOver: [], failures: [] }, reading));
        continue;
      }
      const first = Promise.withResolvers<void>();
      caughtUp.push(first.promise);
      const following = followInput(input, live, this.options.tailMs, {
        ...reading,
        lane: this.live.open(),
        onCaughtUp: () => {
          this.phase = "following";
          first.resolve();
        },
        onBackfill: (isRunning) => {
          this.backfilling += isRunning ? 1 : -1;
          this.throttle.touch();
        },
        onNote: (note) => {
          this.notes.add(note, performance.now());
          this.throttle.touch();
        },
        room: () => this.feed?.room(),
        onFault: (error) => this.fail(error),
      });
      following.catch((error: unknown) => {
        this.fail(error);
        first.reject(error);
      });
    }
    await Promise.all(caughtUp);
    this.phase = "following";
  }

  /** Appends rows of a live input. */
  private arrive(batch: EventBatch, from: number, to: number): void {
    const before = this.ring.requestsSeen;
    this.append(batch, from, to);
    this.throttle.touch();
    // What was there before following began did not arrive.
    if (to === from || this.phase !== "following") return;
    const lagMs = Number.isNaN(batch.maxStageUs) ? null : Math.max(0, Date.now() - batch.maxStageUs / 1_000);
    this.arrivals.add(this.ring.requestsSeen - before, lagMs, performance.now());
  }

  private publish(): void {
    const inputs = this.book.reports();
    const { ring } = this;
    const skipped = skippedOf(inputs);
    const isFollowing = this.phase === "following";
    let fromUs = Number.POSITIVE_INFINITY;
    let toUs = Number.NEGATIVE_INFINITY;
    for (const block of ring.blocks) {
      if (block.minReceivedUs < fromUs) fromUs = block.minReceivedUs;
      if (block.maxReceivedUs > toUs) toUs = block.maxReceivedUs;
    }
    if (isFollowing) this.desk.restarts.touch(() => this.throttle.touch());
    // The end of loading is told at once; a refresh that is held back comes with a later status.
    const now = performance.now();
    const isDue = this.phase === "idle" || this.pace.isDue(now);
    if (!isDue) this.throttle.touch();
    const notes = this.notes.texts(now);
    const silentSinceMs = isFollowing ? silenceOf(inputs) : null;
    if (isFollowing && (notes.length > 0 || this.arrivals.isFading(now) || silentSinceMs === null)) {
      this.throttle.touchIn(FADE_MS);
    }
    this.latest = {
      phase: this.phase,
      inputs,
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
      from: isoTime(fromUs),
      to: isoTime(toUs),
      progress: this.phase === "loading" ? progressOf(inputs) : null,
      arrivalRate: isFollowing ? this.arrivals.perSecond(now) : null,
      lagMs: isFollowing ? this.arrivals.lagMs(now) : null,
      silentSinceMs,
      backfilling: this.backfilling > 0,
      skews: this.desk.clocks.skews(),
      notes,
      filtering: this.desk.settling.share,
      failure: this.failure,
    };
    for (const listener of this.listeners) listener(this.latest);
  }
}
