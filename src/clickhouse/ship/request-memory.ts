import type { StoreAddress } from "../address.ts";
import { ask, type Client } from "../client.ts";
import { named } from "../table/definition.ts";
import { nextSeq } from "./seq-numbers.ts";

/** What tells a request from all others, as in the index. */
export interface RequestIdentity {
  readonly apiserver: string;
  /** µs; NaN without. */
  readonly receivedUs: number;
  readonly auditID: string;
}

/** Requests that have not ended, the oldest of which are forgotten. */
const MOST_OPEN = 100_000;
/** How far back requests that have not ended are asked for: watches last ten minutes. */
const OPEN_MS = 3_600_000;

/** Where requests began and whether they have ended, as far back as is remembered. */
export class RequestMemory {
  /** Of those that have not ended, the seq of their first event. */
  private readonly open = new Map<string, number>();
  private readonly endsFirst: (request: string) => boolean;

  /** `endsFirst`: whether a request is told to have ended for the first time. */
  constructor(endsFirst: (request: string) => boolean) {
    this.endsFirst = endsFirst;
  }

  /** Learns what shippers of this cluster brought lately, ended since or not. Errors of the client are thrown. */
  async recall(client: Client, { database, table, cluster }: StoreAddress, nowMs: number): Promise<void> {
    const rows = await ask<{ apiserver: string; id: string; us: string; first: string }>(
      client,
      `SELECT apiserver, audit_id AS id, toString(toUnixTimestamp64Micro(received)) AS us, toString(min(first_seq)) AS first
       FROM ${named(database, table)} WHERE cluster = {cluster:String} AND seq >= {from:UInt64} AND NOT final
       GROUP BY apiserver, audit_id, received ORDER BY min(first_seq) DESC LIMIT ${MOST_OPEN}`,
      { cluster, from: nextSeq(nowMs - OPEN_MS, 0, 0) },
    );
    for (const { apiserver, id, us, first } of rows.reverse())
      this.open.set(keyOf({ apiserver, receivedUs: Number(us) || Number.NaN, auditID: id }), Number(first));
  }

  /** An event of a request: whether it is the first that ends it, and where the request's first event stands. */
  see(
    request: RequestIdentity,
    hasEnded: boolean,
    seq: number,
  ): { readonly isFinal: boolean; readonly firstSeq: number } {
    const key = keyOf(request);
    const firstSeq = this.open.get(key) ?? seq;
    if (!hasEnded) {
      this.open.set(key, firstSeq);
      if (this.open.size > MOST_OPEN) this.open.delete(this.open.keys().next().value ?? "");
      return { isFinal: false, firstSeq };
    }
    this.open.delete(key);
    return { isFinal: this.endsFirst(key), firstSeq };
  }
}

function keyOf({ apiserver, receivedUs, auditID }: RequestIdentity): string {
  return `${apiserver}\n${receivedUs}\n${auditID}`;
}
