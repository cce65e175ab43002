import type { Expectation } from "../../findings/contract.ts";
import type { Store } from "../../store/store.ts";
import type { ClockWatch } from "../clock-watch.ts";
import type { FindingsWatch } from "../findings/findings-watch.ts";
import type { LineageFeed } from "../lineage-feed.ts";
import type { PolicyReports } from "../policy-reports.ts";
import type { RestartWatch } from "../restart-watch.ts";
import type { SourceBook } from "../source-book.ts";

/** What every answer is made from. */
export interface Desk {
  readonly store: Store;
  readonly book: SourceBook;
  readonly clocks: ClockWatch;
  readonly lineage: LineageFeed;
  readonly restarts: RestartWatch;
  readonly expectations: readonly Expectation[];
  readonly knownBad: readonly string[];
  readonly findings: FindingsWatch;
  readonly policies: PolicyReports;
}
