import type { AskKind, Asks, AnswerFor, Engine, EngineStatus } from "../../src/engine/contract.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import type { Filter, GroupRow, RowsQuery, TimeWindow, ValueTest } from "../../src/queries/contract.ts";

export const START_US = Date.parse("2026-11-21T00:05:00Z") * 1_000;

/** A request with everything that a test does not care about filled in. */
export function request(seq: number, facts: Partial<RequestFacts> = {}): RequestFacts {
  const receivedUs = START_US + seq * 1_000_000;
  return {
    seq,
    auditID: `id-${seq}`,
    receivedUs,
    stageUs: receivedUs + 5_000,
    latencyMs: 5,
    stage: "ResponseComplete",
    level: "Metadata",
    verb: "get",
    user: "alice",
    asFrom: "",
    groups: ["system:authenticated"],
    resource: "pods",
    subresource: "",
    namespace: "demo",
    name: `web-${seq}`,
    uid: "",
    code: 200,
    reason: "",
    ip: "10.0.0.1",
    sourceIPs: ["10.0.0.1"],
    useragent: "kubectl/v1.33",
    decision: "allow",
    authReason: "",
    uri: `/api/v1/namespaces/demo/pods/web-${seq}`,
    annotations: {},
    actorClass: "human",
    longRunning: false,
    inFlight: false,
    cutOff: false,
    bodiesTruncated: false,
    apiserver: "",
    source: { path: "audit.log", offset: seq * 100, bytes: 100 },
    ...facts,
  };
}

/** An engine over an array, for tests of the screen: the same contract, no threads, nothing clever. */
export class SampleEngine implements Engine {
  status: EngineStatus;
  /** Questions in the order they came, for tests about asking. */
  readonly asked: {
    kind: AskKind;
    ask: unknown;
    signal: AbortSignal | undefined;
    onPartial: ((value: unknown) => void) | undefined;
  }[] = [];
  /** When set, answers wait for `release()`. */
  held: (() => void)[] | null = null;
  private readonly rows: RequestFacts[];
  private readonly listeners = new Set<(status: EngineStatus) => void>();

  constructor(rows: readonly RequestFacts[], status: Partial<EngineStatus> = {}) {
    this.rows = [...rows];
    this.status = { ...statusOf(this.rows), ...status };
  }

  /** New requests arrive. */
  append(rows: readonly RequestFacts[], status: Partial<EngineStatus> = {}): void {
    this.rows.push(...rows);
    this.push({ ...statusOf(this.rows), phase: this.status.phase, revision: this.status.revision + 1, ...status });
  }

  push(status: Partial<EngineStatus>): void {
    this.status = { ...this.status, ...status };
    for (const listener of this.listeners) listener(this.status);
  }

  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const go of held) go();
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async ask<K extends AskKind>(
    kind: K,
    ask: Asks[K]["ask"],
    signal?: AbortSignal,
    onPartial?: (answer: AnswerFor<K>) => void,
  ): Promise<AnswerFor<K>> {
    this.asked.push({ kind, ask, signal, onPartial: onPartial as ((value: unknown) => void) | undefined });
    if (this.held !== null) await new Promise<void>((go) => this.held?.push(go));
    signal?.throwIfAborted();
    return this.answer(kind, ask) as AnswerFor<K>;
  }

  async loaded(): Promise<void> {}

  async close(): Promise<void> {}

  private answer(kind: AskKind, ask: unknown): unknown {
    if (kind === "rows") return this.page(ask as RowsQuery);
    if (kind === "groups") return this.groups();
    if (kind === "values") return this.values(ask as Asks["values"]["ask"]);
    if (kind === "objects") return { total: 1, rows: this.objects((ask as { text: string }).text) };
    if (kind === "info") return this.info();
    if (kind === "continuity") return { gaps: gapsOf(this.rows), restarts: [] };
    if (kind === "bursts") return { stepMs: 1_000, bursts: [] };
    throw new Error(`the sample engine does not know ${kind}`);
  }

  private page(query: RowsQuery): unknown {
    const inOrder = query.order === "received" ? this.rows.toSorted((a, b) => a.receivedUs - b.receivedUs) : this.rows;
    const selected = inOrder.filter((row) => matches(query.filter, row) && isWithin(query.window, row));
    const rows = query.reverse === true ? selected.toReversed() : selected;
    const { anchor = "newest", before = 0, after = 0 } = query;
    const at = query.position ?? placeOf(anchor, rows, inOrder);
    const first = Math.max(0, at - before);
    return { total: rows.length, first, at, rows: rows.slice(first, at + after) };
  }

  private values({ field, text }: Asks["values"]["ask"]): Asks["values"]["answer"] {
    const users = field === "user" ? [...new Set(this.rows.map(({ user }) => user))] : [];
    return users.filter((user) => user.includes(text)).map((value) => ({ value, requests: 1 }));
  }

  private groups(): unknown {
    const counts = new Map<string, number>();
    for (const row of this.rows) counts.set(row.user, (counts.get(row.user) ?? 0) + 1);
    const rows = [...counts].map(([user, requests]): GroupRow => ({
      key: { user },
      requests,
      share: requests / this.rows.length,
      rate: 1,
      errors: { "4xx": 0, "5xx": 0 },
      latencyMs: null,
      firstSeen: "",
      lastSeen: "",
      bytes: 0,
    }));
    return { requests: this.rows.length, groups: rows.length, by: ["user"], span: spanOf(this.rows), rows };
  }

  private objects(text: string): unknown {
    return this.rows
      .filter((row) => row.name.includes(text))
      .slice(0, 5)
      .map(({ resource, namespace, name }) => ({
        resource,
        namespace,
        name,
        requests: 1,
        firstSeen: "",
        lastSeen: "",
        errors: 0,
        matches: [],
      }));
  }

  private info(): unknown {
    return {
      inputs: this.status.inputs.map(({ path, format, compression, bytes, events, skipped, samples }) => ({
        path,
        format,
        compression,
        bytes,
        events,
        skipped,
        samples,
      })),
      events: this.status.events,
      requests: this.rows.length,
      inFlight: 0,
      cutOff: 0,
      span: spanOf(this.rows),
      levels: {},
      stages: {},
      distinct: { user: 1, resource: 1, namespace: 1, object: this.rows.length },
      gaps: gapsOf(this.rows),
      restarts: [],
    };
  }
}

/** A row that is not among `rows` stands before the first of them that comes after it in `all`. */
function placeOf(
  anchor: NonNullable<RowsQuery["anchor"]>,
  rows: readonly RequestFacts[],
  all: readonly RequestFacts[],
): number {
  if (anchor === "oldest") return 0;
  if (anchor === "newest") return Math.max(0, rows.length - 1);
  const place = (seq: number): number => all.findIndex((row) => row.seq === seq);
  const at = rows.findIndex((row) => row.seq === anchor.seq || place(row.seq) > place(anchor.seq));
  return at < 0 ? rows.length : at;
}

function statusOf(rows: readonly RequestFacts[]): EngineStatus {
  const { from, to } = spanOf(rows);
  return {
    phase: "idle",
    inputs: [
      {
        path: "logs/audit.log",
        format: "jsonl",
        compression: "none",
        bytes: rows.length * 100,
        totalBytes: rows.length * 100,
        events: rows.length,
        skipped: { foreign: 0, bad: 0, truncated: 0, fragment: 0, duplicate: 0 },
        formats: {},
        samples: [],
        error: null,
        passedOver: null,
        state: "done",
        waitingFor: null,
        silentSinceMs: null,
        lost: [],
      },
    ],
    named: ["logs/audit.log"],
    apiservers: 0,
    revision: 1,
    requestsKept: rows.length,
    requestsSeen: rows.length,
    requestsEvicted: 0,
    events: rows.length,
    duplicates: 0,
    bad: 0,
    truncated: 0,
    foreign: 0,
    inFlight: 0,
    cutOff: 0,
    from,
    to,
    lastReceived: to,
    progress: null,
    arrivalRate: null,
    lagMs: null,
    silentSinceMs: null,
    isOverflowing: false,
    backfilling: false,
    skews: [],
    untold: [],
    notes: [],
    filtering: null,
    store: null,
    failure: null,
  };
}

function spanOf(rows: readonly RequestFacts[]): { from: string | null; to: string | null; seconds: number } {
  const first = rows[0]?.receivedUs;
  const last = rows.at(-1)?.receivedUs;
  if (first === undefined || last === undefined) return { from: null, to: null, seconds: 0 };
  return {
    from: new Date(first / 1_000).toISOString(),
    to: new Date(last / 1_000).toISOString(),
    seconds: (last - first) / 1e6,
  };
}

function gapsOf(rows: readonly RequestFacts[]): { from: string; to: string; seconds: number }[] {
  return rows.slice(1).flatMap((row, at) => {
    const before = rows[at]?.receivedUs ?? row.receivedUs;
    const seconds = (row.receivedUs - before) / 1e6;
    if (seconds < 60) return [];
    return [
      { from: new Date(before / 1_000).toISOString(), to: new Date(row.receivedUs / 1_000).toISOString(), seconds },
    ];
  });
}

function isWithin(window: TimeWindow | undefined, row: RequestFacts): boolean {
  return row.receivedUs >= (window?.fromUs ?? -Infinity) && row.receivedUs < (window?.toUs ?? Infinity);
}

function matches(filter: Filter, row: RequestFacts): boolean {
  if (filter.op === "not") return !matches(filter.term, row);
  if (filter.op !== "match") {
    const held = filter.terms.map((term) => matches(term, row));
    return filter.op === "and" ? held.every(Boolean) : held.some(Boolean);
  }
  const value = filter.field === "actor" ? row.actorClass : row[filter.field as keyof RequestFacts];
  return filter.tests.some((test) => holds(test, value));
}

function holds(test: ValueTest, value: unknown): boolean {
  if (test.kind === "exact") return String(value) === test.text;
  if (test.kind === "contains") return String(value).includes(test.text);
  if (test.kind === "compare") return Number(value) >= test.value;
  throw new Error(`the sample engine does not know ${test.kind}`);
}
