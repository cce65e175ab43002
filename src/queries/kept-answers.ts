import type { GroupResult } from "./contract.ts";

/** Rows of answers kept in all: some 2 MiB, with sparklines of 100 points ten. */
const MOST_ROWS = 4_096;

/** Answers to the last questions, which stand until a row changes. */
export class KeptAnswers {
  private readonly answers = new Map<string, GroupResult>();
  private rows = 0;
  private revision = -1;

  /** Of the index at this revision; undefined when nobody asked since. */
  of(key: string, revision: number): GroupResult | undefined {
    const answer = this.revision === revision ? this.answers.get(key) : undefined;
    if (answer === undefined) return undefined;
    // Last used last.
    this.answers.delete(key);
    this.answers.set(key, answer);
    return answer;
  }

  keep(key: string, revision: number, answer: GroupResult): void {
    if (this.revision !== revision) {
      this.answers.clear();
      this.rows = 0;
      this.revision = revision;
    }
    const before = this.answers.get(key);
    if (before !== undefined) this.rows -= sizeOf(before);
    this.answers.set(key, answer);
    this.rows += sizeOf(answer);
    for (const [oldest, other] of this.answers) {
      if (this.rows <= MOST_ROWS) return;
      this.answers.delete(oldest);
      this.rows -= sizeOf(other);
    }
  }
}

/** One without rows takes some room, too. */
function sizeOf({ rows }: GroupResult): number {
  return rows.length + 1;
}
