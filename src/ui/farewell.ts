import type { Engine } from "../engine/contract.ts";
import { count } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { Ending } from "./terminal/lifecycle.ts";

/** The one line that stays in the terminal. */
export function farewell(
  ending: Ending,
  engine: Engine,
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
    `${count(requestsSeen)} requests from ${count(inputs.length)} ${inputs.length === 1 ? "input" : "inputs"}`,
    ...(requestsEvicted > 0 ? [`${count(requestsEvicted)} evicted`] : []),
    ...(bad > 0 ? [`${count(bad)} bad lines`] : []),
    ...(truncated > 0 ? [`${count(truncated)} cut lines`] : []),
  ];
  stdout.write(`ktrail: ${parts.join(", ")}\n`);
}
