import type { Engine } from "../engine/contract.ts";
import type { RequestFacts } from "../events/request.ts";
import { MATCH_ALL, type Filter, type Selection, type TimeWindow } from "../queries/contract.ts";
import { changes } from "./follow.ts";

const PAGE = 4_096;
/** Rows looked at again for answers that came late; requests still waiting behind them are asked for one by one. */
const REREAD = 8_192;

export interface FollowOptions {
  readonly limit: number;
  /** Also read the auditIDs of what is given. */
  readonly withIDs: boolean;
}

const WAITING: Filter = { op: "match", field: "stage", tests: [{ kind: "exact", text: "RequestReceived" }] };

/**
 * Requests of a growing log, each once, in the order of the log, as soon as they have an answer: a filter on the code, or
 * on anything else that only the answer tells, would miss them before. What still waits when the follow is stopped is
 * given as it is.
 */
export async function* followRequests(
  engine: Engine,
  selection: Selection,
  { limit, withIDs }: FollowOptions,
  stop: AbortSignal,
  reread = REREAD,
): AsyncGenerator<readonly RequestFacts[]> {
  const printed = new Set<number>();
  /** Waiting for an answer, and too far back to be looked at with the newest rows. */
  const late = new Map<number, RequestFacts>();
  /** All rows before it are printed, do not match, or are in `late`. What is filled in backwards has numbers below 0. */
  let low = 0;
  let left = limit;

  const take = (rows: readonly RequestFacts[]): readonly RequestFacts[] => {
    const batch = rows.filter(({ seq }) => !printed.has(seq)).slice(0, left);
    for (const { seq } of batch) printed.add(seq);
    left -= batch.length;
    return batch;
  };

  for await (const last of changes(engine, stop)) {
    // The order of these questions matters: what arrives between them has a number above `newest` and is seen next time.
    const newest = await newestSeq(engine);
    if (newest === null) continue;
    const waiting = last ? [] : await collect(pagesFrom(engine, { filter: WAITING }, 0));
    const next = Math.max(Math.min(waiting[0]?.seq ?? newest + 1, newest + 1), newest - reread, low);

    for await (const page of pagesFrom(engine, selection, low, withIDs)) {
      const batch = take(last ? page : page.filter(({ stage }) => stage !== "RequestReceived"));
      if (batch.length > 0) yield batch;
      if (left <= 0) return;
    }

    const still = new Set(waiting.map(({ seq }) => seq));
    const answered = [...late.values()].filter(({ seq }) => !still.has(seq));
    for (const { seq } of answered) late.delete(seq);
    const found: RequestFacts[] = [];
    for (const facts of answered) found.push(...(await askAgain(engine, selection, facts, withIDs)));
    const batch = take(found);
    if (batch.length > 0) yield batch;
    if (left <= 0) return;

    for (const facts of waiting) if (facts.seq < next && !printed.has(facts.seq)) late.set(facts.seq, facts);
    for (const seq of printed) if (seq < next) printed.delete(seq);
    low = next;
  }
}

async function newestSeq(engine: Engine): Promise<number | null> {
  const { rows } = await engine.ask("rows", {
    filter: MATCH_ALL,
    order: "arrival",
    anchor: "newest",
    before: 0,
    after: 1,
  });
  return rows.at(-1)?.seq ?? null;
}

/** Matching rows in the order of the log, from a row number on (null: the oldest kept). */
async function* pagesFrom(
  engine: Engine,
  selection: Selection,
  from: number | null,
  withIDs = false,
): AsyncGenerator<readonly RequestFacts[]> {
  let anchor: { seq: number } | "oldest" = from === null ? "oldest" : { seq: from };
  for (;;) {
    const { rows } = await engine.ask("rows", {
      ...selection,
      order: "arrival",
      auditIDs: withIDs,
      anchor,
      before: 0,
      after: PAGE,
    });
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    anchor = { seq: end.seq + 1 };
  }
}

async function collect(pages: AsyncIterable<readonly RequestFacts[]>): Promise<readonly RequestFacts[]> {
  const all: RequestFacts[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** The request as it is now, if it matches now: found by its time, since rows cannot be asked for by number. */
async function askAgain(
  engine: Engine,
  selection: Selection,
  facts: RequestFacts,
  withIDs: boolean,
): Promise<readonly RequestFacts[]> {
  if (Number.isNaN(facts.receivedUs)) return [facts];
  const window: TimeWindow = { fromUs: facts.receivedUs, toUs: facts.receivedUs + 1 };
  const { fromUs, toUs } = selection.window ?? {};
  if ((fromUs !== undefined && facts.receivedUs < fromUs) || (toUs !== undefined && facts.receivedUs >= toUs))
    return [];
  const pages = pagesFrom(engine, { filter: selection.filter, window }, null, withIDs);
  return (await collect(pages)).filter(({ seq }) => seq === facts.seq);
}
