/** Larger than any screen; a terminal may say it has 65,535 by 65,535, each of which would be drawn. */
const MOST_COLUMNS = 2_000;
const MOST_ROWS = 1_000;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What is drawn on of a terminal. Where it doesn't tell its size, and says 0 by 0, it has the usual one. */
export function terminalSize(stream: Partial<TerminalSize>): TerminalSize {
  return { columns: Math.min(stream.columns || 80, MOST_COLUMNS), rows: Math.min(stream.rows || 24, MOST_ROWS) };
}
