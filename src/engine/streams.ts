import { commandNames } from "../bytes/apiserver-name.ts";
import { commandSource } from "../bytes/command-source.ts";
import type { ByteSource, ResolvedInput } from "../bytes/contract.ts";
import { pipeSource } from "../bytes/stdin-source.ts";
import type { EngineOptions } from "./contract.ts";
import { refusalOf } from "./record-intake.ts";

/** What is read once, as it comes, and whose it is as far as that is known before. */
export interface Stream {
  readonly source: ByteSource;
  readonly apiserver: string;
}

export function pipesOf(inputs: readonly ResolvedInput[]): readonly Stream[] {
  return inputs.flatMap((input) =>
    input.kind === "stream" ? [{ source: pipeSource(input.path, refusalOf), apiserver: "" }] : [],
  );
}

/** While somebody watches, a command that fails is started again; followed, also one that has ended. */
export function commandsOf(
  { commands = [], follow, capacity }: Pick<EngineOptions, "commands" | "follow" | "capacity">,
  onNote: (text: string) => void,
): readonly Stream[] {
  const restart = follow ? "always" : Number.isFinite(capacity) ? "failed" : "never";
  const names = commandNames(commands);
  return commands.map((command, at) => ({
    source: commandSource(command, { sniff: refusalOf, restart, onNote }),
    apiserver: names[at] ?? "",
  }));
}
