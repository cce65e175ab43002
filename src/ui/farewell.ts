import type { Engine } from "../engine/contract.ts";
import { count, counted } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { Ending } from "./terminal/lifecycle.ts";

/** The one line that stays in the terminal. */
export function farewell(
  ending: Ending,
  engine: Engine,
  /** What became of the marks. */
  kept: string | null,
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
): void {
  if (ending.kind === "gone" || (ending.kind === "signal" && ending.signal === "SIGHUP")) return;
  if (ending.kind === "crash") {
    const { error } = ending;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(
      `ktrail: ${text
        .split("\n")
        .map((row) => safeText(row))
        .join("\n")}\n`,
    );
    return;
  }
  const { requestsSeen, inputs, bad, truncated, requestsEvicted } = engine.status;
  const parts = [
    `${counted(requestsSeen, "request")} from ${counted(inputs.length, "input")}`,
    ...(requestsEvicted > 0 ? [`${count(requestsEvicted)} evicted`] : []),
    ...(bad > 0 ? [counted(bad, "bad line")] : []),
    ...(truncated > 0 ? [counted(truncated, "cut line")] : []),
    ...(kept === null ? [] : [kept]),
  ];
  stdout.write(`ktrail: ${parts.join(", ")}\n`);
}
