import { resolveInputs, type ResolveOptions } from "../bytes/inputs.ts";
import { openRawStore } from "../bytes/raw-store.ts";
import { isReadOnce } from "../files/read-once.ts";
import type { FileInput, RawStore, ResolvedInput, ResolvedInputs } from "../bytes/contract.ts";
import type { EventBatch } from "../index/event-batch.ts";
import { RequestRing } from "../index/ring.ts";
import type { Selection } from "../queries/contract.ts";
import type { Desk } from "./asks/desk.ts";
import type { ListenSettings } from "../listen/contract.ts";
import { IndexQueries } from "../queries/index-queries.ts";
import { answerers } from "./asks/registry.ts";
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
import { FindingsWatch } from "./findings/findings-watch.ts";
import { directoriesAmong, watchDirectories } from "../bytes/directory-watch.ts";
import { chooseFollowed } from "./choose-followed.ts";
import { followInput } from "./follow-inputs.ts";
import { firstTimeUs } from "./line-time.ts";
import { LOG_CONTENT } from "./log-content.ts";
import { refusalOf } from "./record-intake.ts";
import { listenInputs } from "./listen-inputs.ts";
import { LineageFeed } from "./lineage-feed.ts";
import { FedLineage } from "./lineage-source.ts";
import { PassingBytes } from "./passing-bytes.ts";
import { LiveMerge } from "./live-merge.ts";
import { mergeByTime } from "./merge.ts";
import { ObjectDirectory } from "./object-directory.ts";
import { RawEvents } from "./raw-events.ts";
import { fileStreams, streamBatches, type ReadOptions } from "./read-inputs.ts";
import { foundInLog } from "./policy-findings.ts";
import { passInputs, passKept, PolicyReports } from "./policy-reports.ts";
import { RequestFeed } from "./request-feed.ts";
import { RingStore } from "./ring-store.ts";
import { run } from "./run-steps.ts";
import { RestartWatch } from "./restart-watch.ts";
import type { Store } from "../store/store.ts";
import { SourceBook } from "./source-book.ts";
import { Settling } from "./settling.ts";
import { StatusBoard } from "./status-board.ts";
import { commandsOf, pipesOf, type Stream } from "./streams.ts";

const RESOLVE_FOLLOWED: ResolveOptions = { sniff: refusalOf, follow: true, timeOf: firstTimeUs };
/** The newest events of followed files can be shown although their file is gone. */
const RECENT_BYTES = 16 * 1024 * 1024;
/** What the explorer remembers of requests for trails: up to 90 MiB when somebody asks for one. */
export const LINEAGE_TOUCHES = 120_000;

/** The engine in this thread: reads, indexes and answers. The worker runs one of these; headless commands use it as is. */
export class LocalEngine implements FeedingEngine {
  private readonly options: EngineOptions;
  private readonly ring: RequestRing;
  private readonly raw: RawStore;
  private readonly book: SourceBook;
  private readonly passing: PassingBytes;
  private readonly events: RawEvents;
  private readonly queries: IndexQueries;
  private readonly settling: Settling;
  private readonly desk: Desk;
  private readonly abort = new AbortController();
  private readonly clocks: ClockWatch;
  private readonly lineage: LineageFeed;
  private readonly restarts: RestartWatch;
  private readonly board = new StatusBoard(() => {
    const { ring, book, clocks, restarts, settling, options } = this;
    return { ring, book, clocks, restarts, settling, named: options.inputs };
  });
  private readonly live: LiveMerge;
  private readonly done: Promise<void>;
  private feed: RequestFeed | null = null;
  /** Resolves when nobody is listened to any more. */
  private listening: Promise<void> = Promise.resolve();

  /** `referenceUs`: where relative times count from. Default: the present while something is followed, else the last event. */
  constructor(options: EngineOptions, referenceUs?: () => number) {
    this.options = options;
    const { capacity, dictionaryBytes, ringBytes: memoryBytes = Number.POSITIVE_INFINITY } = options;
    this.ring = new RequestRing({ capacity, dictionaryBytes, memoryBytes, omits: options.omits ?? [] });
    this.passing = new PassingBytes(options.follow ? RECENT_BYTES : 0);
    this.raw = openRawStore({
      streamBytes: options.rawBytes,
      onMoved: (source, path) => this.ring.moveSource(source, path),
    });
    this.book = new SourceBook(this.ring, this.raw);
    const events = new RawEvents(this.raw, this.book, this.ring, this.passing);
    const clocks = new ClockWatch(this.ring, events, this.passing);
    this.clocks = clocks;
    const queries = new IndexQueries(this.ring, {
      zone: options.timeZone,
      lastEventUs: () => this.ring.counters.toUs,
      referenceUs:
        referenceUs ?? (() => (this.board.phase === "following" ? Date.now() * 1_000 : this.ring.counters.toUs)),
    });
    this.events = events;
    this.queries = queries;
    this.settling = new Settling(queries, events, () => this.board.touch());
    const store = new RingStore(this.ring, queries, events, this.settling, new ObjectDirectory(this.ring, queries));
    const restarts = new RestartWatch(this.ring, run);
    this.restarts = restarts;
    this.lineage = new LineageFeed(
      this.ring,
      events,
      this.passing,
      clocks,
      Number.isFinite(options.capacity) ? LINEAGE_TOUCHES : options.capacity,
    );
    const { expectations = [], knownBad = [] } = options;
    this.desk = {
      store,
      book: this.book,
      clocks,
      restarts,
      expectations,
      knownBad,
      findings: new FindingsWatch(
        { store, restarts, expectations, clocks, knownBad },
        { ring: this.ring, queries, events },
      ),
      policies: new PolicyReports({
        ...(options.inputs.some((input) => isReadOnce(input))
          ? { pass: passKept(store), isKept: true }
          : { pass: passInputs(options.inputs, options.format), isKept: false }),
        whenRead: () => this.done,
        found: (signal) => foundInLog((kind, ask) => answerers[kind](this.desk, ask, signal)),
      }),
      lineage: new FedLineage(this.lineage),
    };
    this.live = new LiveMerge((batch, from, to) => {
      this.arrive(batch, from, to);
      return undefined;
    });
    this.done = this.run();
    this.done.catch(() => undefined);
  }

  /** As of the last ask for continuity or findings: see RestartWatch. */
  get endings(): RestartWatch["endings"] {
    return this.restarts.endings;
  }

  /** Reads one more stream, besides the inputs. */
  join(stream: Stream): void {
    this.readStream(stream, this.reading).catch((error: unknown) => this.fail(error));
  }

  /** What it has read, to be asked directly. */
  get store(): Store {
    return this.desk.store;
  }

  get status(): EngineStatus {
    return this.board.latest;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    return this.board.subscribe(listener);
  }

  async ask<K extends AskKind>(
    kind: K,
    ask: Asks[K]["ask"],
    signal = new AbortController().signal,
    onPartial?: (answer: AnswerFor<K>) => void,
  ): Promise<AnswerFor<K>> {
    const answer = answerers[kind](this.desk, ask, signal, onPartial);
    // They keep a pace of their own, and wait for it: the rest of the screen is renewed meanwhile.
    return kind === "findings" ? answer : this.board.pace.answering(answer);
  }

  loaded(): Promise<void> {
    return this.done;
  }

  /** Only one of a kind: reading waits for it. */
  requests(selection: Selection, wanted: WantedOfEvents): RequestFeed {
    this.feed = new RequestFeed(this.ring, this.queries, this.events, selection, wanted);
    return this.feed;
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.live.stop();
    this.lineage.close();
    this.restarts.stop();
    this.board.stop();
    await this.done.catch(() => undefined);
    await this.listening;
    this.raw.close();
  }

  private async run(): Promise<void> {
    try {
      await this.readAll();
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      if (this.board.phase === "loading") this.board.phase = "idle";
      this.board.flush();
    }
  }

  private async readAll(): Promise<void> {
    const { reading } = this;
    // First of all: what a crash left of the spool is mended before it is read.
    if (this.options.listen !== undefined) await this.listen(this.options.listen);
    const resolved = await resolveInputs(this.options.inputs, {
      sniff: refusalOf,
      follow: this.options.follow,
      timeOf: firstTimeUs,
      content: LOG_CONTENT,
    });
    this.book.untold = resolved.untold;
    const { follow, lineage, capacity } = this.options;
    const isKept = !follow && (this.options.commands ?? []).length === 0 && capacity === Number.POSITIVE_INFINITY;
    const canReadAgain = isKept && resolved.inputs.every(({ kind }) => kind === "files");
    if (lineage !== undefined) this.lineage.begin(lineage, canReadAgain);
    for (const { path, reason } of resolved.passedOver) this.book.tally(path).passedOver = reason;
    for (const { path, error } of resolved.failures) this.book.tally(path).error = error.message;
    const commands = commandsOf(this.options, (text) => this.board.note(text));
    if (follow) await this.follow(resolved, commands, reading);
    else await this.read(resolved.inputs, commands, reading);
    // Nobody watches the status of an engine without bounds: headless commands pay for it where they ask.
    if (Number.isFinite(capacity)) await this.restarts.refreshUnlessStopped();
    if (!follow) this.board.phase = this.options.listen === undefined ? "idle" : "following";
    if (this.board.phase === "idle" && Number.isFinite(capacity)) this.ring.rest();
  }

  private get reading(): ReadOptions {
    return {
      book: this.book,
      ring: this.ring,
      passing: this.passing,
      format: this.options.format,
      signal: this.abort.signal,
      onProgress: () => this.board.touch(),
    };
  }

  private fail(error: unknown): void {
    this.abort.abort();
    this.board.fail(error);
  }

  /** What wants events as they pass by gets them at once. */
  private append(batch: EventBatch, from: number, to: number): void {
    this.ring.append(batch, from, to);
    this.lineage.takeIn();
    this.clocks.takeIn();
    this.feed?.takeIn();
  }

  /** Files are merged by time; streams are taken as they come, so that a silent one holds up nobody. */
  private async read(
    inputs: readonly ResolvedInput[],
    commands: readonly Stream[],
    reading: ReadOptions,
  ): Promise<void> {
    const files = inputs.filter((input) => input.kind === "files");
    const append = (batch: EventBatch, from: number, to: number): Promise<void> | undefined => {
      this.append(batch, from, to);
      return this.feed?.room();
    };
    const readStreams = [...pipesOf(inputs), ...commands].map((stream) => this.readStream(stream, reading));
    await mergeByTime(fileStreams(files, reading), append);
    await Promise.all(readStreams);
  }

  private async readStream(stream: Stream, reading: ReadOptions): Promise<void> {
    this.board.phase = "following";
    for await (const batch of streamBatches(stream, reading)) {
      this.arrive(batch, 0, batch.count);
      await this.feed?.room();
    }
  }

  /** Resolves when batches are taken; that goes on until close. */
  private async listen(settings: ListenSettings): Promise<void> {
    const { closed } = await listenInputs(settings, {
      book: this.book,
      signal: this.abort.signal,
      onNote: (text) => this.board.note(text),
      onSender: (stream) => this.join(stream),
    });
    this.listening = closed;
    this.board.flush();
  }

  /** Resolves when everything written so far has been read once; following goes on until close. */
  private async follow(resolved: ResolvedInputs, commands: readonly Stream[], reading: ReadOptions): Promise<void> {
    const { followed, others, note } = chooseFollowed(resolved.inputs);
    if (note !== null) this.board.note(note);
    const caughtUp = followed.map(async ({ input, path }) => {
      await this.followOne(input, path, this.options.tailMs, reading);
      this.board.phase = "following";
    });
    await this.watch(resolved, reading);
    await Promise.all([...caughtUp, this.read(others, commands, reading)]);
    this.board.phase = "following";
  }

  /** Resolves when all that is there was read; following goes on until close. */
  private followOne(input: FileInput, path: string, tailMs: number, reading: ReadOptions): Promise<void> {
    const first = Promise.withResolvers<void>();
    followInput(input, path, tailMs, {
      ...reading,
      lane: this.live.open(),
      onCaughtUp: first.resolve,
      onBackfill: (isRunning) => {
        this.board.backfilling += isRunning ? 1 : -1;
        this.board.touch();
      },
      onNote: (text) => this.board.note(text),
      room: () => this.feed?.room(),
      onFault: (error) => this.fail(error),
    }).catch((error: unknown) => {
      this.fail(error);
      first.reject(error);
    });
    return first.promise;
  }

  /** Resolves when it has begun: logs that appear in followed directories join, read from their start. */
  private async watch({ inputs }: ResolvedInputs, reading: ReadOptions): Promise<void> {
    const directories = await directoriesAmong(this.options.inputs);
    if (directories.length === 0) return;
    for (const directory of inputs.length === 0 ? directories : []) {
      this.book.tally(directory).waitingFor = `${directory} holds no audit log yet`;
    }
    const watching = watchDirectories(directories, inputs, {
      signal: reading.signal,
      resolve: async () => (await resolveInputs(directories, RESOLVE_FOLLOWED)).inputs,
      onJoined: (input) => {
        const { live, files } = input;
        this.board.note(`${live ?? files[0]?.path ?? ""} joined`);
        const joined =
          live === null
            ? this.read([input], [], reading)
            : this.followOne(input, live, Number.POSITIVE_INFINITY, reading);
        joined.catch((error: unknown) => this.fail(error));
      },
    });
    watching.catch((error: unknown) => this.fail(error));
  }

  /** Appends rows of a live input. */
  private arrive(batch: EventBatch, from: number, to: number): void {
    const before = this.ring.requestsSeen;
    this.append(batch, from, to);
    if (to > from) this.board.arrived(this.ring.requestsSeen - before, batch.maxStageUs);
  }
}
