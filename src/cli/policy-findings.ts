import { foundInLog } from "../engine/policy-findings.ts";
import { isReadOnce } from "../files/read-once.ts";
import { maskText } from "../masking/mask.ts";
import type { Found } from "../policy/needs/contract.ts";
import type { Invocation } from "./contract.ts";
import { note } from "./notes.ts";
import { storeOf } from "./store-source.ts";
import { askWhole } from "./whole-engine.ts";

/** What is found in the inputs; nothing, and a note, where they can be read but once. */
export async function findingsOf(invocation: Invocation): Promise<readonly Found[]> {
  const { inputs } = invocation;
  const { store } = await storeOf(invocation);
  if (inputs.some(isReadOnce)) {
    note("which findings would be lost is not told of what can be read but once");
    return [];
  }
  const found = await askWhole({ inputs, store }, invocation, (engine) =>
    foundInLog((kind, ask) => engine.ask(kind, ask)),
  );
  return found.map((one) => ({ ...one, subject: maskText(one.subject), what: maskText(one.what) }));
}
