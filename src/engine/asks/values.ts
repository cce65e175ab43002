import { fieldNamed } from "../../events/fields.ts";
import type { Dimension, Filter, Selection } from "../../queries/contract.ts";
import { dimensionOf } from "../../queries/filter-term.ts";
import { type LogValue, nearestValues } from "../../queries/nearest-values.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

/** Values looked through for near ones. */
const LOOKED_THROUGH = 5_000;

/** Values a field has in the selected requests, most frequent first. None for fields without a dimension. */
export async function answerValues(
  desk: Desk,
  { field, key, text, limit, filter, window }: Asks["values"]["ask"],
  signal: AbortSignal,
): Promise<Asks["values"]["answer"]> {
  const inTime = window === undefined ? {} : { window };
  const wanted = text.toLowerCase();
  const holding = (values: readonly LogValue[]): LogValue[] =>
    values.filter(({ value }) => value.toLowerCase().includes(wanted)).slice(0, limit);
  if (fieldNamed(field)?.kind === "keyed" && key === undefined) {
    const keys = field === "annotation" ? await desk.store.annotationKeys(signal) : [];
    const found = holding(keys);
    return found.length > 0 ? found : nearestValues(text, keys, limit);
  }
  const holds: Filter = {
    op: "match",
    field,
    ...(key === undefined ? {} : { key }),
    tests: [{ kind: "contains", text }],
  };
  const isTested = text !== "" && fieldNamed(field)?.kind !== "code";
  const narrowed: Selection = { filter: isTested ? { op: "and", terms: [filter, holds] } : filter, ...inTime };
  const found = holding(await valuesOf(desk, field, narrowed, LOOKED_THROUGH, signal, key));
  if (found.length > 0 || text === "") return found;
  return nearestValues(text, await valuesOf(desk, field, { filter, ...inTime }, LOOKED_THROUGH, signal, key), limit);
}

/** The most frequent values of a field; "" is no value. */
export async function valuesOf(
  desk: Desk,
  field: string,
  selection: Selection,
  limit: number,
  signal: AbortSignal,
  key?: string,
): Promise<LogValue[]> {
  const dimension: Dimension | null = field === "annotation" ? `annotation:${key ?? ""}` : dimensionOf(field);
  if (dimension === null || desk.store.isUndecided(selection)) return [];
  const query = { ...selection, by: [dimension], limit: limit + 1, measures: ["requests"] } as const;
  const { rows } = await desk.store.aggregate(query, signal);
  return rows
    .map((row) => ({ value: row.key[dimension] ?? "", requests: row.requests }))
    .filter(({ value }) => value !== "")
    .slice(0, limit);
}
