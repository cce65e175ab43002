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
import { SharedReads } from "./shared-reads.ts";

/** Distinct groups of one aggregate that detectors look at. */
const MOST_GROUPS = 5_000;
const MESSAGE_BYTES = 16 * 1024 * 1024;

/** What findings are made from. */
export type FindingSources = Pick<Desk, "store" | "restarts" | "expectations" | "clocks" | "knownBad">;

/** What detectors ask, answered by the store. All may ask at once. */
export class FindingStore implements EvidenceStore {
  private readonly desk: FindingSources;
  private readonly reads: SharedReads;
  private readonly selection: Selection;
  private readonly signal: AbortSignal;
  private readonly all: GroupResult;

  private constructor(desk: FindingSources, selection: Selection, signal: AbortSignal, all: GroupResult) {
    this.desk = desk;
    this.reads = new SharedReads(desk.store, signal);
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
    return (await this.reads.ask((store, signal) => store.aggregate(query, signal))).rows;
  }

  async cadence(terms: string): Promise<Cadence | null> {
    const query = { ...this.selected(terms), by: [], measures: ["requests"], cadence: {} } as const;
    const { rows } = await this.reads.ask((store, signal) => store.aggregate(query, signal));
    return rows[0]?.cadence?.whole ?? null;
  }

  async perStep(terms: string, stepMs: number): Promise<readonly Step[]> {
    const query = { ...this.selected(terms), stepMs };
    const { points } = await this.reads.ask((store, signal) => store.series(query, signal));
    return points.map(({ t, requests }) => ({ fromUs: Date.parse(t) * 1e3, requests }));
  }

  async messages(terms: string, most: number): Promise<readonly string[]> {
    const all = await this.newest(terms, most, (bytes) => eventFacts(parsedEvent(bytes)).message);
    return all.map(({ told }) => told).filter((message) => message !== "");
  }

  async credentials(terms: string, most: number): Promise<ReadonlySet<string>> {
    const credential = (bytes: Uint8Array): string => credentialOf(eventFacts(parsedEvent(bytes)).extra as JsonValue);
    const all = await this.newest(terms, most, credential);
    return new Set(all.map(({ told }) => told).filter((id) => id !== ""));
  }

  async sightings(terms: string, most: number): Promise<readonly Sighting[]> {
    const all = await this.newest(terms, most, parsedEvent);
    const facts = await this.reads.ask((store) => store.facts(all.map(({ seq }) => seq)));
    return all.flatMap(({ told }, at) => (facts[at] ? [sightingOf(facts[at], told)] : [])).reverse();
  }

  /** What the original events of the newest requests tell, newest first; of those that can be read. */
  private async newest<T>(
    terms: string,
    most: number,
    tell: (bytes: Uint8Array) => T,
  ): Promise<readonly { readonly seq: number; readonly told: T }[]> {
    const newest = { ...this.selected(terms), anchor: "newest", before: most - 1, after: 1 } as const;
    const seqs = await this.reads.ask(async (store, signal) =>
      newestWithin(store, (await store.ids(newest, signal)).rows, MESSAGE_BYTES),
    );
    const read = await this.reads.read(seqs, (bytes) => ({ told: tell(bytes) }));
    return read.flatMap((one, at) => (one === undefined ? [] : [{ seq: seqs[at] as number, ...one }])).reverse();
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
    const ids = await this.reads.read(seqs, (bytes) => extractAuditID(bytes, 0, bytes.length));
    return ids.map((id) => id ?? "");
  }

  async requestsOf(terms: string, most: number): Promise<readonly RequestFacts[] | null> {
    const query = { ...this.selected(terms), anchor: "oldest", before: 0, after: most } as const;
    const found = await this.reads.ask(async (store, signal) => {
      const { rows, total } = await store.ids(query, signal);
      return total > most ? null : store.facts(rows);
    });
    return found?.filter((facts) => facts !== null).sort((a, b) => a.receivedUs - b.receivedUs) ?? null;
  }

  async seqs(terms: string, most: number): Promise<readonly number[]> {
    const oldest = { ...this.selected(terms), anchor: "oldest", before: 0, after: most } as const;
    return (await this.reads.ask((store, signal) => store.ids(oldest, signal))).rows;
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
