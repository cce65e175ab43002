import { createEngine, createStoreEngine } from "../../engine/create-engine.ts";
import type { FeedingEngine } from "../../engine/contract.ts";
import { isKtrailError, KtrailError } from "../../errors.ts";
import { maskEvent, maskText } from "../../masking/mask.ts";
import { answerTo, contextOf, emptiness } from "../asked.ts";
import type { Invocation } from "../contract.ts";
import { engineInputs } from "../engine-inputs.ts";
import { losses, refusals } from "../inputs.ts";
import { note, skippedNotes } from "../notes.ts";
import { storeOf } from "../store-source.ts";
import type { Answer } from "../output.ts";
import { fitted } from "./fit.ts";
import type { ToolBox } from "./contract.ts";

/** What an assistant is told: texts, the first of them JSON unless it is an error. */
export interface Told {
  readonly isError: boolean;
  readonly texts: readonly string[];
}

export interface Answering {
  /** Never rejects. */
  call(name: string, given: Readonly<Record<string, unknown>>): Promise<Told>;
  close(): Promise<void>;
}

/** Reads the inputs, or asks the store, and answers questions about them, however many. Throws KT100. */
export async function answering(invocation: Invocation, box: ToolBox): Promise<Answering> {
  if (invocation.inputs.includes("-"))
    throw new KtrailError("KT100", "ktrail mcp needs files or directories: stdin is what the assistant speaks over");
  const wishes = { ...engineInputs(invocation, false), format: invocation.options.format };
  const { store } = await storeOf(invocation);
  const engine = store === undefined ? createEngine(wishes) : await createStoreEngine({ ...wishes, store });
  engine.loaded().then(
    () => tellInputs(engine, invocation),
    () => undefined,
  );
  return {
    call: (name, given) => told(engine, invocation, () => box.invocationOf(name, given, invocation)),
    close: () => engine.close(),
  };
}

/** On stderr, where whoever set it up finds it. */
function tellInputs({ status }: FeedingEngine, invocation: Invocation): void {
  for (const text of [...refusals(status.inputs, invocation), ...losses(status.inputs), ...skippedNotes(status.inputs)])
    note(text);
}

async function told(engine: FeedingEngine, asked: Invocation, understand: () => Invocation): Promise<Told> {
  try {
    const invocation = understand();
    invocation.command.check?.(invocation.options);
    await engine.loaded();
    const { events, inputs } = engine.status;
    const refused = refusals(inputs, asked);
    if (events === 0 && inputs.length > 0 && refused.length === inputs.length)
      throw new KtrailError("KT200", "nothing could be read:", refused);
    const context = await contextOf(engine, invocation, { isTerminal: false, stop: new AbortController().signal });
    const { json, cuts } = fitted(maskEvent(await documentOf(await answerTo(context))));
    if (json === null)
      throw new KtrailError("KT100", "the answer is too large: narrow it by query, since, until, namespace or limit");
    return { isError: false, texts: [json, ...cuts, ...(await emptiness(context))] };
  } catch (error) {
    if (isKtrailError(error)) return failed([error.message, ...error.lines]);
    note("this is a fault of ktrail:", [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
    return failed(["this is a fault of ktrail; its stderr says more"]);
  }
}

function failed(lines: readonly string[]): Told {
  return { isError: true, texts: [maskText(lines.join("\n"))] };
}

/** What `-o json` prints. */
async function documentOf({ document, data }: Answer): Promise<unknown> {
  if (document !== undefined) return document;
  const records: unknown[] = [];
  for await (const batch of data.batches) for (const { record } of batch) records.push(record);
  return records;
}
