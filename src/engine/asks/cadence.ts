import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

export async function answerCadence(
  { store }: Desk,
  query: Asks["cadence"]["ask"],
  signal: AbortSignal,
): Promise<Asks["cadence"]["answer"]> {
  const { filter, window } = query;
  const whole = { filter, by: [], measures: [], ...(window === undefined ? {} : { window }) };
  const { span } = await store.aggregate(whole, signal);
  const us = { fromUs: Date.parse(span.from ?? "") * 1e3, toUs: Date.parse(span.to ?? "") * 1e3 };
  return { ...(await store.cadence(query, us, signal)), span };
}
