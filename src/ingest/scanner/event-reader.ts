/** Reads one event written as kube-apiserver writes it; whatever is written otherwise is left to JSON.parse. */
export interface EventReader {
  /** Results of read(): tuple ids, times in µs, bits of MARK, and the hash of the auditID. */
  readonly actor: number;
  readonly target: number;
  readonly outcome: number;
  readonly receivedUs: number;
  readonly stageUs: number;
  readonly marks: number;
  readonly idLow: number;
  readonly idHigh: number;
  /** Whether buffer[start, end), without white space around it, was read. */
  read(buffer: Uint8Array, start: number, end: number): boolean;
  /** Forgets ids: they are numbered afresh. */
  clear(): void;
}
