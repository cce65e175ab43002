import { factsOf } from "../../index/facts.ts";
import type { Filter, Selection } from "../../queries/contract.ts";
import { KubernetesEvents } from "../../queries/kubernetes-event.ts";
import type { Asks } from "../contract.ts";
import type { RowPlace } from "../raw-events.ts";
import type { Desk } from "./desk.ts";
import { newestWithin, parsedEvent } from "./newest-originals.ts";
import { run, settle } from "./queries.ts";

/** Events read between two looks at the rest of the world. */
const PART = 512;
/** Original events of one answer that the explorer may hold up the disk for. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Characters of a message that cross to the screen. */
const LONGEST_TEXT = 4_096;

/** Writes of Events that were not refused; reads and deletions say nothing about what happened. */
const WRITES: Filter = {
  op: "and",
  terms: [
    {
      op: "match",
      field: "resource",
      tests: ["events", "events.events.k8s.io"].map((text) => ({ kind: "literal", text })),
    },
    {
      op: "match",
      field: "verb",
      tests: ["create", "update", "patch"].map((text) => ({ kind: "literal", text })),
    },
    { op: "not", term: { op: "match", field: "code", tests: [{ kind: "compare", operator: ">=", value: 400 }] } },
  ],
};

type Answer = Asks["kubernetesEvents"]["answer"];

/** The last answer, for when the screen comes back to it and nothing has changed. */
const answered = new WeakMap<Desk, { readonly key: string; readonly revision: number; readonly answer: Answer }>();

/** Reads the newest `limit` matching writes again; the others are counted. */
export async function answerKubernetesEvents(
  desk: Desk,
  ask: Asks["kubernetesEvents"]["ask"],
  signal: AbortSignal,
): Promise<Answer> {
  const { ring } = desk;
  const key = JSON.stringify(ask);
  const known = answered.get(desk);
  if (known !== undefined && known.key === key && known.revision === ring.revision) return known.answer;
  const { revision } = ring;
  const filter: Filter = { op: "and", terms: [ask.filter, WRITES] };
  const selection: Selection = ask.window === undefined ? { filter } : { filter, window: ask.window };
  await settle(desk, selection, signal);
  const page = await run(
    desk.queries.rows({ ...selection, anchor: "newest", before: Math.max(0, ask.limit - 1), after: 1 }),
    signal,
  );
  const isBounded = Number.isFinite(ask.limit);
  const places = newestWithin(desk, page.rows, isBounded ? MOST_BYTES : Number.POSITIVE_INFINITY);
  const events = new KubernetesEvents(isBounded ? LONGEST_TEXT : Number.POSITIVE_INFINITY);
  for (let from = 0; from < places.length; from += PART) {
    await readPart(desk, places.slice(from, from + PART), events, signal);
    signal.throwIfAborted();
  }
  const answer: Answer = {
    requests: page.total,
    read: places.length,
    withoutBody: events.withoutBody,
    unreadable: events.unreadable,
    events: events.list(),
  };
  if (isBounded) answered.set(desk, { key, revision, answer });
  return answer;
}

async function readPart(
  { events: raw, ring }: Desk,
  places: readonly RowPlace[],
  events: KubernetesEvents,
  signal: AbortSignal,
): Promise<void> {
  for await (const { index, event } of raw.readMany(places, signal)) {
    const { block, row } = places[index] as RowPlace;
    const { seq, receivedUs, namespace, name, user } = factsOf(ring, block, row);
    events.add({
      seq,
      receivedUs,
      namespace,
      name,
      user,
      audit: "bytes" in event ? parsedEvent(event.bytes) : undefined,
    });
  }
}
