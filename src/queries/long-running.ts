import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { Dimension } from "./contract.ts";
import type { GroupIds } from "./group-ids.ts";
import type { LatencyReport, LongRunningRow } from "./latency-query.ts";
import type { RowVisitor } from "./matching-runs.ts";
import type { Pauses } from "./scan.ts";

const MOST_ROWS = 100;

/** Visits long-running requests: how many, and how long those that ended had listened. By verb and resource. */
export class LongRunningVisitor implements RowVisitor<LatencyReport["longRunning"]> {
  private readonly groups: GroupIds;
  private readonly requests: number[] = [];
  private readonly open: number[] = [];
  /** µs of the ended ones, by group. */
  private readonly listened: number[][] = [];

  constructor(groupIdsOf: (by: readonly Dimension[]) => GroupIds) {
    this.groups = groupIdsOf(["verb", "resource"]);
  }

  extend(index: RequestIndex): void {
    this.groups.extend(index);
  }

  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void {
    this.groups.assign(index, block, rows, count);
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const group = this.groups.ids[i] as number;
      this.requests[group] = (this.requests[group] ?? 0) + 1;
      if (!index.hasEnded(block.actor[row] as number, block.outcome[row] as number)) {
        this.open[group] = (this.open[group] ?? 0) + 1;
        continue;
      }
      const us = block.latencyUs(row);
      if (us < 0) continue;
      const own = this.listened[group];
      if (own === undefined) this.listened[group] = [us];
      else own.push(us);
    }
  }

  *result(index: RequestIndex): Pauses<LatencyReport["longRunning"]> {
    yield;
    const rows: LongRunningRow[] = [];
    this.requests.forEach((requests, group) => {
      const key = this.groups.key(index, group);
      const ended = Float64Array.from(this.listened[group] ?? []).sort();
      const ms = (at: number): number => (ended[at] ?? 0) / 1e3;
      rows.push({
        key: { verb: key.get("verb") ?? "", resource: key.get("resource") ?? "" },
        requests,
        open: this.open[group] ?? 0,
        listenedMs:
          ended.length === 0
            ? null
            : {
                p50: ms(Math.ceil(ended.length / 2) - 1),
                max: ms(ended.length - 1),
                sum: ended.reduce((sum, us) => sum + us, 0) / 1e3,
              },
      });
    });
    rows.sort((a, b) => b.requests - a.requests || (keyText(a) < keyText(b) ? -1 : 1));
    const sum = (of: (row: LongRunningRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
    return { requests: sum((row) => row.requests), open: sum((row) => row.open), rows: rows.slice(0, MOST_ROWS) };
  }
}

function keyText({ key }: LongRunningRow): string {
  return `${key.verb} ${key.resource}`;
}
