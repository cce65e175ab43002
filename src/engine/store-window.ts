import { PushSource } from "../bytes/push-source.ts";
import type { ClickHouseStore } from "../clickhouse/store/clickhouse-store.ts";
import { KtrailError } from "../errors.ts";
import { isoTime } from "../events/time.ts";
import type { FindingsResult } from "../findings/contract.ts";
import type { Continuity, NewestOnly } from "../queries/continuity/contract.ts";
import type { Filter } from "../queries/contract.ts";
import type { Asks, EngineOptions } from "./contract.ts";
import { LocalEngine } from "./local-engine.ts";

/** Original events that are read into a ring for what looks at one request after the other. */
const MOST_BYTES = 256 * 1024 * 1024;
/** What came since is read in addition up to so many times that; then the window begins anew, later. */
const MOST_GROWTH = 2;
/** What came late, by its number, is read when the window is begun anew: so often at most. */
const ANEW_MS = 60_000;
const LINE_BREAKS = /[\r\n]+/g;
const WHITE = /\s/g;

interface Bounds {
  readonly fromUs: number;
  readonly toUs: number;
}

const ALL_TIME: Bounds = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/**
 * Events of a store in rings of their own, for what is told by one request after another: silences, restarts and findings. One
 * ring has the newest of all, one those of the time asked for where the first does not reach so far back. They are filled when
 * asked for and go on with what has come since.
 */
export class StoreWindow {
  private readonly store: ClickHouseStore;
  private readonly options: EngineOptions;
  private readonly mostBytes: number;
  private newest: Part | null = null;
  private chosen: Part | null = null;

  constructor(store: ClickHouseStore, options: EngineOptions, mostBytes = MOST_BYTES) {
    this.store = store;
    this.options = options;
    this.mostBytes = mostBytes;
  }

  /** What API servers did, and when the last new process of each began: µs, by its name. */
  async continuity(
    signal: AbortSignal,
  ): Promise<{ readonly told: Continuity; readonly endings: LocalEngine["endings"] }> {
    const part = await this.whole(signal);
    const told = await part.engine.ask("continuity", {}, signal);
    return { told: { ...told, ...part.newestOnly }, endings: part.engine.endings };
  }

  /** Throws KT203 for a filter by what a store's events do not have in a ring. */
  async findings(ask: Asks["findings"]["ask"], signal: AbortSignal): Promise<FindingsResult> {
    if (hasField(ask.filter, "input"))
      throw new KtrailError("KT203", "findings over a store are not told by input: take that filter off");
    const bounds = this.store.boundsOf(ask);
    const part = await this.partOf(bounds, signal);
    const { sinceUs } = part;
    const isCut = sinceUs > bounds.fromUs;
    // What evidence selects in the store has to be what was looked at.
    const window = isCut ? { ...ask.window, fromUs: Math.max(sinceUs, ask.window?.fromUs ?? sinceUs) } : ask.window;
    const asked = window === undefined ? ask : { ...ask, window };
    const found = await part.engine.ask("findings", asked, signal);
    return {
      ...found,
      unread: found.unread + part.untaken,
      ...(isCut ? { newest: { requests: found.requests, since: isoTime(sinceUs) ?? "" } } : {}),
    };
  }

  /** As the status line tells them, of what has been read. */
  get skews(): LocalEngine["status"]["skews"] {
    return this.newest?.engine.status.skews ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([this.newest?.close(), this.chosen?.close()]);
  }

  private whole(signal: AbortSignal): Promise<Part> {
    this.newest = this.usable(this.newest, ALL_TIME);
    return this.newest.caughtUp(signal);
  }

  private async partOf(bounds: Bounds, signal: AbortSignal): Promise<Part> {
    this.newest = this.usable(this.newest, ALL_TIME);
    if (bounds.fromUs >= (await this.newest.begun(signal)) || isAll(bounds)) return this.newest.caughtUp(signal);
    this.chosen = this.usable(this.chosen, bounds);
    return this.chosen.caughtUp(signal);
  }

  private usable(part: Part | null, bounds: Bounds): Part {
    if (part !== null && part.isOf(bounds) && !part.isOutgrown) return part;
    void part?.close();
    return new Part(this.store, this.options, bounds, this.mostBytes);
  }
}

function isAll({ fromUs, toUs }: Bounds): boolean {
  return fromUs === ALL_TIME.fromUs && toUs === ALL_TIME.toUs;
}

function hasField(filter: Filter, field: string): boolean {
  switch (filter.op) {
    case "match":
      return filter.field === field;
    case "not":
      return hasField(filter.term, field);
    default:
      return filter.terms.some((term) => hasField(term, field));
  }
}

/** The newest events received in a time, in a ring that goes on with those that come. */
class Part {
  readonly engine: LocalEngine;
  /** Events of its time that are not in the ring. */
  untaken = 0;
  private readonly store: ClickHouseStore;
  private readonly bounds: Bounds;
  private readonly mostBytes: number;
  private readonly source = new PushSource("store");
  private readonly begunMs = performance.now();
  private since: number | null = null;
  private lastSeq = -1;
  private taken = 0;
  private revision = -1;
  /** One at a time; whoever waits no more lets the next go on where it stopped. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(store: ClickHouseStore, given: EngineOptions, bounds: Bounds, mostBytes: number) {
    this.store = store;
    this.bounds = bounds;
    this.mostBytes = mostBytes;
    const { store: _address, lineage: _lineage, listen: _listen, ...options } = given;
    const unbounded = { capacity: Number.POSITIVE_INFINITY, dictionaryBytes: Number.POSITIVE_INFINITY };
    this.engine = new LocalEngine(
      {
        ...options,
        ...unbounded,
        inputs: [],
        commands: [],
        omits: [],
        follow: false,
        rawBytes: mostBytes * (MOST_GROWTH + 1),
        format: "auto",
      },
      () => store.referenceUs,
    );
    this.engine.join({ source: this.source, apiserver: "" });
  }

  isOf({ fromUs, toUs }: Bounds): boolean {
    return fromUs === this.bounds.fromUs && toUs === this.bounds.toUs;
  }

  /** Too large, or what came late, by its number, is missing in it. */
  get isOutgrown(): boolean {
    const isLacking =
      this.untaken > 0 && performance.now() - this.begunMs > ANEW_MS && this.store.extent.revision !== this.revision;
    return isLacking || this.source.bytesRead > MOST_GROWTH * this.mostBytes;
  }

  /** µs; -∞ where nothing was left out. Known once begun. */
  get sinceUs(): number {
    return this.since ?? Number.NEGATIVE_INFINITY;
  }

  get newestOnly(): { readonly newest?: NewestOnly } {
    const since = isoTime(this.sinceUs);
    return since === null ? {} : { newest: { requests: this.engine.store.extent.requests, since } };
  }

  /** Finds out since when, without reading any event. */
  async begun(signal: AbortSignal): Promise<number> {
    this.since ??= await this.store.newestSince(this.bounds, this.mostBytes, signal);
    return this.since;
  }

  async caughtUp(signal: AbortSignal): Promise<this> {
    const mine = this.turn.then(() => this.takeIn(signal));
    this.turn = mine.catch(() => undefined);
    await mine;
    return this;
  }

  async close(): Promise<void> {
    this.source.end();
    await this.engine.close();
  }

  private async takeIn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { revision } = this.store.extent;
    if (revision === this.revision) return;
    const fromUs = Math.max(await this.begun(signal), this.bounds.fromUs);
    const stored = await this.store.eventsIn({ ...this.bounds, fromUs }, signal);
    for await (const events of this.store.eventsAfter({ ...this.bounds, fromUs }, this.lastSeq, signal)) {
      const lines = events.map(({ apiserver, bytes }) => {
        const line = bytes.toString("utf8").replaceAll(LINE_BREAKS, " ");
        return apiserver === "" ? `${line}\n` : `${apiserver.replaceAll(WHITE, "-")} ${line}\n`;
      });
      await this.source.push(Buffer.from(lines.join("")));
      this.taken += events.length;
      this.lastSeq = events.at(-1)?.seq ?? this.lastSeq;
    }
    this.untaken = Math.max(0, stored - this.taken);
    this.revision = revision;
  }
}
