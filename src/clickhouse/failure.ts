import { ClickHouseError } from "@clickhouse/client";

/** What trying again does not mend: names, rights, types. The server's error codes. */
const HOPELESS: ReadonlySet<string> = new Set(
  [
    // UNKNOWN_IDENTIFIER, NO_SUCH_COLUMN_IN_TABLE, UNKNOWN_TYPE, UNKNOWN_TABLE, UNKNOWN_DATABASE, SYNTAX_ERROR, UNKNOWN_SETTING
    "47 16 50 60 81 62 115",
    // READONLY, ACCESS_DENIED, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED
    "164 497 192 193 194 516",
    // CANNOT_PARSE_*, TYPE_MISMATCH, INCORRECT_DATA
    "26 27 41 53 72 117",
  ].flatMap((codes) => codes.split(" ")),
);
const REFUSED: ReadonlySet<string> = new Set(["192", "193", "194", "516"]);
const MOST_REASON = 300;

export function isHopeless(error: unknown): boolean {
  return error instanceof ClickHouseError && HOPELESS.has(error.code);
}

/** Whether it is the server that says so. */
export function isAnswered(error: unknown): boolean {
  return error instanceof ClickHouseError;
}

/** Whether name or password were wrong. */
export function isRefused(error: unknown): boolean {
  return error instanceof ClickHouseError && REFUSED.has(error.code);
}

/** An error of the server or the network in one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof AggregateError ? error.errors.map(String).join("; ") : String(error);
  const [line = ""] = text.replace(/^\w*Error: /, "").split("\n");
  const code = error instanceof ClickHouseError ? `${error.type ?? "error"} ${error.code}: ` : "";
  return (code + line).slice(0, MOST_REASON);
}
