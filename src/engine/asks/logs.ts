import type { RequestBlock } from "../../index/contract.ts";
import { CHUNK } from "../../queries/reach.ts";
import type { Pauses } from "../../queries/scan.ts";
import type { Asks } from "../contract.ts";
import { knownFingerprints } from "../log-fingerprint.ts";
import type { Desk } from "./desk.ts";
import { run } from "./queries.ts";

export async function answerLogs(desk: Desk, { known }: Asks["logs"]["ask"]): Promise<Asks["logs"]["answer"]> {
  return knownFingerprints(desk.book.heads(), known);
}

export function answerLocate(
  desk: Desk,
  { requests }: Asks["locate"]["ask"],
  signal: AbortSignal,
): Promise<Asks["locate"]["answer"]> {
  return run(located(desk, requests), signal);
}

/** One pass over the rows, for whatever number of requests. */
function* located({ ring }: Desk, requests: Asks["locate"]["ask"]["requests"]): Pauses<(number | null)[]> {
  const found: (number | null)[] = requests.map(() => null);
  const wanted = new Map<number, { readonly at: number; readonly isIt: ReturnType<typeof ring.auditIDTest> }[]>();
  requests.forEach(({ auditID, receivedUs }, at) => {
    const others = wanted.get(receivedUs) ?? [];
    wanted.set(receivedUs, [...others, { at, isIt: ring.auditIDTest(auditID) }]);
  });
  const times = [...wanted.keys()];
  const mayHold = (block: RequestBlock): boolean =>
    times.some((us) => us >= block.minReceivedUs && us <= block.maxReceivedUs);
  for (const block of ring.blocks.filter(mayHold)) {
    for (let row = 0; row < block.count; row++) {
      if (row % CHUNK === CHUNK - 1) yield;
      for (const { at, isIt } of wanted.get(block.receivedUs(row)) ?? []) {
        if (isIt(block, row)) found[at] ??= block.firstSeq + row;
      }
    }
  }
  return found;
}
