import type { AccessRow } from "../../queries/accesses.ts";
import type { Filter, Selection } from "../../queries/contract.ts";
import { type Evidence, evidenceOf, eventsWanted } from "../../rbac/evidence.ts";
import { type Subject, userOf } from "../../rbac/subject.ts";
import type { Asks } from "../contract.ts";
import { parsedEvent } from "../parsed-event.ts";
import type { Desk } from "./desk.ts";

/** Events read again for one answer; their bytes. */
const MOST_EVENTS = 20_000;
const MOST_BYTES = 256 * 1024 * 1024;
/** Events read between two looks at the rest of the world. */
const PART = 512;

/** What was asked of the authorizer; with what only original events tell where that may matter. */
export async function answerAccesses(
  desk: Desk,
  ask: Asks["accesses"]["ask"],
  signal: AbortSignal,
): Promise<Asks["accesses"]["answer"]> {
  const options = { names: ask.names, seqsOf: ask.evidence ? eventsWanted : () => 0 };
  const { rows, unknown } = await desk.store.accesses(ofSubjects(ask), options, signal);
  const evidence = await readEvidence(desk, ask.evidence ? rows : [], signal);
  return {
    accesses: rows.map(({ seqs, ...row }, at) => ({
      ...row,
      seq: seqs.at(-1) ?? 0,
      evidence: [...(evidence.told.get(at)?.values() ?? [])],
    })),
    unread: evidence.unread,
    unknown,
  };
}

function ofSubjects({ filter, window, subjects }: Asks["accesses"]["ask"]): Selection {
  const selection: Selection = window === undefined ? { filter } : { filter, window };
  if (subjects.length === 0) return selection;
  return { ...selection, filter: { op: "and", terms: [filter, { op: "or", terms: subjects.flatMap(termsOf) }] } };
}

const IMPERSONATED: Filter = { op: "not", term: is("as", "") };

/** Requests as the subject, and in its own name as somebody else: the groups behind those are in the events only. */
function termsOf(subject: Subject): readonly Filter[] {
  const user = userOf(subject);
  return user === null ? [is("group", subject.name), IMPERSONATED] : [is("user", user), is("as", user)];
}

function is(field: string, text: string): Filter {
  return { op: "match", field, tests: [{ kind: "literal", text }] };
}

interface Told {
  /** By position of the entry; different events of one entry that say the same count once. */
  readonly told: ReadonlyMap<number, ReadonlyMap<string, Evidence>>;
  readonly unread: number;
}

async function readEvidence(desk: Desk, rows: readonly AccessRow[], signal: AbortSignal): Promise<Told> {
  const { ids, entries, left } = await wantedIds(desk, rows);
  const told = new Map<number, Map<string, Evidence>>();
  let unread = left;
  for (let from = 0; from < ids.length; from += PART) {
    for await (const { at, event } of desk.store.originals(ids.slice(from, from + PART), signal)) {
      const entry = entries[from + at] as number;
      const audit = "bytes" in event ? parsedEvent(event.bytes) : undefined;
      if (audit === undefined) {
        unread += 1;
        continue;
      }
      const evidence = evidenceOf(audit);
      const known = told.get(entry) ?? new Map<string, Evidence>();
      known.set(keyOf(evidence), evidence);
      told.set(entry, known);
    }
    signal.throwIfAborted();
  }
  return { told, unread };
}

function keyOf(evidence: Evidence): string {
  return JSON.stringify(evidence, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** The newest of each entry first, then the others, as long as the budget lasts; in the order of the log. */
async function wantedIds(
  { store }: Desk,
  rows: readonly AccessRow[],
): Promise<{ readonly ids: readonly number[]; readonly entries: readonly number[]; readonly left: number }> {
  const wanted: { readonly seq: number; readonly entry: number; readonly rank: number }[] = [];
  rows.forEach((row, entry) => {
    const count = Math.min(row.seqs.length, eventsWanted(row));
    for (let rank = 0; rank < count; rank++) wanted.push({ seq: row.seqs.at(-1 - rank) ?? 0, entry, rank });
  });
  wanted.sort((a, b) => a.rank - b.rank || a.seq - b.seq);
  const first = wanted.slice(0, MOST_EVENTS);
  const sizes = await store.bytesOf(first.map(({ seq }) => seq));
  const chosen: { readonly seq: number; readonly entry: number }[] = [];
  let bytes = 0;
  for (const [at, { seq, entry }] of first.entries()) {
    const size = sizes[at] ?? null;
    if (size === null) continue;
    bytes += size;
    if (bytes > MOST_BYTES) break;
    chosen.push({ seq, entry });
  }
  chosen.sort((a, b) => a.seq - b.seq);
  return {
    ids: chosen.map(({ seq }) => seq),
    entries: chosen.map(({ entry }) => entry),
    left: wanted.length - chosen.length,
  };
}
