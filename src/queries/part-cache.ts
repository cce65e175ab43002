import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Scan } from "./scan.ts";

/** What a query worked out about one block: stands until a row of the block changes or is added. */
export interface Part {
  readonly revision: number;
  readonly rows: number;
  /** Selected rows that lack their time. */
  readonly untimed: number;
  readonly bytes: number;
}

const LEAST_BYTES = 20 * 2 ** 20;
const BYTES_PER_ROW = 4;
/** One plan may take half: otherwise what is asked next to it goes each time. */
const SHARE = 0.5;

/** Parts of one plan by block, with what numbers its groups, which other plans share. Windows do not matter: parts are of whole blocks. */
export class PlanParts<P extends Part, Groups> {
  readonly groups: Groups;
  private readonly parts = new Map<RequestBlock, P>();

  constructor(groups: Groups) {
    this.groups = groups;
  }

  /** The part that stands for the rows of the block that the scan selects; undefined when there is none. */
  of(block: RequestBlock, scan: Scan): P | undefined {
    const part = this.parts.get(block);
    if (part === undefined || part.revision !== block.revision || part.rows !== block.count) return undefined;
    return scan.isUnbounded || (part.untimed === 0 && scan.holds(block)) ? part : undefined;
  }

  /** A part the window does not cut, made of a block that has not changed meanwhile. */
  keep(block: RequestBlock, part: P, scan: Scan): void {
    if (part.revision !== block.revision || part.rows !== block.count) return;
    if (scan.isUnbounded || (part.untimed === 0 && scan.holds(block))) this.parts.set(block, part);
  }

  /** Forgets blocks that are gone. Returns the bytes held. */
  prune(index: RequestIndex): number {
    const alive = new Set(index.blocks);
    let bytes = 0;
    for (const [block, { bytes: own }] of this.parts) {
      if (alive.has(block)) bytes += own;
      else this.parts.delete(block);
    }
    return bytes;
  }
}

/** What a plan takes besides its parts: its key, its maps. */
const PLAN_BYTES = 1_024;
/** What all findings ask in turn has room: 45 MiB on 379,000 requests of a big cluster. Less than all would keep nothing until its turn comes. */
const GROUPS_BYTES = 64 * 2 ** 20;

/** Parts of the plans asked last, within 20 MiB and 4 B per row kept, and what numbers their groups, within 64 MiB. */
export class PartCache<P extends Part, Groups extends { readonly memoryBytes: number }> {
  private readonly plans = new Map<string, { readonly plan: PlanParts<P, Groups>; readonly bytes: number }>();
  /** How many plans share what numbers their groups, which goes with the last of them, and what it took when one was kept last. */
  private readonly sharing = new Map<Groups, { readonly plans: number; readonly bytes: number }>();
  private partBytes = 0;
  private groupBytes = 0;

  /** What is kept of a plan, or a fresh one. */
  plan(key: string, make: () => Groups): PlanParts<P, Groups> {
    return this.plans.get(key)?.plan ?? new PlanParts<P, Groups>(make());
  }

  keep(key: string, plan: PlanParts<P, Groups>, index: RequestIndex): void {
    const most = LEAST_BYTES + BYTES_PER_ROW * index.rowCount;
    this.forget(key);
    const bytes = plan.prune(index);
    if (bytes > most * SHARE) return;
    this.plans.set(key, { plan, bytes });
    this.partBytes += bytes + PLAN_BYTES;
    const { groups } = plan;
    const { memoryBytes } = groups;
    const shared = this.sharing.get(groups);
    this.groupBytes += memoryBytes - (shared?.bytes ?? 0);
    this.sharing.set(groups, { plans: (shared?.plans ?? 0) + 1, bytes: memoryBytes });
    for (const oldest of this.plans.keys()) {
      if (this.partBytes <= most && this.groupBytes <= GROUPS_BYTES) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    const kept = this.plans.get(key);
    if (kept === undefined) return;
    this.plans.delete(key);
    this.partBytes -= kept.bytes + PLAN_BYTES;
    const { groups } = kept.plan;
    const { plans = 1, bytes = 0 } = this.sharing.get(groups) ?? {};
    if (plans > 1) this.sharing.set(groups, { plans: plans - 1, bytes });
    else {
      this.sharing.delete(groups);
      this.groupBytes -= bytes;
    }
  }

  clear(): void {
    this.plans.clear();
    this.sharing.clear();
    this.partBytes = 0;
    this.groupBytes = 0;
  }
}
