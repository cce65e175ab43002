import { clockNotes } from "../../lineage/clocks.ts";
import { type Dimension, type GroupResult, MATCH_ALL } from "../../queries/contract.ts";
import { kindsOf, type Sign, SIGNS } from "../../queries/coverage.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

const MOST_GROUPS = 5_000;

export async function answerCoverage(
  desk: Desk,
  _ask: Asks["coverage"]["ask"],
  signal: AbortSignal,
): Promise<Asks["coverage"]["answer"]> {
  const { store, book, clocks } = desk;
  const groups = (by: readonly Dimension[], terms = ""): Promise<GroupResult> =>
    store.aggregate(
      { filter: terms === "" ? MATCH_ALL : parseQuery(terms), by, measures: ["requests"], limit: MOST_GROUPS },
      signal,
    );
  const continuity = await desk.restarts.report(signal);
  const { stages, events, inFlight, cutOff, evicted, isOverflowing } = store.extent;
  const byServer = await groups(["apiserver"]);
  const byKind = await groups(["resource", "verb", "level"]);
  const { kinds, others } = kindsOf(byKind.rows);
  const signs: Partial<Record<Sign, number>> = {};
  for (const [sign, terms] of Object.entries(SIGNS) as [Sign, string][])
    signs[sign] = (await groups([], terms)).requests;
  const told = byKind.rows.reduce((sum, { requests }) => sum + requests, 0);
  return {
    requests: byServer.requests,
    span: byServer.span,
    servers: byServer.rows.map(({ key, requests, firstSeen, lastSeen }) => ({
      apiserver: key["apiserver"] ?? "",
      requests,
      from: firstSeen,
      to: lastSeen,
    })),
    kinds,
    otherKinds: others + byKind.requests - told,
    signs: signs as Readonly<Record<Sign, number>>,
    stages,
    events,
    inFlight,
    cutOff,
    evicted,
    isOverflowing,
    clocks: clockNotes(clocks.skews()),
    inputs: book.reports().map(({ path, events, skipped, error, passedOver, lost }) => ({
      path,
      events,
      skipped,
      faults: [
        ...(error === null ? [] : [error]),
        ...(passedOver === null ? [] : [`passed over: ${passedOver}`]),
        ...lost,
      ],
    })),
    ...continuity,
  };
}
