import { eventFacts } from "../../events/event-facts.ts";
import type { RequestFacts } from "../../events/request.ts";
import { extractAuditID } from "../../index/facts.ts";
import type { JsonValue } from "../../lineage/json.ts";
import { type ClockNote, clockNotes } from "../../lineage/clocks.ts";
import type { Sighting, Step } from "../../findings/contract.ts";
import { credentialOf, sightingOf } from "../../findings/sighting.ts";
import type { EvidenceStore } from "../../findings/collect.ts";
import type { Cadence } from "../../queries/cadence.ts";
import type { Continuity } from "../../queries/continuity/contract.ts";
import type { Dimension, Filter, GroupResult, GroupRow, Selection } from "../../queries/contract.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import { printFilter } from "../../queries/print-filter.ts";
import { isoTime } from "../../events/time.ts";
import { newestWithin } from "../../store/newest-within.ts";
import type { Desk } from "../asks/desk.ts";
import { parsedEvent } from "../parsed-event.ts";

/** Distinct groups of one aggregate that detectors look at. */
const MOST_GROUPS = 5_000;
const MESSAGE_BYTES = 16 * 1024 * 1024;

/** What findings are made from. */
export type FindingSources = Pick<Desk, "store" | "restarts" | "expectations" | "clocks" | "knownBad">;

/** What detectors ask, answered by the store. */
export class FindingStore implements EvidenceStore {
  private readonly desk: FindingSources;
  private readonly selection: Selection;
  private readonly signal: AbortSignal;
  private readonly all: GroupResult;

  private constructor(desk: FindingSources, selection: Selection, signal: AbortSignal, all: GroupResult) {
    this.desk = desk;
    this.selection = selection;
    this.signal = signal;
    this.all = all;
  }

  static async open(desk: FindingSources, selection: Selection, signal: AbortSignal): Promise<FindingStore> {
    const all = await desk.store.aggregate({ ...selection, by: [], measures: ["requests"] }, signal);
    return new FindingStore(desk, selection, signal, all);
  }

  get requests(): number {
    return this.all.requests;
  }

  get span(): GroupResult["span"] {
    return this.all.span;
  }

  async groups(
    terms: string,
    by: readonly Dimension[],
    { latency = false }: { readonly latency?: boolean } = {},
  ): Promise<readonly GroupRow[]> {
    const measures = latency ? {} : { measures: ["requests" as const] };
    const query = { ...this.selected(terms), by, ...measures, limit: MOST_GROUPS };
    return (await this.desk.store.aggregate(query, this.signal)).rows;
  }

  async cadence(terms: string): Promise<Cadence | null> {
    const query = { ...this.selected(terms), by: [], measures: ["requests"], cadence: {} } as const;
    return (await this.desk.store.aggregate(query, this.signal)).rows[0]?.cadence?.whole ?? null;
  }

  async perStep(terms: string, stepMs: number): Promise<readonly Step[]> {
    const { points } = await this.desk.store.series({ ...this.selected(terms), stepMs }, this.signal);
    return points.map(({ t, requests }) => ({ fromUs: Date.parse(t) * 1e3, requests }));
  }

  async messages(terms: string, most: number): Promise<readonly string[]> {
    const all = await this.newest(terms, most);
    return all.map(({ event }) => eventFacts(event).message).filter((message) => message !== "");
  }

  async credentials(terms: string, most: number): Promise<ReadonlySet<string>> {
    const all = await this.newest(terms, most);
    const ids = all.map(({ event }) => credentialOf(eventFacts(event).extra as JsonValue));
    return new Set(ids.filter((credential) => credential !== ""));
  }

  async sightings(terms: string, most: number): Promise<readonly Sighting[]> {
    const all = await this.newest(terms, most);
    const facts = await this.desk.store.facts(all.map(({ seq }) => seq));
    return all.flatMap(({ event }, at) => (facts[at] ? [sightingOf(facts[at], event)] : [])).reverse();
  }

  /** The original events of the newest requests, newest first; of those that can be read. */
  private async newest(
    terms: string,
    most: number,
  ): Promise<readonly { readonly seq: number; readonly event: unknown }[]> {
    const { store } = this.desk;
    const newest = { ...this.selected(terms), anchor: "newest", before: most - 1, after: 1 } as const;
    const page = await store.ids(newest, this.signal);
    const found: { readonly seq: number; readonly event: unknown }[] = [];
    const read = await newestWithin(store, page.rows, MESSAGE_BYTES);
    for await (const { at, event } of store.originals(read, this.signal)) {
      if ("bytes" in event) found[at] = { seq: read[at] as number, event: parsedEvent(event.bytes) };
    }
    return found.filter((one) => one !== undefined).reverse();
  }

  get clocks(): readonly ClockNote[] {
    return clockNotes(this.desk.clocks.skews());
  }

  get knownBad(): readonly string[] {
    return this.desk.knownBad;
  }

  continuity(): Promise<Continuity> {
    return this.desk.restarts.report(this.signal);
  }

  async auditIDs(seqs: readonly number[]): Promise<readonly string[]> {
    const ids = seqs.map(() => "");
    for await (const { at, event } of this.desk.store.originals(seqs, this.signal)) {
      if ("bytes" in event) ids[at] = extractAuditID(event.bytes, 0, event.bytes.length);
    }
    return ids;
  }

  async requestsOf(terms: string, most: number): Promise<readonly RequestFacts[] | null> {
    const { store } = this.desk;
    const query = { ...this.selected(terms), anchor: "oldest", before: 0, after: most } as const;
    const { rows, total } = await store.ids(query, this.signal);
    if (total > most) return null;
    const found = (await store.facts(rows)).filter((facts) => facts !== null);
    return found.sort((a, b) => a.receivedUs - b.receivedUs);
  }

  async seqs(terms: string, most: number): Promise<readonly number[]> {
    const oldest = { ...this.selected(terms), anchor: "oldest", before: 0, after: most } as const;
    return (await this.desk.store.ids(oldest, this.signal)).rows;
  }

  queryOf(terms: string): string {
    const { filter, window } = this.selected(terms);
    const bound = (word: string, us: number | undefined): Filter[] => {
      const time = us === undefined ? null : isoTime(us);
      return time === null ? [] : [parseQuery(`${word}:${time}`)];
    };
    const all = [filter, ...bound("since", window?.fromUs), ...bound("until", window?.toUs)];
    return printFilter({ op: "and", terms: all });
  }

  private selected(terms: string): Selection {
    const { filter, window } = this.selection;
    const both: Filter = { op: "and", terms: [filter, parseQuery(terms)] };
    return window === undefined ? { filter: both } : { filter: both, window };
  }
}
