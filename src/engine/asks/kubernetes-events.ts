import type { Filter, Selection } from "../../queries/contract.ts";
import { KubernetesEvents } from "../../queries/kubernetes-event.ts";
import type { Asks } from "../contract.ts";
import { newestWithin } from "../../store/newest-within.ts";
import type { Store } from "../../store/store.ts";
import { parsedEvent } from "../parsed-event.ts";
import type { Desk } from "./desk.ts";

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
const answered = new WeakMap<Store, { readonly key: string; readonly revision: number; readonly answer: Answer }>();

/** Reads the newest `limit` matching writes again; the others are counted. */
export async function answerKubernetesEvents(
  { store }: Desk,
  ask: Asks["kubernetesEvents"]["ask"],
  signal: AbortSignal,
): Promise<Answer> {
  const key = JSON.stringify(ask);
  const known = answered.get(store);
  if (known !== undefined && known.key === key && known.revision === store.extent.revision) return known.answer;
  const { revision } = store.extent;
  const filter: Filter = { op: "and", terms: [ask.filter, WRITES] };
  const selection: Selection = ask.window === undefined ? { filter } : { filter, window: ask.window };
  const newest = { ...selection, anchor: "newest", before: Math.max(0, ask.limit - 1), after: 1 } as const;
  const page = await store.ids(newest, signal);
  const isBounded = Number.isFinite(ask.limit);
  const ids = await newestWithin(store, page.rows, isBounded ? MOST_BYTES : Number.POSITIVE_INFINITY);
  const events = new KubernetesEvents(isBounded ? LONGEST_TEXT : Number.POSITIVE_INFINITY);
  for (let from = 0; from < ids.length; from += PART) {
    await readPart(store, ids.slice(from, from + PART), events, signal);
    signal.throwIfAborted();
  }
  const answer: Answer = {
    requests: page.total,
    read: ids.length,
    withoutBody: events.withoutBody,
    unreadable: events.unreadable,
    events: events.list(),
  };
  if (isBounded) answered.set(store, { key, revision, answer });
  return answer;
}

async function readPart(
  store: Store,
  ids: readonly number[],
  events: KubernetesEvents,
  signal: AbortSignal,
): Promise<void> {
  const facts = await store.facts(ids);
  for await (const { at, event } of store.originals(ids, signal)) {
    const known = facts[at];
    if (known === null || known === undefined) continue;
    const { seq, receivedUs, namespace, name, user } = known;
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
