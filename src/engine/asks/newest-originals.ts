import { parseJson } from "../../events/json.ts";
import type { RowPlace } from "../raw-events.ts";
import type { Desk } from "./desk.ts";

/** Where the newest of these requests are, oldest first, from the first that still fits the budget. */
export function newestWithin({ ring }: Desk, seqs: readonly number[], mostBytes: number): RowPlace[] {
  const places: RowPlace[] = [];
  let bytes = 0;
  for (let at = seqs.length - 1; at >= 0; at--) {
    const place = ring.locate(seqs[at] as number);
    if (place === null) continue;
    bytes += place.block.bytes(place.row);
    if (bytes > mostBytes) break;
    places.push(place);
  }
  return places.reverse();
}

const decoder = new TextDecoder();

/** undefined for what is no JSON. */
export function parsedEvent(bytes: Uint8Array): unknown {
  try {
    return parseJson(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
