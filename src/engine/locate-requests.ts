import type { RequestFacts } from "../events/request.ts";
import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import { CHUNK } from "../queries/reach.ts";
import type { Pauses } from "../queries/scan.ts";

/** One pass over the rows, for whatever number of requests. */
export function* located(
  index: RequestIndex,
  requests: readonly Pick<RequestFacts, "auditID" | "receivedUs">[],
): Pauses<(number | null)[]> {
  const found: (number | null)[] = requests.map(() => null);
  const wanted = new Map<number, { readonly at: number; readonly isIt: ReturnType<typeof index.auditIDTest> }[]>();
  requests.forEach(({ auditID, receivedUs }, at) => {
    const others = wanted.get(receivedUs) ?? [];
    wanted.set(receivedUs, [...others, { at, isIt: index.auditIDTest(auditID) }]);
  });
  const times = [...wanted.keys()];
  const mayHold = (block: RequestBlock): boolean =>
    times.some((us) => us >= block.minReceivedUs && us <= block.maxReceivedUs);
  for (const block of index.blocks.filter(mayHold)) {
    for (let row = 0; row < block.count; row++) {
      if (row % CHUNK === CHUNK - 1) yield;
      for (const { at, isIt } of wanted.get(block.receivedUs(row)) ?? []) {
        if (isIt(block, row)) found[at] ??= block.firstSeq + row;
      }
    }
  }
  return found;
}
