import { controllerOf } from "../lineage/actors.ts";
import { type LineageEvent, WANTED_TERMS } from "../lineage/event.ts";
import { Lineage } from "../lineage/lineage.ts";
import { hearFrom, hearUntil, type LogExtent, nothingHeard } from "../lineage/log-extent.ts";
import { extractAuditID } from "../index/facts.ts";
import type { RequestFacts } from "../events/request.ts";
import { type Filter, MATCH_ALL } from "../queries/contract.ts";
import { parseQuery } from "../queries/parse-filter.ts";
import { quote } from "../queries/print-filter.ts";
import type { Store } from "../store/store.ts";
import type { LineageSource } from "./lineage-source.ts";
import { serverName } from "./server-names.ts";

/** Requests read in one go, with their original events. */
const PAGE = 2_000;
/** Namespaces whose lineage is kept. */
const SCOPES_KEPT = 3;
/** The first answer of a log is among its first requests. */
const FIRST = 100;
const MOST_CLIENTS = 5_000;

interface Scope {
  readonly revision: number;
  readonly lineage: Promise<Lineage>;
}

/**
 * Lineage out of any store: a question reads the requests that can matter to its namespace, in the order they came, with their
 * original events. Of very many the newest are read, and what the log covers is told from the first of them on.
 */
export class StoreLineage implements LineageSource {
  private readonly store: Store;
  private readonly mostRequests: number;
  private readonly scopes = new Map<string, Scope>();

  constructor(store: Store, mostRequests: number) {
    this.store = store;
    this.mostRequests = mostRequests;
  }

  async about(
    _object: string,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly lineage: Lineage; readonly isNarrow: boolean }> {
    return { lineage: await this.current(namespace, signal), isNarrow: false };
  }

  reachingOut(namespace: string | undefined, signal: AbortSignal): Promise<Lineage> {
    return this.current(namespace, signal);
  }

  /** Over what is stored by now; without a namespace over all of it. */
  async current(namespace: string | undefined, signal: AbortSignal): Promise<Lineage> {
    const { revision } = this.store.extent;
    const key = namespace ?? "*";
    const known = this.scopes.get(key);
    const scope = known?.revision === revision ? known : { revision, lineage: this.read(namespace, signal) };
    this.scopes.delete(key);
    this.scopes.set(key, scope);
    for (const old of this.scopes.keys()) {
      if (this.scopes.size <= SCOPES_KEPT) break;
      this.scopes.delete(old);
    }
    try {
      return await scope.lineage;
    } catch (error) {
      // Whoever asks next begins anew.
      if (this.scopes.get(key) === scope) this.scopes.delete(key);
      if (scope === known && !signal.aborted) return this.current(namespace, signal);
      throw error;
    }
  }

  private async read(namespace: string | undefined, signal: AbortSignal): Promise<Lineage> {
    const { store } = this;
    const filter = wantedIn(namespace);
    const lineage = new Lineage(this.mostRequests);
    const { total } = await store.ids({ filter, anchor: "oldest", before: 0, after: 0 }, signal);
    const left = Math.max(0, total - this.mostRequests);
    let next: number | null = null;
    let firstUs = Number.NaN;
    for (;;) {
      const place = next === null ? { position: left } : { anchor: { seq: next } };
      const { rows } = await store.rows({ filter, ...place, before: 0, after: PAGE }, signal);
      if (rows.length === 0) break;
      if (next === null) firstUs = answeredUs(rows[0] as RequestFacts);
      const originals: (Buffer | null)[] = rows.map(() => null);
      const ids = rows.map(({ seq }) => seq);
      for await (const { at, event } of store.originals(ids, signal)) {
        if ("bytes" in event)
          originals[at] = Buffer.from(event.bytes.buffer, event.bytes.byteOffset, event.bytes.length);
      }
      rows.forEach((facts, at) => lineage.observe(lineageEvent(facts, originals[at] ?? null)));
      next = (ids.at(-1) as number) + 1;
      if (rows.length < PAGE) break;
    }
    const extent = await this.extent(signal);
    lineage.covers(left > 0 ? { ...extent, fromUs: firstUs } : extent);
    return lineage;
  }

  private async extent(signal: AbortSignal): Promise<LogExtent> {
    const { store } = this;
    const extent = nothingHeard();
    const oldest = { filter: MATCH_ALL, order: "received", anchor: "oldest", before: 0, after: FIRST } as const;
    for (const facts of (await store.rows(oldest, signal)).rows) hearUntil(extent, answeredUs(facts));
    hearUntil(extent, store.extent.toUs);
    const filter = parseQuery('-verb:get,list,watch,""');
    const clients = await store.aggregate(
      { filter, by: ["user", "useragent", "verb"], measures: ["requests"], limit: MOST_CLIENTS },
      signal,
    );
    for (const { key } of clients.rows)
      hearFrom(extent, key["verb"] ?? "", controllerOf(key["user"] ?? "", key["useragent"] ?? ""));
    return extent;
  }
}

function answeredUs({ stageUs, receivedUs }: RequestFacts): number {
  return Number.isNaN(stageUs) ? receivedUs : stageUs;
}

/** As LineageRows.isRelevant: of a namespace its own, what is in none, and what reaches across namespaces. */
function wantedIn(namespace: string | undefined): Filter {
  const wanted = parseQuery(WANTED_TERMS);
  if (namespace === undefined) return wanted;
  const pods = 'resource:pods (verb:create sub:"" OR user:"system:kube-scheduler" -sub:binding)';
  const concerned = parseQuery(`ns:${quote(namespace)} OR ns:"" OR sub:eviction OR (${pods})`);
  return { op: "and", terms: [wanted, concerned] };
}

const absent = (): null => null;

function lineageEvent(facts: RequestFacts, raw: Buffer | null): LineageEvent {
  return {
    ...facts,
    apiserver: serverName({ path: facts.source.path, apiserver: facts.apiserver }),
    auditID: raw === null ? "" : extractAuditID(raw, 0, raw.length),
    responseStatus: absent,
    requestBody: absent,
    responseBody: absent,
    wholeAnswer: absent,
    baseVersion: () => Number.NaN,
    annotations: absent,
    raw,
  };
}
