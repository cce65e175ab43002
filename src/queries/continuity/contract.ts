/** When API servers were silent, and when they were started anew. JSON shapes of `info`: times RFC 3339. */

/** Nothing was received for longer than the traffic before and after it explains; there is never one at the end of a log. */
export interface Gap {
  /** "" where the input does not tell: then of all that it does not tell of. */
  readonly apiserver: string;
  /** The last request received before it, and the first after it. */
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

export type RestartEvidenceKind =
  | "silence"
  | "cut-off"
  | "shutdown"
  | "stale-lease"
  | "bootstrap"
  | "startup"
  | "not-ready"
  | "refused"
  | "watch-wave";

export interface RestartEvidence {
  readonly kind: RestartEvidenceKind;
  /** What it shows, a clause. */
  readonly what: string;
  readonly requests: number;
  /** Text of the filter language that selects exactly these requests; null for a silence. */
  readonly query: string | null;
  /** The first and the last of them; of a silence, its ends. */
  readonly from: string;
  readonly to: string;
}

/** A new process of one API server. */
export interface Restart {
  readonly apiserver: string;
  /**
   * Last request received by the process before; null where the log begins with this start, or where requests of another
   * API server hide the break.
   */
  readonly from: string | null;
  /** First request received by the new process, as far as the log tells. */
  readonly to: string;
  readonly seconds: number | null;
  /** First /readyz that was answered 200; null when none was asked or logged. */
  readonly ready: string | null;
  /** `shutdown`: it gave its lease back; `killed`: it left its lease, or requests that nobody answered; null: not told. */
  readonly ended: "shutdown" | "killed" | null;
  /** `certain`: the new process itself says so. */
  readonly confidence: "certain" | "likely";
  /** Requests that were in flight and will never be answered. */
  readonly cutOff: number;
  readonly evidence: readonly RestartEvidence[];
}

/** More is stored than was looked at: only the newest requests. */
export interface NewestOnly {
  readonly requests: number;
  /** RFC 3339; nothing received earlier was looked at. */
  readonly since: string;
}

export interface Continuity {
  /** Longest first. */
  readonly gaps: readonly Gap[];
  /** In time order. */
  readonly restarts: readonly Restart[];
  /** Absent: all was looked at. */
  readonly newest?: NewestOnly;
}
