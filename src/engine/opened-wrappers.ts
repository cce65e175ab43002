import { parseJson } from "../events/json.ts";
import { eventsIn } from "../formats/reading/open-reader.ts";
import { momentOf } from "../ingest/scanner/parsed-event.ts";

/** So few are looked at one by one. */
const FEW = 8;
/** Larger wrappers are opened each time anew. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Rows are asked for in the order of their times: neighbours lie in each other's wrappers. */
const MOST_OPEN = 4;

interface Opened {
  readonly offset: number;
  readonly context: string;
  readonly bytes: Uint8Array;
  readonly events: readonly Buffer[];
  /** By stageTimestamp, µs; made when asked for. */
  byStage: ReadonlyMap<number, readonly Buffer[]> | null;
}

/**
 * The events in a wrapper that holds many: all of them are asked for one after the other, and each time the wrapper is what
 * is read. The last ones stay open, so that a wrapper costs what its size is, not its square.
 */
export class OpenedWrappers {
  /** The last used first. */
  private recent: Opened[] = [];

  /** Those of the events at a place that may have this stageTimestamp; `context`: see Origin. */
  eventsAt(bytes: Uint8Array, offset: number, context: string, stageUs: number): readonly Buffer[] {
    const opened = this.open(bytes, offset, context);
    if (opened.events.length <= FEW) return opened.events;
    opened.byStage ??= Map.groupBy(opened.events, stageOf);
    return opened.byStage.get(stageUs) ?? [];
  }

  private open(bytes: Uint8Array, offset: number, context: string): Opened {
    const known = this.recent.find(
      (other) => other.offset === offset && other.context === context && isSame(other.bytes, bytes),
    );
    if (known !== undefined) {
      this.recent = [known, ...this.recent.filter((other) => other !== known)];
      return known;
    }
    const events = eventsIn(bytes, offset, context);
    const isKept = events.length > 1 && bytes.length <= MOST_BYTES;
    const opened = { offset, context, bytes: isKept ? Uint8Array.from(bytes) : bytes, events, byStage: null };
    if (isKept) this.recent = [opened, ...this.recent].slice(0, MOST_OPEN);
    return opened;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** As the index has it; NaN for events without one. */
function stageOf(event: Buffer): number {
  return momentOf(parseJson(event.toString("utf8")) as Readonly<Record<string, unknown>>).stageUs;
}
