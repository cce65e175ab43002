import type { StoreExtent } from "../../store/store.ts";
import { hasTime, microsOf } from "../sql/columns.ts";
import { clusterSql, openSql, type RequestSource } from "../sql/source.ts";
import { SqlParams } from "../sql/params.ts";
import type { Session } from "./session.ts";

/** Requests that have not ended are named in every query up to this many. */
const MOST_NAMED = 50_000;
/** API servers and inputs are told apart up to so many. */
const MOST_SERVERS = 1_000;
const MOST_INPUTS = 1_000;
const ALL_TIME = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/** What was in the table when it was last looked at. */
export interface TableState {
  readonly source: RequestSource;
  readonly extent: StoreExtent;
  /** First and last time received; NaN when nothing has one. */
  readonly firstReceivedUs: number;
  readonly lastReceivedUs: number;
  readonly lastSeq: number;
  /** Of how many API servers events tell the name. */
  readonly apiservers: number;
  /** Where events were shipped from, by name; of very many the first. */
  readonly inputs: readonly { readonly path: string; readonly events: number; readonly bytes: number }[];
}

const NOTHING: StoreExtent = {
  revision: 0,
  events: 0,
  requests: 0,
  levels: {},
  stages: {},
  inFlight: 0,
  cutOff: 0,
  evicted: 0,
  isOverflowing: false,
  fromUs: Number.NaN,
  toUs: Number.NaN,
};

export function unread(table: string, cluster: string | null): TableState {
  return {
    source: { table, open: [], cluster },
    extent: NOTHING,
    firstReceivedUs: Number.NaN,
    lastReceivedUs: Number.NaN,
    lastSeq: -1,
    apiservers: 0,
    inputs: [],
  };
}

/** Looks at the table again; the same state when nothing has come. */
export async function readState(session: Session, before: TableState, signal: AbortSignal): Promise<TableState> {
  const { source } = before;
  const marks = new SqlParams();
  const where = clusterSql(source, marks);
  const [mark] = await session.rows(
    `SELECT count() AS events, max(seq) AS seq FROM ${source.table} WHERE ${where}`,
    marks,
    signal,
  );
  const [events, lastSeq] = [Number(mark?.["events"] ?? 0), Number(mark?.["seq"] ?? 0)];
  if (events === before.extent.events && (events === 0 || lastSeq === before.lastSeq)) return before;
  const params = new SqlParams();
  const received = microsOf("received");
  const staged = microsOf("stage_time");
  const kinds = await session.rows(
    `SELECT toString(stage) AS stage_name, toString(level) AS level_name, count() AS events, countIf(final) AS ended,` +
      ` minIf(${received}, ${hasTime("received")}) AS first, maxIf(${received}, ${hasTime("received")}) AS last,` +
      ` max(if(${staged} != 0, ${staged}, ${received})) AS end,` +
      ` groupUniqArrayIf(${MOST_SERVERS})(apiserver, apiserver != '') AS servers` +
      ` FROM ${source.table} WHERE ${clusterSql(source, params)} GROUP BY stage_name, level_name`,
    params,
    signal,
  );
  const unendedParams = new SqlParams();
  const [unended] = await session.rows(
    `SELECT count() AS requests, groupArray(${MOST_NAMED})(seq) AS named FROM (${openSql(source, ALL_TIME, unendedParams)})`,
    unendedParams,
    signal,
  );
  const inputParams = new SqlParams();
  const inputs = await session.rows(
    `SELECT input, count() AS events, sum(bytes) AS bytes FROM ${source.table}` +
      ` WHERE ${clusterSql(source, inputParams)} GROUP BY input ORDER BY input LIMIT ${MOST_INPUTS}`,
    inputParams,
    signal,
  );
  const inFlight = Number(unended?.["requests"] ?? 0);
  const named = (unended?.["named"] ?? []) as readonly unknown[];
  const sum = (of: string): number => kinds.reduce((total, kind) => total + Number(kind[of]), 0);
  const counts = (of: string): Record<string, number> => {
    const found: Record<string, number> = {};
    for (const kind of kinds) found[String(kind[of])] = (found[String(kind[of])] ?? 0) + Number(kind["events"]);
    return found;
  };
  const times = (of: string): number[] => kinds.map((kind) => Number(kind[of])).filter((us) => us !== 0);
  const least = (all: readonly number[]): number => (all.length === 0 ? Number.NaN : Math.min(...all));
  const most = (all: readonly number[]): number => (all.length === 0 ? Number.NaN : Math.max(...all));
  return {
    source: { ...source, open: inFlight > MOST_NAMED ? null : named.map(Number) },
    extent: {
      ...NOTHING,
      revision: before.extent.revision + 1,
      events: sum("events"),
      requests: sum("ended") + inFlight,
      levels: counts("level_name"),
      stages: counts("stage_name"),
      inFlight,
      fromUs: least(times("first")),
      toUs: most(times("end")),
    },
    firstReceivedUs: least(times("first")),
    lastReceivedUs: most(times("last")),
    lastSeq,
    inputs: inputs.map(({ input, events: own, bytes }) => ({
      path: String(input),
      events: Number(own),
      bytes: Number(bytes),
    })),
    apiservers: new Set(kinds.flatMap(({ servers }) => servers as readonly string[])).size,
  };
}

/** So many of the requests that have not ended never will. */
export function withCutOff(state: TableState, cutOff: number): TableState {
  const { extent } = state;
  const inFlight = extent.inFlight + extent.cutOff - cutOff;
  return { ...state, extent: { ...extent, inFlight, cutOff, revision: extent.revision + 1 } };
}
