import type { Expectation } from "../../findings/contract.ts";
import type { InputReport } from "../../ingest/contract.ts";
import type { Store } from "../../store/store.ts";
import type { ClockWatch } from "../clock-watch.ts";
import type { FindingsWatch } from "../findings/findings-watch.ts";
import type { LineageSource } from "../lineage-source.ts";
import type { PolicyReports } from "../policy-reports.ts";
import type { RestartWatch } from "../restart-watch.ts";
import type { SourceBook } from "../source-book.ts";

/** What every answer is made from. */
export interface Desk {
  readonly store: Store;
  readonly book: Pick<SourceBook, "untold" | "fingerprint" | "heads"> & { reports(): readonly InputReport[] };
  readonly clocks: Pick<ClockWatch, "skews">;
  readonly lineage: LineageSource;
  readonly restarts: Pick<RestartWatch, "refresh" | "report">;
  readonly expectations: readonly Expectation[];
  readonly knownBad: readonly string[];
  readonly findings: Pick<FindingsWatch, "answer">;
  readonly policies: Pick<PolicyReports, "report">;
}
