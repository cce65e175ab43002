import { controllerOf, UNNAMED_CONTROLLER, usersOf } from "../lineage/actors.ts";
import { hearFrom, hearUntil, nothingHeard } from "../lineage/log-extent.ts";
import { parseQuery } from "../queries/parse-filter.ts";
import { quote } from "../queries/print-filter.ts";
import type { LivesStore } from "../store/store.ts";
import type { LineageSource, Teller } from "./lineage-source.ts";
import { LivesReading, type StoreFacts } from "./lives-reading.ts";

/** Namespaces whose lineage is kept. */
const SCOPES_KEPT = 3;
const MOST_CLIENTS = 5_000;
/** Writes of whoever may be a controller. */
const CONTROLLERS = parseQuery(
  `-verb:get,list,watch,"" user:${[...usersOf("*"), ...usersOf(UNNAMED_CONTROLLER)].map((user) => (user.endsWith("*") ? user : quote(user))).join(",")}`,
);

/**
 * Lineage out of a store: of the requests on an object, its owners, what it owns, and whatever else turns out to bear on its
 * life. What one question read of a namespace is there for the next.
 */
export class StoreLineage implements LineageSource {
  private readonly store: LivesStore;
  private readonly mostRequests: number;
  private readonly readings = new Map<string, LivesReading>();
  private known: { readonly revision: number; readonly facts: Promise<StoreFacts> } | null = null;

  /** `mostRequests`: read for a namespace in all. */
  constructor(store: LivesStore, mostRequests: number) {
    this.store = store;
    this.mostRequests = mostRequests;
  }

  about(_object: string, namespace: string | undefined, signal: AbortSignal): Promise<Teller> {
    return this.current(namespace, signal);
  }

  async current(namespace: string | undefined, signal: AbortSignal): Promise<Teller> {
    const reading = this.reading(namespace ?? "*");
    return {
      trail: async (object, space) => {
        const { answer, unread } = await reading.ask((lineage) => lineage.trail(object, space), signal);
        if (answer === null || unread.length === 0) return answer;
        const { evidence } = answer;
        return { ...answer, evidence: { ...evidence, missing: [...(evidence.missing ?? []), ...unread] } };
      },
      why: async (object, space) => {
        const { answer, unread } = await reading.ask((lineage) => lineage.why(object, space), signal);
        if (answer === null || unread.length === 0) return answer;
        const confidence = answer.confidence === "certain" ? "likely" : answer.confidence;
        return { ...answer, confidence, missing: [...(answer.missing ?? []), ...unread] };
      },
    };
  }

  private reading(key: string): LivesReading {
    const { revision } = this.store.extent;
    const known = this.readings.get(key);
    const reading =
      known !== undefined && known.revision === revision && !known.isFull
        ? known
        : new LivesReading(this.store, revision, this.mostRequests, (signal) => this.facts(signal));
    this.readings.delete(key);
    this.readings.set(key, reading);
    for (const old of this.readings.keys()) {
      if (this.readings.size <= SCOPES_KEPT) break;
      this.readings.delete(old);
    }
    return reading;
  }

  /** Of the whole store, worked out once until something comes. */
  private async facts(signal: AbortSignal): Promise<StoreFacts> {
    const { revision } = this.store.extent;
    const known = this.known?.revision === revision ? this.known : { revision, facts: this.readFacts(signal) };
    this.known = known;
    try {
      return await known.facts;
    } catch (error) {
      // Whoever asks next begins anew.
      if (this.known === known) this.known = null;
      throw error;
    }
  }

  private async readFacts(signal: AbortSignal): Promise<StoreFacts> {
    const { store } = this;
    const extent = nothingHeard();
    const [{ firstUs, resources }, clients] = await Promise.all([
      store.beginning(signal),
      store.aggregate(
        { filter: CONTROLLERS, by: ["user", "useragent", "verb"], measures: ["requests"], limit: MOST_CLIENTS },
        signal,
      ),
    ]);
    hearUntil(extent, firstUs);
    hearUntil(extent, store.extent.toUs);
    for (const { key } of clients.rows)
      hearFrom(extent, key["verb"] ?? "", controllerOf(key["user"] ?? "", key["useragent"] ?? ""));
    return { extent, resources };
  }
}
