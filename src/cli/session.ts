/** One run of a headless command: read the inputs, answer, say what was wrong with them. */
import { createEngine } from "../engine/create-engine.ts";
import type { InputReport } from "../ingest/contract.ts";
import { overviewAnswer } from "./commands/overview.ts";
import type { Invocation } from "./contract.ts";
import { note, skippedNotes } from "./notes.ts";
import { DEFAULTS } from "./options.ts";
import { showProgress } from "./progress.ts";
import { selectionOf } from "./selection.ts";
import type { Sink } from "./sink.ts";
import type { Style } from "./output.ts";
import { WRITERS } from "./writers/registry.ts";

const EXIT_UNREADABLE = 3;

/** Runs to the end and returns the exit code. `stop` ends a follow in good order. */
export async function runHeadless(
  invocation: Invocation,
  sink: Sink,
  style: Style,
  stop: AbortSignal,
): Promise<number> {
  const { command, options } = invocation;
  // Mistakes in the filter are told before gigabytes are read.
  selectionOf(options, 0);
  const follows = options.follow && command.name !== "";
  const engine = createEngine(engineOptions(invocation, follows));
  try {
    const hideProgress = showProgress(engine, style.ascii);
    if (!follows) await engine.loaded();
    hideProgress();
    const base = follows ? Date.now() * 1_000 : Date.parse(engine.status.to ?? "") * 1_000;
    const context = { engine, invocation, selection: selectionOf(options, base), stop };
    const refused = engine.status.inputs.filter((input) => refusal(input, invocation) !== null);
    for (const input of refused) note(refusal(input, invocation) ?? "");
    // Nothing was read: an empty answer would look like an empty log.
    const nothing = !follows && refused.length > 0 && refused.length === engine.status.inputs.length;
    if (!nothing || command.name === "info") {
      const answer = await (command.answer ?? overviewAnswer)(context);
      await WRITERS[options.output ?? "table"].write(answer, sink, style);
    }
    for (const text of skippedNotes(engine.status.inputs)) note(text);
    return refused.length > 0 ? EXIT_UNREADABLE : 0;
  } finally {
    await engine.close();
  }
}

function engineOptions({ inputs, options }: Invocation, follows: boolean): Parameters<typeof createEngine>[0] {
  return {
    inputs,
    follow: follows,
    // A whole input is answered wholly; a follow has no end and keeps what the explorer would.
    capacity: follows ? (options.capacity ?? DEFAULTS.capacity) : Number.POSITIVE_INFINITY,
    rawBytes: options.memory,
    tailMs: options.tail ?? Number.POSITIVE_INFINITY,
    format: options.format,
  };
}

/** Why an input counts as unreadable, as a sentence; null when it is fine. What a directory passes over is fine. */
function refusal(input: InputReport, { inputs }: Invocation): string | null {
  if (input.error !== null) return input.error;
  if (input.passedOver !== null && inputs.includes(input.path)) return `${input.path}: ${input.passedOver}`;
  return null;
}
