/** One run of a headless command: read the inputs, answer, say what was wrong with them. */
import { createEngine, createStoreEngine, DEFAULT_CAPACITY, type EngineWishes } from "../engine/create-engine.ts";
import type { FeedingEngine } from "../engine/contract.ts";
import { omissibleTexts } from "../queries/omissible.ts";
import { answerTo, contextOf, emptiness } from "./asked.ts";
import { badAddressesOf } from "./bad-addresses.ts";
import { engineInputs } from "./engine-inputs.ts";
import type { Invocation } from "./contract.ts";
import { EXIT_UNREADABLE, losses, refusals } from "./inputs.ts";
import { note, overflowNote, skippedNotes } from "./notes.ts";
import type { Style } from "./output.ts";
import { showProgress } from "./progress.ts";
import { selectionOf } from "./selection.ts";
import { storeOf } from "./store-source.ts";
import type { Sink } from "./sink.ts";
import { WRITERS } from "./writers/registry.ts";

export { findingsAnswer } from "./findings/findings-answer.ts";
export { logValues } from "./completion/log-values.ts";
export { answering } from "./mcp/answers.ts";
export { lintAnswer } from "./policy-lint-answer.ts";
export { replayAnswer } from "./policy-replay-answer.ts";
export { suggestAnswer } from "./policy-suggest-answer.ts";
export { viewText } from "./view-text.ts";

/** Runs to the end and returns the exit code. `stop` ends a follow in good order. The engine of `open` is closed at the end. */
export async function runHeadless(
  invocation: Invocation,
  sink: Sink,
  style: Style,
  stop: AbortSignal,
  open: (wishes: EngineWishes) => FeedingEngine = createEngine,
): Promise<number> {
  const { command, options } = invocation;
  // Mistakes are told before gigabytes are read.
  const { filter } = selectionOf(options, 0);
  command.check?.(options);
  const follows = options.follow && command.name !== "";
  const dimensions = follows ? undefined : command.dimensions?.(options);
  const omits = dimensions === undefined ? [] : omissibleTexts(filter, dimensions);
  const wishes = { ...(await engineOptions(invocation, follows)), omits };
  const { store } = await storeOf(invocation);
  const engine = store === undefined ? open(wishes) : await createStoreEngine({ ...wishes, store });
  try {
    const told = new Set<string>();
    const tell = (sentences: readonly string[]): number => {
      for (const sentence of sentences) if (!told.has(sentence)) note(sentence);
      for (const sentence of sentences) told.add(sentence);
      return sentences.length;
    };
    const tellRefusals = (): number => tell(refusals(engine.status.inputs, invocation));
    const tellLosses = (): number => tell(losses(engine.status.inputs));
    engine.subscribe(({ store: asked }) => {
      if (asked !== null && asked.warning !== null) tell([asked.warning]);
    });
    const ended = new AbortController();
    let exitCode = 0;
    if (follows) {
      let noted: readonly string[] = [];
      engine.subscribe(({ failure, notes }) => {
        tellRefusals();
        tellLosses();
        for (const text of notes) if (!noted.includes(text)) note(text);
        noted = notes;
        if (failure !== null) ended.abort();
      });
      engine.loaded().then(
        () => {
          // What is piped in has an end, and so has the follow of it. Nothing comes of what is no log at all.
          const { inputs } = engine.status;
          if (inputs.every(({ state }) => state === "done") || tellRefusals() === inputs.length) ended.abort();
        },
        () => ended.abort(),
      );
    } else {
      const hideProgress = showProgress(engine, style.ascii, options.loFi);
      await engine.loaded().finally(hideProgress);
    }
    const context = await contextOf(engine, invocation, {
      isTerminal: sink.isTerminal,
      stop: AbortSignal.any([stop, ended.signal]),
    });
    // Nothing was read: an empty answer would look like an empty log.
    const { events, inputs } = engine.status;
    const isEmpty = !follows && events === 0 && inputs.length > 0 && tellRefusals() === inputs.length;
    if (!isEmpty || command.name === "info") {
      const answer = await answerTo(context);
      exitCode = answer.exitCode ?? 0;
      await WRITERS[options.output ?? (answer.yaml === undefined ? "table" : "yaml")].write(answer, sink, style);
      if (!follows) for (const text of await emptiness(context)) note(text);
    }
    for (const text of skippedNotes(engine.status.inputs)) note(text);
    if (engine.status.isOverflowing) {
      const { overflowed = 0, requests } = await engine.ask("info", {});
      note(overflowNote(overflowed, requests));
    }
    if (engine.status.failure !== null) throw new Error(engine.status.failure);
    if (tellRefusals() + tellLosses() > 0) return EXIT_UNREADABLE;
    return exitCode;
  } finally {
    await engine.close();
  }
}

async function engineOptions(invocation: Invocation, follows: boolean): Promise<EngineWishes> {
  const { command, operands, options } = invocation;
  return {
    ...engineInputs(invocation, false),
    follow: follows,
    // A whole input is answered wholly; a follow has no end and keeps what the explorer would.
    capacity: follows ? (options.capacity ?? DEFAULT_CAPACITY) : Number.POSITIVE_INFINITY,
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    tailMs: options.tail ?? Number.POSITIVE_INFINITY,
    format: options.format,
    timeZone: options.tz,
    knownBad: await badAddressesOf(options),
    ...(command.needsLineage === true
      ? { lineage: { namespace: options.namespace || null, object: operands["OBJECT"] ?? "" } }
      : {}),
  };
}
