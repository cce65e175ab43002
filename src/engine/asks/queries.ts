import { setImmediate as nextTurn } from "node:timers/promises";
import type { RequestFacts } from "../../events/request.ts";
import { extractAuditID, factsOf } from "../../index/facts.ts";
import { Overflow } from "../../index/overflow.ts";
import { selectionOfSide } from "../../queries/compare-query.ts";
import { MATCH_ALL, type Selection } from "../../queries/contract.ts";
import type { Steps } from "../../queries/scan.ts";
import { wholeFacts } from "../../queries/whole-facts.ts";
import type { Asks } from "../contract.ts";
import type { RowPlace } from "../raw-events.ts";
import type { Desk } from "./desk.ts";

/** A query gives way to reading and to newer questions after this long; a step takes up to 3 ms more. */
const SLICE_MS = 4;
/** What takes no longer has no partial answer: the first is to be on the screen within 16 ms. */
const FIRST_PARTIAL_MS = 10;
const PARTIAL_EVERY_MS = 200;

export async function answerGroups(
  desk: Desk,
  query: Asks["groups"]["ask"],
  signal: AbortSignal,
  onPartial?: (answer: Asks["groups"]["answer"]) => void,
): Promise<Asks["groups"]["answer"]> {
  return settled(desk, [query], signal, () => run(desk.queries.groups(query), signal, onPartial));
}

export async function answerCompare(
  desk: Desk,
  query: Asks["compare"]["ask"],
  signal: AbortSignal,
): Promise<Asks["compare"]["answer"]> {
  const sides = [selectionOfSide(query, query.a), selectionOfSide(query, query.b)];
  return settled(desk, sides, signal, () => run(desk.queries.compare(query), signal));
}

export async function answerSeries(
  desk: Desk,
  query: Asks["series"]["ask"],
  signal: AbortSignal,
  onPartial?: (answer: Asks["series"]["answer"]) => void,
): Promise<Asks["series"]["answer"]> {
  return settled(desk, [query], signal, () => run(desk.queries.series(query), signal, onPartial));
}

export async function answerRows(
  desk: Desk,
  query: Asks["rows"]["ask"],
  signal: AbortSignal,
): Promise<Asks["rows"]["answer"]> {
  const page = await settled(desk, [query], signal, () => run(desk.queries.rows(query), signal));
  const places = page.rows.map((seq) => desk.ring.locate(seq)).filter((place) => place !== null);
  const rows = places.map(({ block, row }) => factsOf(desk.ring, block, row));
  return { ...page, ...(await completed(desk, places, rows, query.auditIDs === true, signal)) };
}

export async function answerObjects(
  desk: Desk,
  { text, limit, filter = MATCH_ALL, window }: Asks["objects"]["ask"],
  signal: AbortSignal,
): Promise<Asks["objects"]["answer"]> {
  const selection = { filter, ...(window === undefined ? {} : { window }) };
  return settled(desk, [selection], signal, () => run(desk.directory.search(text, limit, selection), signal));
}

/**
 * auditIDs are not in the index, nor are names that did not fit in memory: they are read from the original events, one pass
 * over the inputs for all.
 */
async function completed(
  desk: Desk,
  places: readonly RowPlace[],
  rows: readonly RequestFacts[],
  auditIDs: boolean,
  signal: AbortSignal,
): Promise<Pick<Asks["rows"]["answer"], "rows" | "unreadable">> {
  const { ring } = desk;
  const overflow = ring.isOverflowing ? new Overflow(ring) : null;
  const isPart = places.map(({ block, row }) => overflow?.has(block, row) === true);
  const wanted = places.flatMap((_, at) => (auditIDs || isPart[at] === true ? [at] : []));
  const filled = [...rows];
  let missing = 0;
  let why = "";
  const asked = wanted.map((at) => places[at] as RowPlace);
  for await (const { index, event } of desk.events.readMany(asked, signal)) {
    if (!("bytes" in event)) {
      missing += 1;
      why = event.missing;
      continue;
    }
    const at = wanted[index] as number;
    const { bytes } = event;
    const facts = isPart[at] === true ? wholeFacts(filled[at] as RequestFacts, bytes) : (filled[at] as RequestFacts);
    filled[at] = { ...facts, auditID: auditIDs ? extractAuditID(bytes, 0, bytes.length) : "" };
  }
  return { rows: filled, ...(missing === 0 ? {} : { unreadable: { rows: missing, why } }) };
}

/** Rows that only their original events can decide (body: and the like) are decided before anything is counted. */
export function settle(desk: Desk, selection: Selection, signal: AbortSignal): Promise<void> {
  return desk.settling.settle(selection, signal);
}

/** The same for one query, without looking at every tuple first: whether it needs events shows while it runs. */
async function settled<T>(
  desk: Desk,
  selections: readonly Selection[],
  signal: AbortSignal,
  answer: () => Promise<T>,
): Promise<T> {
  const needsEvents = (): boolean => selections.some((selection) => desk.queries.needsEvents(selection));
  if (!needsEvents()) {
    const found = await answer();
    if (!needsEvents()) return found;
  }
  for (const selection of selections) await settle(desk, selection, signal);
  return answer();
}

export async function run<T>(steps: Steps<T>, signal: AbortSignal, onPartial?: (answer: T) => void): Promise<T> {
  const started = performance.now();
  let since = started;
  let tellAt = started + FIRST_PARTIAL_MS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    const now = performance.now();
    if (step.value !== undefined && onPartial !== undefined && now >= tellAt) {
      onPartial(step.value());
      tellAt = performance.now() + PARTIAL_EVERY_MS;
    }
    if (now - since < SLICE_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    since = performance.now();
  }
}
