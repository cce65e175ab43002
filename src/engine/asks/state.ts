import type { TrailStep } from "../../lineage/contract.ts";
import { text } from "../../lineage/json.ts";
import { diffOf, type StateDiff } from "../../lineage/state/history.ts";
import type { Asks, ObjectState } from "../contract.ts";
import type { Teller } from "../lineage-source.ts";
import type { Desk } from "./desk.ts";
import { changesObject, read, readAll, readBefore, type ReadRequest, storedAt } from "./object-history.ts";

/** Later requests looked at to verify a guess. */
const AFTER = 6;

/** What one request changed in its object, from the requests on the same life of it; null when the row is not kept. */
export async function answerState(
  desk: Desk,
  { seq, managedFields = false }: Asks["state"]["ask"],
  signal: AbortSignal,
): Promise<Asks["state"]["answer"]> {
  const own = await read(desk, seq);
  if (own === null) return null;
  const { facts } = own;
  const subject = {
    seq,
    auditID: own.auditID,
    verb: facts.verb,
    resource: facts.resource,
    subresource: facts.subresource,
    namespace: facts.namespace,
    name: facts.name === "" ? text(own.request.responseBody, "metadata", "name") : facts.name,
    user: facts.user,
    actorClass: facts.actorClass,
    code: facts.code,
    receivedUs: facts.receivedUs,
  };
  const answer = (diff: StateDiff): ObjectState => ({
    ...subject,
    ...diff,
    missing: own.missing === null ? diff.missing : [`the original event cannot be read: ${own.missing}`],
  });
  if (!changesObject(facts) || facts.resource === "") {
    const diff = diffOf([{ ...own.request, code: null }], 0);
    return { ...answer({ ...diff, missing: [] }), outcome: "read" };
  }
  const lives = await desk.lineage.current(own.facts.namespace || undefined, signal);
  const { before, after } = await neighbours(lives, own);
  const history = await readBefore(desk, before, signal);
  const following = await readAll(desk, after.slice(0, AFTER), signal);
  return answer(diffOf([...history, own.request, ...following], history.length, { managedFields }));
}

/** Rows of the writes on the same life of the object, around the one asked for, each in time order. */
async function neighbours(lives: Teller, own: ReadRequest): Promise<{ before: number[]; after: number[] }> {
  for await (const steps of livesOf(lives, own)) {
    const at = steps.findIndex((step) => step.seq === own.seq);
    if (at < 0) continue;
    const rows = (some: readonly TrailStep[]): number[] =>
      some.flatMap((step) => (step.seq === null || step.sort === "event" || !changesObject(step) ? [] : [step.seq]));
    return { before: rows(steps.slice(0, at)), after: rows(steps.slice(at + 1)) };
  }
  return { before: [], after: [] };
}

/** The object's own steps, life by life; the one with the uid of the answer first. */
async function* livesOf(lives: Teller, { facts, request }: ReadRequest): AsyncGenerator<readonly TrailStep[]> {
  const uid = text(request.responseBody, "metadata", "uid") || facts.uid;
  const name = facts.name === "" ? text(request.responseBody, "metadata", "name") : facts.name;
  const named = `${facts.resource}/${name}`;
  const first = (uid === "" ? null : await lives.trail(uid)) ?? (await lives.trail(named, facts.namespace));
  const ownSteps = (trail: NonNullable<typeof first>): readonly TrailStep[] => {
    const ids = new Set(
      trail.nodes.filter((node) => node.name === name && node.resource === facts.resource).map((node) => node.id),
    );
    return trail.steps
      .filter((step) => ids.has(step.object))
      .toSorted((left, right) => storedAt(left) - storedAt(right));
  };
  if (first === null) return;
  yield ownSteps(first);
  for (const life of first.otherLives) {
    const trail = await lives.trail(life.id);
    if (trail !== null) yield ownSteps(trail);
  }
}
