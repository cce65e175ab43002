import { clockNotes } from "../../lineage/clocks.ts";
import { type Dimension, type GroupResult, MATCH_ALL } from "../../queries/contract.ts";
import { kindsOf, type PartCoverage, partsOf, type Sign, SIGNS } from "../../queries/coverage.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

const MOST_GROUPS = 5_000;
/** Of an input without requests. */
const EMPTY: PartCoverage = { requests: 0, from: "", to: "", levels: {}, stages: {}, cutBodies: 0 };

export async function answerCoverage(
  desk: Desk,
  _ask: Asks["coverage"]["ask"],
  signal: AbortSignal,
): Promise<Asks["coverage"]["answer"]> {
  const { store, book, clocks } = desk;
  const groups = (by: readonly Dimension[], terms = ""): Promise<GroupResult> =>
    store.aggregate(
      {
        filter: terms === "" ? MATCH_ALL : parseQuery(terms),
        by,
        measures: ["requests", "firstSeen", "lastSeen"],
        limit: MOST_GROUPS,
      },
      signal,
    );
  const continuity = await desk.restarts.report(signal);
  const { stages, events, inFlight, cutOff, evicted, isOverflowing } = store.extent;
  const parts = async (by: "input" | "apiserver", rows: GroupResult): Promise<ReadonlyMap<string, PartCoverage>> =>
    partsOf(by, rows.rows, {
      level: (await groups([by, "level"])).rows,
      stage: (await groups([by, "stage"])).rows,
      cut: (await groups([by], SIGNS.cutBodies)).rows,
      short: (await groups([by], "long:false")).rows,
    });
  const byServer = await groups(["apiserver"]);
  const ofServers = await parts("apiserver", byServer);
  const ofInputs = await parts("input", await groups(["input"]));
  const serversOf = Map.groupBy((await groups(["input", "apiserver"])).rows, ({ key }) => key["input"] ?? "");
  const byKind = await groups(["resource", "verb", "level"]);
  const { kinds, others } = kindsOf(byKind.rows);
  const signs: Partial<Record<Sign, number>> = {};
  for (const [sign, terms] of Object.entries(SIGNS) as [Sign, string][])
    signs[sign] = (await groups([], terms)).requests;
  const told = byKind.rows.reduce((sum, { requests }) => sum + requests, 0);
  return {
    requests: byServer.requests,
    span: byServer.span,
    servers: [...ofServers].map(([apiserver, part]) => ({ apiserver, ...part })),
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
      servers: (serversOf.get(path) ?? []).map(({ key }) => key["apiserver"] ?? ""),
      ...(ofInputs.get(path) ?? EMPTY),
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
