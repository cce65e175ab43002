import { parseJson } from "../events/json.ts";
import type { WholeBody } from "./event.ts";
import { asObject, field, list, text, type JsonValue } from "./json.ts";
import type { Life } from "./lives.ts";

type Part = "replicas" | "template";

/** As many entries are looked at: a stranger may write more. */
const MAX_ENTRIES = 64;
const MAX_NAME = 128;
/** Times of managedFields are whole seconds. */
const SECOND_US = 1_000_000;

/**
 * What an object's own managedFields tell of who set its spec, or a part of it, last before a time: `its managedFields name
 * kubectl-scale (update of scale, 2026-11-21T10:00:00Z)`. A manager is no user and may be any text: never more than a hint.
 * "" where no body in the log has any.
 */
export function managerWords(life: Life, untilUs: number, part?: Part): string {
  const bodies = life.touches.flatMap(({ facts, timeUs }) =>
    facts?.body === undefined ? [] : [{ body: facts.body, isAfter: timeUs > untilUs }],
  );
  // The first one read afterwards knows who had written last by then, unless that was written over since.
  const [before, after] = [bodies.filter(({ isAfter }) => !isAfter), bodies.filter(({ isAfter }) => isAfter)];
  for (const { body } of [...after.slice(0, 1), ...before.toReversed()]) {
    const words = managerIn(body, untilUs, part);
    if (words !== "") return `its managedFields name ${words}`;
  }
  return "";
}

function managerIn(body: WholeBody, untilUs: number, part: Part | undefined): string {
  let found: { readonly us: number; readonly words: string } | null = null;
  for (const entry of list(field(parsed(body), "metadata"), "managedFields").slice(0, MAX_ENTRIES)) {
    const spec = field(entry, "fieldsV1", "f:spec");
    const us = Date.parse(text(entry, "time")) * 1_000;
    const manager = text(entry, "manager").slice(0, MAX_NAME);
    const isSet = asObject(spec) !== null && (part === undefined || field(spec, `f:${part}`) !== undefined);
    if (!isSet || manager === "" || !(us <= untilUs + SECOND_US) || us < (found?.us ?? 0)) continue;
    const sub = text(entry, "subresource").slice(0, MAX_NAME);
    const how = `${text(entry, "operation") === "Apply" ? "apply" : "update"}${sub === "" ? "" : ` of ${sub}`}`;
    found = { us, words: `${manager} (${how}, ${text(entry, "time")})` };
  }
  return found?.words ?? "";
}

function parsed(body: WholeBody): JsonValue {
  if (!Buffer.isBuffer(body)) return body;
  try {
    return parseJson(body.toString("utf8")) as JsonValue;
  } catch {
    return null;
  }
}
