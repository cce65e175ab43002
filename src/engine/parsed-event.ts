import { parseJson } from "../events/json.ts";

const decoder = new TextDecoder();

/** undefined for what is no JSON. */
export function parsedEvent(bytes: Uint8Array): unknown {
  try {
    return parseJson(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
