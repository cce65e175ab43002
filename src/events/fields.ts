import type { Field } from "./field.ts";
import { ANSWER_FIELDS } from "./fields/answer-fields.ts";
import { EVENT_FIELDS } from "./fields/event-fields.ts";
import { REQUESTER_FIELDS } from "./fields/requester-fields.ts";
import { TARGET_FIELDS } from "./fields/target-fields.ts";

/** In the order in which they are offered. */
const TABLE = [...REQUESTER_FIELDS, ...TARGET_FIELDS, ...ANSWER_FIELDS, ...EVENT_FIELDS] as const;

export const FIELDS: readonly Field[] = TABLE;
export type PlainDimension = Extract<(typeof TABLE)[number], { readonly dimension: object }>["dimension"]["id"];

const byName = new Map<string, Field>();
for (const field of FIELDS) for (const name of namesOf(field)) byName.set(name, field);

/** What filters may call it: its id first. */
export function namesOf({ id, aliases = [] }: Field): readonly string[] {
  return [id, ...aliases];
}

/** Field by id or alias, in any case. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name.toLowerCase());
}

/** Every name a field answers to. */
export function fieldNames(): readonly string[] {
  return [...byName.keys()];
}
