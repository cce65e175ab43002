/** What a ring may hold, in bytes. Rows are charged and never refused: every total rests on them; new names are refused. */
export class MemoryBudget {
  readonly limit: number;
  used: number;

  constructor(limit: number = Number.POSITIVE_INFINITY, used = 0) {
    this.limit = limit;
    this.used = used;
  }

  admits(bytes: number): boolean {
    return this.used + bytes <= this.limit;
  }
}
