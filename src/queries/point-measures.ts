import type { GroupFigures, MeasureId } from "./measures.ts";
import { withRoom } from "./chosen-groups.ts";
import { latenciesOfList } from "./group-latencies.ts";
import { GroupTotals } from "./group-totals.ts";
import { measuresOf, needsOf } from "./measures.ts";
import type { QueryCaches } from "./query-caches.ts";
import type { Pauses, Scan } from "./scan.ts";
import { tallyBytes, tallyRows, type TimedRows } from "./tally-rows.ts";

/** Points [0, length), the first of them `first` steps after the epoch. */
interface Points {
  readonly first: number;
  readonly length: number;
  readonly stepUs: number;
}

/** Figures of each point: its requests are a group. 8 bytes a request with a latency until the end. */
export function* pointMeasures(
  caches: QueryCaches,
  scan: Scan,
  { first, length, stepUs }: Points,
  measures: readonly MeasureId[],
): Pauses<(point: number) => Partial<GroupFigures>> {
  const { index } = caches;
  const facts = caches.factsOf("answered");
  const needs = needsOf(measures);
  const totals = new GroupTotals();
  totals.place(
    Uint32Array.from({ length }, (_, point) => point),
    length,
    length,
  );
  const figures = totals.figures();
  let timed: TimedRows | null = needs.has("latencies")
    ? { ids: new Uint32Array(0), us: new Uint32Array(0), count: 0 }
    : null;
  const grouped = { rows: new Uint32Array(0), ids: new Uint32Array(0), count: 0 };
  scan.extendAlso([facts]);
  yield* scan.all((block, { rows, count }) => {
    if (grouped.rows.length < count) {
      grouped.rows = new Uint32Array(count);
      grouped.ids = new Uint32Array(count);
    }
    grouped.count = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const point = Math.floor(block.receivedUs(row) / stepUs) - first;
      if (!(point >= 0 && point < length)) continue;
      grouped.rows[grouped.count] = row;
      grouped.ids[grouped.count++] = point;
    }
    if (timed !== null) timed = withRoom(timed, grouped.count);
    tallyRows(index, block, grouped, facts, figures, timed);
    if (needs.has("bytes")) tallyBytes(block, grouped, figures);
    totals.selected += grouped.count;
  });
  const slots = Uint32Array.from({ length }, (_, point) => point + 1);
  const wanted = { count: length, slots, timed: (point: number) => totals.timed(point) };
  const percentiles = timed === null ? null : latenciesOfList(timed, wanted);
  const measured = { totals, percentiles, needs, selected: totals.selected, seconds: stepUs / 1e6 };
  return (point) => measuresOf(measures, measured, point);
}
