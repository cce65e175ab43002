import type { ObjectState } from "../../engine/contract.ts";
import type { Tone } from "../../models/view.ts";

/** What came of the request, as a sentence. */
export function outcomeSentence(state: ObjectState): { readonly said: string; readonly tone: Tone } {
  const { outcome, code, verb, changes } = state;
  if (code !== null && code >= 400)
    return { said: `It was answered ${code} and changed nothing. What was sent is on the request card.`, tone: "warn" };
  if (outcome === "read") return { said: `A ${verb} reads: it changes nothing in the object.`, tone: "muted" };
  if (outcome === "created") return { said: "It created the object: there is no state before it.", tone: "good" };
  if (outcome === "deleted") return { said: "It removed the object.", tone: "danger" };
  if (outcome === "unchanged")
    return { said: "A write that changed nothing: the object was the same before and after.", tone: "warn" };
  if (outcome === "changed")
    return { said: `It changed ${changes.length === 1 ? "one field" : `${changes.length} fields`}.`, tone: "normal" };
  return { said: "What it changed cannot be told from this log.", tone: "warn" };
}

/** How far the states can be trusted; "" when both were read from the log. */
export function guessSentence({ guessed, verified, patch }: ObjectState): string {
  if (!guessed) return "";
  const how = patch === null ? "worked out from what was sent" : `worked out by applying the ${patch} patch`;
  if (verified === true) return `guessed: ${how}; the next full body in the log agrees`;
  if (verified === false) return `guessed: ${how}; the next full body in the log does NOT agree`;
  return `guessed: ${how}; no later body to check it with`;
}
