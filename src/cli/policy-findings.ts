import { createEngine } from "../engine/create-engine.ts";
import { foundInLog } from "../engine/policy-findings.ts";
import { isStream } from "../engine/policy-reports.ts";
import { maskText } from "../masking/mask.ts";
import type { Found } from "../policy/needs/contract.ts";
import type { Invocation } from "./contract.ts";
import { note } from "./notes.ts";

/** What is found in the inputs; nothing, and a note, where they can be read but once. */
export async function findingsOf({ inputs, options }: Invocation): Promise<readonly Found[]> {
  if (inputs.some(isStream)) {
    note("which findings would be lost is not told of what can be read but once");
    return [];
  }
  const engine = createEngine({
    inputs,
    format: options.format,
    timeZone: options.tz,
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  });
  try {
    await engine.loaded();
    const found = await foundInLog((kind, ask) => engine.ask(kind, ask));
    return found.map((one) => ({ ...one, subject: maskText(one.subject), what: maskText(one.what) }));
  } finally {
    await engine.close();
  }
}
