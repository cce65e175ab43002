import { CadenceVisitor } from "../../queries/cadence-query.ts";
import { visitMatching } from "../../queries/matching-runs.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { run, settle } from "./queries.ts";

export async function answerCadence(
  desk: Desk,
  query: Asks["cadence"]["ask"],
  signal: AbortSignal,
): Promise<Asks["cadence"]["answer"]> {
  const { queries, ring } = desk;
  await settle(desk, query, signal);
  const selection =
    query.window === undefined ? { filter: query.filter } : { filter: query.filter, window: query.window };
  const { span } = await run(queries.groups({ ...selection, by: [] }), signal);
  const us = { fromUs: Date.parse(span.from ?? "") * 1e3, toUs: Date.parse(span.to ?? "") * 1e3 };
  const result = await run(
    visitMatching(queries, ring, selection, () => new CadenceVisitor(query, us, queries.codes)),
    signal,
  );
  return { ...result, span };
}
