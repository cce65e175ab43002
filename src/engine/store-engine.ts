import { setTimeout as sleep } from "node:timers/promises";
import { shownAddress, storeAddress } from "../clickhouse/address.ts";
import { type Client, openClient } from "../clickhouse/client.ts";
import { named } from "../clickhouse/table/definition.ts";
import { ClickHouseStore } from "../clickhouse/store/clickhouse-store.ts";
import { Session } from "../clickhouse/store/session.ts";
import { isoTime } from "../events/time.ts";
import type { InputReport } from "../ingest/contract.ts";
import type { Selection } from "../queries/contract.ts";
import type { Store } from "../store/store.ts";
import type { Desk } from "./asks/desk.ts";
import { answerers } from "./asks/registry.ts";
import type {
  AnswerFor,
  AskKind,
  Asks,
  EngineOptions,
  EngineStatus,
  Feed,
  FeedingEngine,
  WantedOfEvents,
} from "./contract.ts";
import { LINEAGE_TOUCHES } from "./local-engine.ts";
import { EMPTY_STATUS, Throttle } from "./status.ts";
import { foundInLog } from "./policy-findings.ts";
import { PolicyReports } from "./policy-reports.ts";
import { StoreFeed } from "./store-feed.ts";
import { passStored, type StoredOriginals, storedOriginals } from "./stored-originals.ts";
import { StoreLineage } from "./store-lineage.ts";
import { StoreWindow } from "./store-window.ts";

const INTERVAL_MS = 100;
/** How often is looked whether anything has come. */
const LOOK_MS = 5_000;
/** The same while the store does not answer. */
const RETRY_MS = 2_000;
const MOST_READ = 500_000;
const FEW = 200_000;
/** Events from which on a question without a bound of time is told to be expensive. */
const LARGE = 50_000_000;

/** The engine over a store: nothing is read but what a question needs. */
export class StoreEngine implements FeedingEngine {
  private readonly client: Client;
  private readonly session: Session;
  private readonly clickhouse: ClickHouseStore;
  private readonly window: StoreWindow;
  private readonly desk: Desk;
  private readonly title: string;
  private readonly done: Promise<void>;
  private readonly abort = new AbortController();
  private readonly listeners = new Set<(status: EngineStatus) => void>();
  private readonly throttle = new Throttle(() => this.publish(), INTERVAL_MS);
  private warning: string | null = null;
  private refused: string | null = null;
  private phase: EngineStatus["phase"] = "loading";
  private latest: EngineStatus = EMPTY_STATUS;

  /** Throws KT100 for an address that is none. */
  constructor(options: EngineOptions & Required<Pick<EngineOptions, "store">>) {
    const address = storeAddress(options.store.address);
    const isWatched = Number.isFinite(options.capacity);
    this.title = shownAddress(address);
    this.client = openClient(address, { password: options.store.password, isBare: true });
    this.session = new Session(this.client, () => this.throttle.touch());
    this.clickhouse = new ClickHouseStore(this.session, {
      table: named(address.database, address.table),
      cluster: address.cluster === "" ? null : address.cluster,
      zone: options.timeZone,
      nowUs: () => (options.follow ? Date.now() * 1_000 : null),
    });
    this.window = new StoreWindow(this.clickhouse, options);
    this.desk = this.deskOf(options, isWatched ? LINEAGE_TOUCHES : MOST_READ);
    this.done = this.begin(isWatched, options.follow);
    this.done.catch(() => undefined);
  }

  get store(): Store {
    return this.clickhouse;
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
    await this.done;
    if ("filter" in ask && ask.filter !== undefined) await this.warn(ask as Selection, signal);
    return this.session.during(() => answerers[kind](this.desk, ask, signal, onPartial));
  }

  /** Before a question that reads all of very much: what that costs. */
  private async warn(selection: Selection, signal: AbortSignal): Promise<void> {
    const isLarge = this.clickhouse.extent.events > LARGE && this.clickhouse.isUnbounded(selection);
    const rows = isLarge && this.warning === null ? await this.clickhouse.estimate(selection, signal) : 0;
    const before = this.warning;
    if (!isLarge) this.warning = null;
    else if (rows > LARGE)
      this.warning = `no time bound: a question reads ${rows.toLocaleString("en-US")} events, since:1h fewer`;
    if (this.warning !== before) this.throttle.flush();
  }

  loaded(): Promise<void> {
    return this.done;
  }

  requests(selection: Selection, wanted: WantedOfEvents): Feed {
    return new StoreFeed(this.clickhouse, selection, wanted, (stop) => this.grown(stop));
  }

  /** Every event of the store, of all stages, as it arrived. */
  originals(signal: AbortSignal): StoredOriginals {
    return storedOriginals(this.clickhouse, Number.POSITIVE_INFINITY, signal);
  }

  /** Resolves when more has come than there was, or `stop` fires. */
  private grown(stop: AbortSignal): Promise<void> {
    const { revision } = this.clickhouse.extent;
    return new Promise((resolve) => {
      const end = (): void => {
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.subscribe((status) => {
        if (status.revision !== revision) end();
      });
      stop.addEventListener("abort", end, { once: true });
      if (stop.aborted || this.clickhouse.extent.revision !== revision) end();
    });
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.throttle.stop();
    this.listeners.clear();
    await this.window.close();
    await this.client.close();
  }

  private deskOf({ expectations = [], knownBad = [] }: EngineOptions, mostRequests: number): Desk {
    const { clickhouse: store, window } = this;
    const restarts = {
      refresh: async (signal: AbortSignal): Promise<void> => void (await restarts.report(signal)),
      report: async (signal: AbortSignal): ReturnType<Desk["restarts"]["report"]> => {
        const { told, endings } = await window.continuity(signal);
        await store.cutOffBefore(endings, signal);
        return told;
      },
    };
    return {
      store,
      restarts,
      expectations,
      knownBad,
      clocks: { skews: () => window.skews },
      book: { reports: () => this.shipped(), untold: [], fingerprint: () => null, heads: () => new Set() },
      lineage: new StoreLineage(store, mostRequests),
      findings: { answer: (ask, signal) => window.findings(ask, signal) },
      policies: new PolicyReports({
        ...passStored(store),
        isKept: false,
        whenRead: () => this.done,
        found: (signal) => foundInLog((kind, ask) => answerers[kind](this.desk, ask, signal)),
      }),
    };
  }

  private async begin(isWatched: boolean, isFollowed: boolean): Promise<void> {
    const { signal } = this.abort;
    for (;;) {
      try {
        await this.clickhouse.refresh(signal);
        break;
      } catch (error) {
        this.throttle.flush();
        // Nobody waits for it but a person, who sees why.
        if (!isWatched || this.session.lost === null) {
          this.refused = error instanceof Error ? error.message : String(error);
          this.phase = "idle";
          this.throttle.flush();
          throw error;
        }
        await sleep(RETRY_MS, undefined, { signal });
      }
    }
    this.phase = isFollowed ? "following" : "idle";
    this.throttle.flush();
    if (!isWatched) return;
    void this.look();
    // What was cut off is known once all requests were looked at: at once where that is little.
    if (this.clickhouse.extent.events > FEW) return;
    this.desk.restarts.refresh(signal).then(
      () => this.throttle.touch(),
      () => undefined,
    );
  }

  private async look(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      await sleep(this.session.lost === null ? LOOK_MS : RETRY_MS, undefined, { signal }).catch(() => null);
      await this.clickhouse.refresh(signal).catch(() => undefined);
      this.throttle.touch();
    }
  }

  /** The inputs that were shipped; those beyond the first thousand as the store's own. */
  private shipped(): readonly InputReport[] {
    const { inputs, extent } = this.clickhouse;
    const whole = this.report();
    const reports = inputs.map((input): InputReport => ({ ...whole, ...input }));
    const told = inputs.reduce((sum, { events }) => sum + events, 0);
    return told === extent.events ? reports : [...reports, { ...whole, events: extent.events - told }];
  }

  private report(): InputReport {
    const { extent } = this.clickhouse;
    return {
      path: this.title,
      format: "clickhouse",
      formats: {},
      compression: "none",
      bytes: 0,
      totalBytes: null,
      events: extent.events,
      skipped: { foreign: 0, bad: 0, truncated: 0, fragment: 0, duplicate: 0 },
      samples: [],
      lost: [],
      error: null,
      passedOver: null,
      state: this.phase === "loading" ? "reading" : this.phase === "following" ? "following" : "done",
      silentSinceMs: null,
      waitingFor: null,
    };
  }

  private publish(): void {
    const { session, clickhouse } = this;
    const { extent } = clickhouse;
    this.latest = {
      ...EMPTY_STATUS,
      phase: this.phase,
      inputs: [this.report()],
      apiservers: clickhouse.apiservers,
      revision: extent.revision,
      requestsKept: extent.requests,
      requestsSeen: extent.requests,
      events: extent.events,
      inFlight: extent.inFlight,
      cutOff: extent.cutOff,
      from: isoTime(extent.fromUs),
      to: isoTime(extent.toUs),
      lastReceived: isoTime(clickhouse.lastReceivedUs),
      skews: this.window.skews,
      store: { asking: session.progress, lost: session.lost, refused: this.refused, warning: this.warning },
    };
    for (const listener of this.listeners) listener(this.latest);
  }
}
