import { extractAuditID } from "../index/facts.ts";
import { LIFELESS, type LineageEvent, WANTED_TERMS } from "../lineage/event.ts";
import { Lineage } from "../lineage/lineage.ts";
import type { LogExtent } from "../lineage/log-extent.ts";
import type { Reading } from "../lineage/reading.ts";
import { parseQuery } from "../queries/parse-filter.ts";
import { keyOfRead, type LifeRead } from "../queries/lives-query.ts";
import type { LifeRequest, LivesStore } from "../store/store.ts";
import { serverName } from "./server-names.ts";

const WANTED = { selection: { filter: parseQuery(WANTED_TERMS) }, without: [...LIFELESS] };

/** Requests on one object, or of one kind in a namespace, that are read; of more the newest. */
const MOST_EACH = 20_000;
/** A namespace is read for what other objects tell of gaps in the log if it has no more requests than this. */
const MOST_OF_SPACE = 20_000;
/** Original events kept for lineage to be told anew in their order. */
const MOST_BYTES = 512 * 1024 * 1024;
/** What is looked up leads to what is looked up next; this deep is no chain of owners and causes. */
const MOST_ROUNDS = 40;

/** What was read of a store for lineage so far, and the lineage of it: grows with what questions need. */
export class LivesReading implements Reading {
  readonly revision: number;
  private readonly store: LivesStore;
  private readonly mostRequests: number;
  private readonly extentOf: (signal: AbortSignal) => Promise<LogExtent>;
  private lineage: Lineage;
  private known: LogExtent | null = null;
  private readonly requests = new Map<number, LifeRequest>();
  private bytes = 0;
  /** Taken in as they were logged. */
  private isInOrder = true;
  private lastId = -1;
  private cutUs: number | null = null;
  /** Keys of what was read, and of what was looked up since. */
  private readonly done = new Set<string>();
  private wanted = new Map<string, LifeRead>();
  /** Why a namespace was not read as a whole. */
  private readonly passedOver = new Map<string, string>();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    store: LivesStore,
    revision: number,
    mostRequests: number,
    extentOf: (signal: AbortSignal) => Promise<LogExtent>,
  ) {
    this.store = store;
    this.revision = revision;
    this.mostRequests = mostRequests;
    this.extentOf = extentOf;
    this.lineage = new Lineage(mostRequests, this);
  }

  /** Nothing more is taken in. */
  get isFull(): boolean {
    return this.requests.size >= this.mostRequests || this.bytes >= MOST_BYTES;
  }

  wants(read: LifeRead): void {
    if ("name" in read && read.name === "") return;
    if ("uid" in read && read.uid === "") return;
    const key = keyOfRead(read);
    if (!this.done.has(key)) this.wanted.set(key, read);
  }

  has(read: LifeRead): boolean {
    return this.done.has(keyOfRead(read)) && !(read.of === "space" && this.passedOver.has(read.namespace));
  }

  unread(namespace: string): string | null {
    return this.passedOver.get(namespace) ?? null;
  }

  /** Reads what an answer needs until it needs nothing more. `unread`: clauses that say what was left out. One at a time. */
  ask<T>(
    tell: (lineage: Lineage) => T,
    signal: AbortSignal,
  ): Promise<{ readonly answer: T; readonly unread: readonly string[] }> {
    const next = this.running.catch(() => undefined).then(() => this.settle(tell, signal));
    this.running = next;
    return next;
  }

  private async settle<T>(
    tell: (lineage: Lineage) => T,
    signal: AbortSignal,
  ): Promise<{ readonly answer: T; readonly unread: readonly string[] }> {
    this.known ??= await this.extentOf(signal);
    for (let round = 0; ; round += 1) {
      signal.throwIfAborted();
      this.wanted = new Map();
      this.lineage.covers(this.extent);
      const answer = tell(this.lineage);
      const reads = [...this.wanted.values()];
      const isOver = this.isFull || round >= MOST_ROUNDS;
      if (reads.length > 0 && !isOver) await this.read(reads, signal);
      else if (!this.isInOrder) this.tellAnew();
      else return { answer, unread: this.unreadWords(reads.length > 0) };
    }
  }

  /** A log of which only the newest of something was read is told to begin there. */
  private get extent(): LogExtent {
    const extent = this.known as LogExtent;
    return this.cutUs === null ? extent : { ...extent, fromUs: this.cutUs };
  }

  private unreadWords(isCut: boolean): readonly string[] {
    const words: string[] = [];
    if (this.cutUs !== null)
      words.push(
        `of what has more than ${MOST_EACH.toLocaleString("en-US")} requests in the store only the newest were read, from ${new Date(this.cutUs / 1_000).toISOString()} on`,
      );
    if (isCut) words.push("not all in the store that may bear on it was read");
    return words;
  }

  private async read(reads: readonly LifeRead[], signal: AbortSignal): Promise<void> {
    const asked: LifeRead[] = [];
    for (const each of reads) if (!(await this.isPassedOver(each, signal))) asked.push(each);
    if (asked.length > 0) {
      const { requests, cutUs } = await this.store.lives(
        { reads: asked, ...WANTED, most: MOST_EACH, isKnown: (id) => this.requests.has(id) },
        signal,
      );
      for (const request of requests) this.take(request);
      if (cutUs !== null) this.cutUs = Math.max(this.cutUs ?? cutUs, cutUs);
    }
    for (const each of reads) this.done.add(keyOfRead(each));
  }

  /** What only may tell of gaps is not read at any cost. */
  private async isPassedOver(read: LifeRead, signal: AbortSignal): Promise<boolean> {
    if (read.of !== "space" || read.isWhole) return false;
    const { namespace } = read;
    const count = await this.store.countLives({ reads: [read], ...WANTED }, signal);
    if (count <= MOST_OF_SPACE) return false;
    const where = namespace === "" ? "on what is in no namespace" : `in namespace ${namespace}`;
    this.passedOver.set(
      namespace,
      `whether requests ${where} are missing was not looked for: it has ${count.toLocaleString("en-US")}`,
    );
    return true;
  }

  private take(request: LifeRequest): void {
    const { seq } = request.facts;
    if (this.requests.has(seq) || this.isFull) return;
    this.requests.set(seq, request);
    this.bytes += request.bytes.length;
    if (seq < this.lastId) this.isInOrder = false;
    this.lastId = Math.max(this.lastId, seq);
    this.lineage.observe(lineageEvent(request));
  }

  /** What is kept of many requests on one object depends on their order. */
  private tellAnew(): void {
    this.lineage = new Lineage(this.mostRequests, this);
    const inOrder = [...this.requests].sort(([left], [right]) => left - right);
    for (const [, request] of inOrder) this.lineage.observe(lineageEvent(request));
    this.isInOrder = true;
  }
}

const absent = (): null => null;

function lineageEvent({ facts, bytes }: LifeRequest): LineageEvent {
  return {
    ...facts,
    apiserver: serverName({ path: facts.source.path, apiserver: facts.apiserver }),
    auditID: extractAuditID(bytes, 0, bytes.length),
    responseStatus: absent,
    requestBody: absent,
    responseBody: absent,
    wholeAnswer: absent,
    baseVersion: () => Number.NaN,
    annotations: absent,
    raw: bytes,
  };
}
