/** One run of a command that answers from the original events: pass over them, answer, say what was wrong with the inputs. */
import type { EngineOptions } from "../engine/contract.ts";
import { createStoreEngine } from "../engine/create-engine.ts";
import { seeBytes } from "../engine/policy-reports.ts";
import { type PassedOriginal, passOriginals, type PassProgress } from "../engine/originals-pass.ts";
import type { InputReport } from "../ingest/contract.ts";
import type { Invocation } from "./contract.ts";
import { EXIT_UNREADABLE, losses, refusals } from "./inputs.ts";
import { note, skippedNotes } from "./notes.ts";
import type { Style } from "./output.ts";
import { showPassProgress } from "./progress.ts";
import { storeOf } from "./store-source.ts";
import type { Sink } from "./sink.ts";
import { WRITERS } from "./writers/registry.ts";

/** As passOriginals, over a store. Throws KT203. */
async function* passStore(
  store: NonNullable<EngineOptions["store"]>,
  see: (original: PassedOriginal) => void,
): AsyncGenerator<PassProgress, readonly InputReport[], void> {
  const engine = await createStoreEngine({ inputs: [], store });
  try {
    await engine.loaded();
    let seen = 0;
    for await (const { events, share } of engine.originals(new AbortController().signal)) {
      for (const { bytes, apiserver } of events)
        seeBytes(bytes, (original) => see({ ...original, input: 0, apiserver }));
      seen += events.length;
      yield { events: seen, share };
    }
    return engine.status.inputs;
  } finally {
    await engine.close();
  }
}

/** Runs to the end and returns the exit code. */
export async function runOriginals(invocation: Invocation, sink: Sink, style: Style): Promise<number> {
  const { command, options, inputs } = invocation;
  // Mistakes are told before gigabytes are read.
  command.check?.(options);
  const { store } = await storeOf(invocation);
  let reports: readonly InputReport[] = [];
  async function* pass(see: (original: PassedOriginal) => void): AsyncGenerator<void> {
    const progress = showPassProgress(style.ascii, options.loFi);
    const steps =
      store === undefined
        ? passOriginals({ inputs, format: options.format, signal: new AbortController().signal, see })
        : passStore(store, see);
    try {
      for (;;) {
        const { done, value } = await steps.next();
        if (done === true) {
          reports = value;
          return;
        }
        progress.show(value);
        yield;
      }
    } finally {
      progress.hide();
    }
  }
  const answer = await command.originals?.({ invocation, pass });
  const refused = (): readonly string[] => refusals(reports, invocation);
  // Nothing was read: an empty answer would look like an empty log.
  const isEmpty = reports.length > 0 && refused().length === reports.length;
  if (answer !== undefined && !isEmpty)
    await WRITERS[options.output ?? (answer.yaml === undefined ? "table" : "yaml")].write(answer, sink, style);
  const told = [...refused(), ...losses(reports)];
  for (const sentence of told) note(sentence);
  for (const text of skippedNotes(reports)) note(text);
  if (told.length > 0) return EXIT_UNREADABLE;
  return answer?.exitCode ?? 0;
}
