import type { RequestBlock } from "../index/contract.ts";
import type { GroupIds } from "./group-ids.ts";
import type { QueryCaches } from "./query-caches.ts";
import type { Scan, Steps } from "./scan.ts";

/** rows[k] belongs to group ids[k], k < count. */
export interface GroupedRows {
  readonly rows: Uint32Array;
  readonly ids: Uint32Array;
  readonly count: number;
}

/** Rows remembered between passes at most: 8 bytes each. */
const MOST_REMEMBERED = 4_000_000;
/** Few groups are done in one pass. */
const REMEMBER_FROM_GROUPS = 256;

/** Passes over the selected rows with their groups; a second pass does not filter and look up again what was remembered. */
export class GroupedScan {
  readonly groups: GroupIds;
  private readonly caches: QueryCaches;
  private readonly scan: Scan;
  private readonly remembered = new Map<RequestBlock, GroupedRows>();
  private left = MOST_REMEMBERED;

  constructor(caches: QueryCaches, scan: Scan, groups: GroupIds) {
    this.caches = caches;
    this.scan = scan;
    this.groups = groups;
  }

  /** `selected`: matching rows of the block; a row with several groups stands several times among `grouped`. */
  *first(remember: boolean, visit: (block: RequestBlock, grouped: GroupedRows, selected: number) => void): Steps<void> {
    const { groups, caches, scan } = this;
    yield* scan.blocks([groups, caches.facts], (block, { rows, count }) => {
      groups.assign(caches.index, block, rows, count);
      visit(block, groups, count);
      if (groups.count > this.left || !(remember || groups.groups > REMEMBER_FROM_GROUPS)) return;
      this.left -= groups.count;
      const kept = {
        rows: groups.rows.slice(0, groups.count),
        ids: groups.ids.slice(0, groups.count),
        count: groups.count,
      };
      this.remembered.set(block, kept);
    });
  }

  *again(visit: (block: RequestBlock, grouped: GroupedRows) => void): Steps<void> {
    const { groups, caches, scan, remembered } = this;
    const isKnown = (block: RequestBlock): boolean => remembered.has(block);
    yield* scan.blocks(
      [groups, caches.facts],
      (block, { rows, count }) => {
        const known = remembered.get(block);
        if (known === undefined) groups.assign(caches.index, block, rows, count);
        visit(block, known ?? groups);
      },
      isKnown,
    );
  }
}
