/** What an engine over a store tells of it. */
export interface StoreStatus {
  /** 0…1 of what questions that take long have to read; null when none does. */
  readonly asking: number | null;
  /** It does not answer, a clause: what is shown is older. It is asked again all the time. */
  readonly lost: string | null;
  /** It refuses to be asked at all, a clause: nothing more comes. */
  readonly refused: string | null;
  /** What a question without a bound of time costs, a sentence; null when none was asked of very much. */
  readonly warning: string | null;
}
