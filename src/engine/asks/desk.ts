import type { RawStore } from "../../bytes/contract.ts";
import type { RequestRing } from "../../index/ring.ts";
import type { LineageFeed } from "../lineage-feed.ts";
import type { ObjectDirectory } from "../object-directory.ts";
import type { RawEvents } from "../raw-events.ts";
import type { SourceBook } from "../source-book.ts";

/** What every answer is made from. */
export interface Desk {
  readonly ring: RequestRing;
  readonly raw: RawStore;
  readonly book: SourceBook;
  readonly events: RawEvents;
  readonly directory: ObjectDirectory;
  readonly lineage: LineageFeed;
}
