/** Every error a user can see has a code and its home here. */
export class KtrailError extends Error {
  readonly code: ErrorCode;
  /** Exit code of the command line: 2 wrong usage, 3 an input could not be read, 4 a policy the API server refuses. */
  readonly exitCode: number;
  /** What is shown below the message, a line each: the filter with a mark under its mistake. */
  readonly lines: readonly string[];

  constructor(code: ErrorCode, message: string, lines: readonly string[] = []) {
    super(message);
    this.lines = lines;
    this.name = "KtrailError";
    this.code = code;
    this.exitCode = EXIT_CODES.get(code.slice(0, 3)) ?? 1;
  }
}

const EXIT_CODES: ReadonlyMap<string, number> = new Map([
  ["KT1", 2],
  ["KT2", 3],
  ["KT3", 4],
]);

/** By its name: each bundle of the program has this class for itself. */
export function isKtrailError(error: unknown): error is KtrailError {
  return error instanceof Error && error.name === "KtrailError";
}

export type ErrorCode =
  /** Wrong usage of a flag or command. */
  | "KT100"
  /** A filter that does not parse. */
  | "KT101"
  /** An object nobody in the log touched. */
  | "KT102"
  /** A config file, theme or saved view that was asked for and cannot be used. */
  | "KT103"
  /** An input that cannot be read. */
  | "KT200"
  /** An input that is no audit log. */
  | "KT201"
  /** An address that cannot be listened on, or a file that it takes cannot be read. */
  | "KT202"
  /** A store that does not answer, refuses a question, or cannot be used as it is. */
  | "KT203"
  /** An audit policy that the API server refuses. */
  | "KT300";
