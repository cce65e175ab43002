import type { Selection } from "../../queries/contract.ts";
import type { TimeReference } from "../../queries/time-value.ts";
import { splitTimes } from "../sql/filter.ts";
import type { FigureRow } from "../sql/figures.ts";
import type { SqlParams } from "../sql/params.ts";
import type { RequestSource } from "../sql/source.ts";
import type { Session } from "./session.ts";
import type { TableState } from "./table-state.ts";

/** One question: what it is asked of, and until when. */
export class Asked {
  readonly time: TimeReference;
  readonly signal: AbortSignal;
  readonly state: TableState;
  readonly session: Session;

  constructor(session: Session, state: TableState, time: TimeReference, signal: AbortSignal) {
    this.session = session;
    this.state = state;
    this.time = time;
    this.signal = signal;
  }

  get source(): RequestSource {
    return this.state.source;
  }

  rows(sql: string, params: SqlParams): Promise<readonly FigureRow[]> {
    return this.session.rows(sql, params, this.signal);
  }

  /** Time examined: of what is kept, cut by the selection's own times. µs; NaN when nothing is kept in it. */
  spanOf({ filter, window }: Selection): { readonly fromUs: number; readonly toUs: number } {
    const { firstReceivedUs, lastReceivedUs, extent } = this.state;
    const cut = splitTimes(filter, window, this.time).window;
    const fromUs = Math.max(firstReceivedUs, cut.fromUs);
    const toUs = Math.min(extent.toUs > lastReceivedUs ? extent.toUs : lastReceivedUs, cut.toUs);
    return fromUs <= toUs ? { fromUs, toUs } : { fromUs: Number.NaN, toUs: Number.NaN };
  }
}
