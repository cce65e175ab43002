import { AuditIdHasher } from "./audit-id.ts";
import type { Block } from "./block.ts";
import type { RequestBlock } from "./contract.ts";
import { RequestKeys } from "./request-key.ts";
import type { RowAssembly } from "./row-assembly.ts";

/** Whether a row's request has a certain auditID: rows keep no ids, only what ids and times hash to. */
export class RequestIdentity {
  /** Hash the auditID with it first. */
  readonly hasher: AuditIdHasher;
  private readonly keys: RequestKeys;
  private readonly servers: readonly number[];
  private readonly assembly: RowAssembly;

  /** `servers`: number of the API server by source. */
  constructor(seed: readonly [number, number], servers: readonly number[], assembly: RowAssembly) {
    this.hasher = new AuditIdHasher(seed);
    this.keys = new RequestKeys(seed);
    this.servers = servers;
    this.assembly = assembly;
  }

  holds(block: RequestBlock, row: number): boolean {
    const { keys, hasher } = this;
    const { idLow, idHigh } = block as Block;
    const source = block.source(row);
    keys.set(hasher.low, hasher.high, block.receivedUs(row), this.servers[source] as number);
    if (idLow[row] === keys.low && idHigh[row] === keys.high) return true;
    if (!this.assembly.hasElsewhere) return false;
    keys.setElsewhere(keys.low, keys.high, source);
    return idLow[row] === keys.low && idHigh[row] === keys.high;
  }
}
