import type { Pauses } from "./scan.ts";

/** Items compared between two pauses: comparing may make texts, at about 2 µs. */
const PART = 1_024;

/**
 * The `limit` smallest of [0, count) by `compare`, in order: a heap of the best so far, whose root is the worst of them. What has a
 * lower `rank` than another comes after it: most items then are not compared.
 */
export function* topOf(
  count: number,
  limit: number,
  compare: (a: number, b: number) => number,
  rank: (item: number) => number = () => 0,
): Pauses<number[]> {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i).sort(compare);
  const heap: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < count; item++) {
    if (item % PART === PART - 1) yield;
    if (heap.length < limit) {
      heap.push(item);
      siftUp(heap, compare);
      if (heap.length === limit) least = rank(heap[0] as number);
    } else if (limit > 0 && rank(item) >= least && compare(item, heap[0] as number) < 0) {
      heap[0] = item;
      siftDown(heap, compare);
      least = rank(heap[0] as number);
    }
  }
  return heap.sort(compare);
}

function siftUp(heap: number[], compare: (a: number, b: number) => number): void {
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (compare(heap[at] as number, heap[parent] as number) <= 0) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown(heap: number[], compare: (a: number, b: number) => number): void {
  let at = 0;
  for (;;) {
    const left = at * 2 + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const worse = right < heap.length && compare(heap[right] as number, heap[left] as number) > 0 ? right : left;
    if (compare(heap[worse] as number, heap[at] as number) <= 0) return;
    swap(heap, at, worse);
    at = worse;
  }
}

function swap(heap: number[], a: number, b: number): void {
  const kept = heap[a] as number;
  heap[a] = heap[b] as number;
  heap[b] = kept;
}
