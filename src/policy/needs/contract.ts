import type { ActorClass, Level, Stage } from "../../events/vocabulary.ts";

/** Parts of an event that not every level keeps. */
export type EventPart = "requestObject" | "responseObject" | "webhookPatches";

/**
 * Events that something lives on. What answers from the log declares it, so that a policy can be asked what would be lost
 * with it: limits are AND-ed, absent ones don't limit.
 */
export interface Need {
  readonly verbs?: readonly string[];
  /** As the `resource` dimension spells them: `pods/exec`, `events.events.k8s.io`. */
  readonly resources?: readonly string[];
  readonly exceptResources?: readonly string[];
  /** Only requests for resources, or only those for other URLs. */
  readonly on?: "resources" | "urls";
  readonly actors?: readonly ActorClass[];
  /** Status codes from … to, both included. */
  readonly codes?: readonly [number, number];
  /** Only requests made by impersonation. */
  readonly impersonated?: true;
  /** Only events that have it. */
  readonly part?: EventPart;
  /** The event serves only when it is one of these. */
  readonly stages: readonly Stage[];
  /** The least level that keeps what is needed. */
  readonly level: Level;
}

/** Something that is asked of a log: a command, a pane, a finding. */
export interface Feature {
  /** Stable, unique. */
  readonly id: string;
  /** What it is called in a list of losses; "of" what or whom follows, where there is one for each. */
  readonly title: string;
  /** Absent: one for all. */
  readonly per?: "resource" | "who";
  /** Any of them feeds it. */
  readonly needs: readonly Need[];
}

/** One request, told by what its events and its row have in common. `received`: as isoTime writes it. */
export function requestMark(received: string, verb: string, target: string): string {
  return `${received} ${verb} ${target}`;
}

/** What a log was found to tell, by the requests it was found in: it needs their ends at a level. */
export interface Found {
  /** Shared by all of a kind. */
  readonly feature: string;
  readonly title: string;
  readonly subject: string;
  /** In a list of losses. */
  readonly what: string;
  readonly level: Level;
  /** See requestMark. */
  readonly requests: readonly string[];
}
