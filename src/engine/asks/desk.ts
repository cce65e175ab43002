import type { Expectation } from "../../findings/contract.ts";
import type { RequestRing } from "../../index/ring.ts";
import type { IndexQueries } from "../../queries/index-queries.ts";
import type { ClockWatch } from "../clock-watch.ts";
import type { LineageFeed } from "../lineage-feed.ts";
import type { ObjectDirectory } from "../object-directory.ts";
import type { PolicyReports } from "../policy-reports.ts";
import type { RawEvents } from "../raw-events.ts";
import type { RestartWatch } from "../restart-watch.ts";
import type { Settling } from "../settling.ts";
import type { SourceBook } from "../source-book.ts";

/** What every answer is made from. */
export interface Desk {
  readonly ring: RequestRing;
  readonly book: SourceBook;
  readonly events: RawEvents;
  readonly queries: IndexQueries;
  readonly clocks: ClockWatch;
  readonly directory: ObjectDirectory;
  readonly lineage: LineageFeed;
  readonly restarts: RestartWatch;
  readonly settling: Settling;
  readonly expectations: readonly Expectation[];
  readonly policies: PolicyReports;
}
