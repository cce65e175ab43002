/**
 * What a person, or a program in somebody's hands, did in one go: discovery, a look before and after, and the deed itself. Who
 * opens an act wants to see all of it, and what is counted is what is opened.
 */
import type { RequestFacts } from "../events/request.ts";
import { isByHand } from "./actors.ts";
import type { FindingStore } from "./contract.ts";
import { byTerms, joined, windowTerms } from "./terms.ts";
import { quote } from "../queries/print-filter.ts";
import { objectOf } from "./words.ts";

/** What runs are looked for in. */
export type RunStore = Pick<FindingStore, "requestsOf">;

export interface Run {
  readonly terms: string;
  readonly requests: number;
}

/** A shorter pause is one of a program, or of a script between two. */
const PAUSE_US = 4e6;
/** Of a loop, so many times its own pace. */
const PACES = 2;
const LEAST_OF_LOOP = 3;
/** How far before and after the same object counts as the same act. */
const AROUND_US = 300e6;
/** A run that has more about other objects is about something else too: then it is none. */
const MOST_OTHERS = 12;
const MOST_OWN = 1_000;
const MOST_AROUND = 2_000;

/** The run around the requests that `terms` select; null when they are of several, of the cluster's own machinery, or of a run that is about much else. */
export async function runAround(store: RunStore, terms: string): Promise<Run | null> {
  const own = await store.requestsOf(terms, MOST_OWN);
  const [first] = own ?? [];
  if (
    own === null ||
    first === undefined ||
    !isOfHands(first) ||
    own.some(({ receivedUs }) => Number.isNaN(receivedUs))
  )
    return null;
  const who = whoTerms(first);
  if (own.some((facts) => whoTerms(facts) !== who)) return null;
  const [fromUs, toUs] = [first.receivedUs, own.at(-1)?.receivedUs ?? first.receivedUs];
  const around = await store.requestsOf(joined(who, windowTerms(fromUs - AROUND_US, toUs + AROUND_US)), MOST_AROUND);
  if (around === null) return null;
  const objects = new Set(own.map(objectOf).filter((object) => object !== ""));
  const seeds = new Set(own.map(({ seq }) => seq));
  const isAbout = (facts: RequestFacts): boolean => seeds.has(facts.seq) || objects.has(objectOf(facts));
  const isLoop = own.length >= LEAST_OF_LOOP;
  const pauseUs = Math.max(PAUSE_US, isLoop ? (PACES * (toUs - fromUs)) / (own.length - 1) : 0);
  let start = around.findIndex(isAbout);
  let end = around.findLastIndex(isAbout);
  if (start < 0) return null;
  const pauseBefore = (at: number): number => (around[at]?.receivedUs ?? 0) - (around[at - 1]?.receivedUs ?? 0);
  while (start > 0 && pauseBefore(start) <= pauseUs) start -= 1;
  while (end < around.length - 1 && pauseBefore(end + 1) <= pauseUs) end += 1;
  const run = around.slice(start, end + 1);
  const others = run.filter((facts) => facts.resource !== "" && !isAbout(facts)).length;
  const [begin, last] = [run[0], run.at(-1)];
  if (run.length <= own.length || others > MOST_OTHERS || begin === undefined || last === undefined) return null;
  return { terms: joined(who, windowTerms(begin.receivedUs, last.receivedUs)), requests: run.length };
}

function isOfHands({ actorClass, useragent }: RequestFacts): boolean {
  return actorClass === "human" || actorClass === "serviceaccount" || isByHand(useragent);
}

/** The same identity at the same address. */
function whoTerms(facts: RequestFacts): string {
  return facts.user === "system:anonymous" ? byTerms(facts) : joined(byTerms(facts), `ip:${quote(facts.ip)}`);
}
