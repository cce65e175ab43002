import { kindOf, splitResource } from "../events/resource-names.ts";
import { LEVELS, type Level } from "../events/vocabulary.ts";
import type { TrailNode, TrailPhase, TrailResult, TrailStep } from "./contract.ts";
import { clockNotes } from "./clocks.ts";
import { diedWith } from "./died-with.ts";
import type { Families } from "./family.ts";
import type { Life } from "./lives.ts";
import { milestonesOf, nodeOfPod } from "./milestones.ts";
import { otherLives, type FoundObject } from "./object-text.ts";
import { outsideOf } from "./outside/lanes.ts";
import type { ObjectStore } from "./object-store.ts";
import { refusedChildren } from "./refused.ts";
import { podPhases, rolloutPhases } from "./phases.ts";
import { describeRollout, rolloutsOf } from "./rollouts.ts";
import { objectWords, ownerWords, stepsOf, type Step } from "./steps.ts";
import { deploymentOf } from "./sources.ts";
import { iso, isoOf } from "./times.ts";
import { byTime } from "./touch.ts";

/** A tree is for people: a namespace's worth of children is cut here, with a sentence. */
const MAX_NODES = 5_000;

/** The life of an object and of what it owns, and refused creates of children that so never got a name. */
export function trailOf(found: FoundObject, families: Families, store: ObjectStore, oldestSeq: number): TrailResult {
  const above = ownersOf(found.life, families);
  const below = treeOf(found.life, families);
  const lives = [...above.toReversed(), ...below];
  const known = new Set(lives);
  const steps = [...below.flatMap((life) => stepsOf(life)), ...refusedChildren(below, store)].sort((left, right) =>
    byTime(left.touch, right.touch),
  );
  const startUs = steps[0]?.touch.timeUs ?? 0;
  const rollouts = rolloutsOf(found.life, families);
  const phases: TrailPhase[] =
    found.life.record.resource === "pods"
      ? podPhases(found.life)
      : rollouts.flatMap((rollout, index) => rolloutPhases(rollout, index));
  const died = diedWith(found.life, families);
  const outside = outsideOf({ below, above, touches: steps.map(({ touch }) => touch) }, families);
  const records = [...new Set(below.map((life) => life.record))];
  return {
    object: objectWords(found.life),
    id: found.life.id,
    source: deploymentOf(found.life, above, families),
    ...(died === null ? {} : { died }),
    nodes: lives.map((life) => describeLife(life, families, known)),
    steps: steps.map((step) => describeStep(step, startUs, oldestSeq)),
    phases,
    evidence: {
      level: lowestLevel(below),
      missing: [...missingOf(found, below, families, store), ...outside.missing],
      ...clocksOf(store),
    },
    otherLives: otherLives(found).map((life) => ({
      id: life.id,
      created: isoOf(life.createdUs),
      deleted: isoOf(life.removal?.timeUs ?? life.goneUs),
    })),
    rollouts: rollouts.map((rollout) => describeRollout(rollout)),
    outside: outside.lanes.map((lane) => ({
      ...lane,
      steps: lane.steps.map((step) => describeStep(step, startUs, oldestSeq)),
    })),
    stepsDropped: records.reduce((sum, record) => sum + record.dropped, 0),
  };
}

/** Owner, owner's owner…; a loop of ownerReferences ends where it closes. */
export function ownersOf(life: Life, families: Families): Life[] {
  const chain: Life[] = [];
  for (let link = families.ownerOf(life); link !== null; link = families.ownerOf(link.owner)) {
    if (link.owner === life || chain.includes(link.owner)) break;
    chain.push(link.owner);
  }
  return chain;
}

export function treeOf(root: Life, families: Families): Life[] {
  const found = new Set([root]);
  const walk = (life: Life): void => {
    for (const child of families.childrenOf(life)) {
      if (found.size >= MAX_NODES || found.has(child) || !child.real) continue;
      found.add(child);
      walk(child);
    }
  };
  walk(root);
  return [...found];
}

function clocksOf({ skews }: ObjectStore): Pick<TrailResult["evidence"], "clocks"> {
  return skews.length === 0 ? {} : { clocks: clockNotes(skews) };
}

function describeLife(life: Life, families: Families, known: ReadonlySet<Life>): TrailNode {
  const { resource, namespace, name } = life.record;
  const [, group] = splitResource(resource);
  const link = families.ownerOf(life);
  const unseen = families.of(namespace).unseenOwnerOf(life);
  return {
    id: life.id,
    kind: kindOf(resource),
    group,
    namespace,
    name,
    uid: life.uid,
    incarnation: life.incarnation,
    lives: livesOf(life, families),
    owner:
      link === null || !known.has(link.owner)
        ? null
        : { id: link.owner.id, evidence: link.evidence, confidence: link.confidence },
    created: isoOf(life.createdUs),
    deleted: isoOf(life.removal?.timeUs ?? null),
    createdBy: life.create?.actor.user ?? null,
    deletedBy: life.removal?.actor.user ?? null,
    node: nodeOfPod(life),
    resource,
    gone: isoOf(life.goneUs),
    terminating: life.removal !== null && life.goneUs === null,
    ownerUnseen:
      unseen === null ? null : { kind: unseen.kind, apiVersion: unseen.apiVersion, name: unseen.name, uid: unseen.uid },
    milestones: resource === "pods" ? describeMilestones(life) : null,
  };
}

function livesOf({ record }: Life, families: Families): number {
  return families
    .of(record.namespace)
    .livesOf(record)
    .filter((life) => life.real).length;
}

function describeMilestones(life: Life): NonNullable<TrailNode["milestones"]> {
  const found = milestonesOf(life);
  return {
    created: isoOf(found.created),
    bound: isoOf(found.bound),
    accepted: isoOf(found.accepted),
    pulled: isoOf(found.pulled),
    started: isoOf(found.started),
    ready: isoOf(found.ready),
  };
}

function describeStep(step: Step, startUs: number, oldestSeq: number): TrailStep {
  const { touch } = step;
  const latencyUs = touch.stageUs - touch.timeUs;
  return {
    t: iso(touch.timeUs),
    atMs: (touch.timeUs - startUs) / 1_000,
    actor: touch.actor.user,
    actorClass: touch.actor.actorClass,
    verb: touch.verb,
    object: step.life.id,
    subresource: touch.subresource,
    code: touch.code,
    latencyMs: Number.isFinite(latencyUs) ? latencyUs / 1_000 : null,
    what: step.what,
    auditID: touch.auditID,
    seq: touch.seq < oldestSeq ? null : touch.seq,
    sort: step.sort,
    controller: touch.actor.controller,
  };
}

function lowestLevel(lives: readonly Life[]): string {
  let lowest: Level | null = null;
  for (const life of lives) {
    for (const touch of life.touches) {
      // Reads are often kept at Metadata level on purpose: they say nothing about what is known of the writes.
      if (touch.event !== null || touch.verb === "get" || touch.level === "") continue;
      if (lowest === null || LEVELS.indexOf(touch.level) < LEVELS.indexOf(lowest)) lowest = touch.level;
    }
  }
  return lowest ?? "unknown";
}

function missingOf(found: FoundObject, lives: readonly Life[], families: Families, store: ObjectStore): string[] {
  const missing: string[] = [];
  const poor = new Set<string>();
  for (const life of lives) {
    const link = families.ownerOf(life);
    if (link !== null && link.evidence !== "uid" && life !== found.life)
      poor.add(splitResource(life.record.resource)[0]);
  }
  if (poor.size > 0) {
    missing.push(`owners are told by name and actor: certainty needs Request level for ${[...poor].sort().join(", ")}`);
  }
  if (lives.some((life) => life.stitched)) {
    missing.push("some creates have no name in the log and were matched by time: needs RequestResponse level");
  }
  const root = found.life;
  if (root.create === null) {
    missing.push(`the create of ${objectWords(root)} is not in this log`);
  }
  const unseen = families.of(root.record.namespace).unseenOwnerOf(root);
  if (unseen !== null) missing.push(`its owner ${ownerWords(unseen)} has no request in this log`);
  if (store.forgotten > 0) {
    missing.push(`${String(store.forgotten)} objects that were removed long ago are not remembered any more`);
  }
  if (lives.length >= MAX_NODES) missing.push(`only the first ${String(MAX_NODES)} objects are shown`);
  if (found.alsoIn.length > 0) {
    missing.push(`the name is also in ${found.alsoIn.slice(0, 5).join(", ")}: tell the namespace to mean those`);
  }
  return missing;
}
