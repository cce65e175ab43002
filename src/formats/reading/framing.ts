/** Cuts a stretch of an input into records in another way than by lines. */
export interface Stretch {
  /** Whether what comes next is to be read in lines; it begins a line. */
  readonly isDone: boolean;
  /** Everything before was consumed into records. */
  readonly consumedOffset: number;
  /** What was read behind `consumedOffset`: somebody else's, once it is done. */
  readonly rest: Buffer;
  /** Returns how many of the bytes were read: all, unless it is done then. */
  push(bytes: Buffer): number;
  /** End of input. */
  end(): void;
}
