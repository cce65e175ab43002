import type { RequestFacts } from "../../events/request.ts";
import { extractAuditID, factsOf } from "../../index/facts.ts";
import type { EvidenceStore } from "../../findings/collect.ts";
import { type Cadence, cadenceOf } from "../../queries/cadence.ts";
import type { Continuity } from "../../queries/continuity/contract.ts";
import type { Dimension, Filter, GroupResult, GroupRow, Selection } from "../../queries/contract.ts";
import { visitMatching } from "../../queries/matching-runs.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import { printFilter } from "../../queries/print-filter.ts";
import { isoTime } from "../../events/time.ts";
import type { Desk } from "../asks/desk.ts";
import { newestWithin, parsedEvent } from "../asks/newest-originals.ts";
import { answerGroups, run } from "../asks/queries.ts";
import { field, text, type JsonValue } from "../../lineage/json.ts";

/** Distinct groups of one aggregate that detectors look at. */
const MOST_GROUPS = 5_000;
const MESSAGE_BYTES = 16 * 1024 * 1024;

/** What detectors ask, answered from the ring. */
export class RingFindingStore implements EvidenceStore {
  private readonly desk: Desk;
  private readonly selection: Selection;
  private readonly signal: AbortSignal;
  private readonly all: GroupResult;

  private constructor(desk: Desk, selection: Selection, signal: AbortSignal, all: GroupResult) {
    this.desk = desk;
    this.selection = selection;
    this.signal = signal;
    this.all = all;
  }

  static async open(desk: Desk, selection: Selection, signal: AbortSignal): Promise<RingFindingStore> {
    const all = await answerGroups(desk, { ...selection, by: [], measures: ["requests"] }, signal);
    return new RingFindingStore(desk, selection, signal, all);
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
    return (await answerGroups(this.desk, query, this.signal)).rows;
  }

  async cadence(terms: string): Promise<Cadence | null> {
    const { queries, ring } = this.desk;
    const times = await run(
      visitMatching(queries, ring, this.selected(terms), () => new Times()),
      this.signal,
    );
    return cadenceOf(times);
  }

  async messages(terms: string, most: number): Promise<readonly string[]> {
    const { queries, events } = this.desk;
    const page = await run(
      queries.rows({ ...this.selected(terms), anchor: "newest", before: most - 1, after: 1 }),
      this.signal,
    );
    const found: string[] = [];
    for await (const { index, event } of events.readMany(
      newestWithin(this.desk, page.rows, MESSAGE_BYTES),
      this.signal,
    )) {
      const audit = "bytes" in event ? (parsedEvent(event.bytes) as JsonValue | undefined) : undefined;
      found[index] = text(field(audit, "responseStatus"), "message");
    }
    return found.filter((message) => message !== "").reverse();
  }

  continuity(): Promise<Continuity> {
    return this.desk.restarts.report(this.signal);
  }

  async auditIDs(seqs: readonly number[]): Promise<readonly string[]> {
    const { ring, events } = this.desk;
    const ids = seqs.map(() => "");
    const kept = seqs.flatMap((seq, at) => {
      const place = ring.locate(seq);
      return place === null ? [] : [{ at, place }];
    });
    const places = kept.map(({ place }) => place);
    for await (const { index, event } of events.readMany(places, this.signal)) {
      const at = kept[index]?.at;
      if (at !== undefined && "bytes" in event) ids[at] = extractAuditID(event.bytes, 0, event.bytes.length);
    }
    return ids;
  }

  async requestsOf(terms: string, most: number): Promise<readonly RequestFacts[] | null> {
    const { queries, ring } = this.desk;
    const query = { ...this.selected(terms), order: "received", anchor: "oldest", before: 0, after: most } as const;
    const { rows, total } = await run(queries.rows(query), this.signal);
    if (total > most) return null;
    return rows.flatMap((seq) => {
      const place = ring.locate(seq);
      return place === null ? [] : [factsOf(ring, place.block, place.row)];
    });
  }

  async seqs(terms: string, most: number): Promise<readonly number[]> {
    const page = await run(
      this.desk.queries.rows({ ...this.selected(terms), anchor: "oldest", before: 0, after: most }),
      this.signal,
    );
    return page.rows;
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

class Times {
  private readonly times: number[] = [];

  extend(): void {}

  add(_index: unknown, block: { receivedUs(row: number): number }, rows: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const us = block.receivedUs(rows[i] as number);
      if (!Number.isNaN(us)) this.times.push(us);
    }
  }

  // oxlint-disable-next-line require-yield
  *result(): Generator<undefined, Float64Array, void> {
    return Float64Array.from(this.times).sort();
  }
}
