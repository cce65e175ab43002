import { controllerOf, UNNAMED_CONTROLLER, usersOf } from "../lineage/actors.ts";
import { hearFrom, hearUntil, type LogExtent, nothingHeard } from "../lineage/log-extent.ts";
import { parseQuery } from "../queries/parse-filter.ts";
import { quote } from "../queries/print-filter.ts";
import type { LivesStore } from "../store/store.ts";
import type { LineageSource, Teller } from "./lineage-source.ts";
import { LivesReading } from "./lives-reading.ts";

/** Namespaces whose lineage is kept. */
const SCOPES_KEPT = 3;
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
  private known: { readonly revision: number; readonly extent: Promise<LogExtent> } | null = null;

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
        : new LivesReading(this.store, revision, this.mostRequests, (signal) => this.extent(signal));
    this.readings.delete(key);
    this.readings.set(key, reading);
    for (const old of this.readings.keys()) {
      if (this.readings.size <= SCOPES_KEPT) break;
      this.readings.delete(old);
    }
    return reading;
  }

  /** Of the whole store, worked out once until something comes. */
  private async extent(signal: AbortSignal): Promise<LogExtent> {
    const { revision } = this.store.extent;
    const known = this.known?.revision === revision ? this.known : { revision, extent: this.readExtent(signal) };
    this.known = known;
    try {
      return await known.extent;
    } catch (error) {
      // Whoever asks next begins anew.
      if (this.known === known) this.known = null;
      throw error;
    }
  }

  private async readExtent(signal: AbortSignal): Promise<LogExtent> {
    const { store } = this;
    const extent = nothingHeard();
    const hear = async (isSample: boolean): Promise<void> => {
      for (const { user, useragent, verb } of await store.clients({ filter: CONTROLLERS }, isSample, signal))
        hearFrom(extent, verb, controllerOf(user, useragent));
    };
    const [firstUs] = await Promise.all([store.beginning(signal), hear(true)]);
    if (!extent.hasCollector || !extent.hasControllers) await hear(false);
    hearUntil(extent, firstUs);
    hearUntil(extent, store.extent.toUs);
    return extent;
  }
}
