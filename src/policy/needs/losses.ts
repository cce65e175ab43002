import { actorClassOf } from "../../events/actor-class.ts";
import { isoTime } from "../../events/time.ts";
import { whoOf } from "../../events/who.ts";
import { LEVELS } from "../../events/vocabulary.ts";
import type { AuditedEvent } from "../audited-event.ts";
import type { Policy } from "../contract.ts";
import { type Decision, isWritten } from "../evaluate.ts";
import { type Feature, type Found, type Need, requestMark } from "./contract.ts";

/** Something that works with a log as it is, and less or no more under a policy. */
export interface Loss {
  readonly feature: string;
  /** Of the feature. */
  readonly title: string;
  /** Resource or identity; "" for the feature as a whole. */
  readonly subject: string;
  /** By name: "trail of pods". */
  readonly what: string;
  readonly why: string;
  /** What takes most of it away. */
  readonly because: string;
  /** Events it lives on in the log, and how many of them the policy would not keep as they are needed. */
  readonly has: number;
  readonly lost: number;
}

interface Lives {
  readonly feature: string;
  readonly title: string;
  readonly subject: string;
  readonly what: string;
  has: number;
  lost: number;
  /** By what takes them away. */
  readonly causes: Map<string, number>;
}

/** Strangers choose names: what comes later is told together. */
const MOST_SUBJECTS = 5_000;
const OTHERS = "other";
const LONGEST_SUBJECT = 256;

/** Collects what a policy takes away from those who ask the log. */
export class Losses {
  private readonly tests: readonly (readonly [Feature, (event: AuditedEvent) => number])[];
  private readonly policy: Policy;
  private readonly lives = new Map<string, Lives>();
  /** What was found in a request, by its mark. */
  private readonly found = new Map<string, (readonly [lives: Lives, level: number])[]>();

  constructor(policy: Policy, features: readonly Feature[], found: readonly Found[]) {
    this.policy = policy;
    this.tests = features.map((feature) => [feature, leastLevel(feature.needs)]);
    for (const [at, one] of found.entries()) {
      const lives = livesOf(one.feature, one.title, one.subject, one.what);
      this.lives.set(`${one.feature} ${String(at)}`, lives);
      for (const request of one.requests) {
        const those = this.found.get(request) ?? [];
        those.push([lives, LEVELS.indexOf(one.level)]);
        this.found.set(request, those);
      }
    }
  }

  see(event: AuditedEvent, decision: Decision): void {
    const isKept = isWritten(decision, event.stage);
    const kept = isKept ? LEVELS.indexOf(decision.level) : 0;
    const recorded = LEVELS.indexOf(event.level);
    const count = (lives: Lives, level: number): void => {
      // What the log does not have can't be lost.
      if (recorded < level) return;
      lives.has += 1;
      if (kept >= level) return;
      lives.lost += 1;
      const cause = this.causeOf(event, decision);
      lives.causes.set(cause, (lives.causes.get(cause) ?? 0) + 1);
    };
    for (const [feature, test] of this.tests) {
      const level = test(event);
      if (level !== 0 && recorded >= level) count(this.livesOf(feature, subjectOf(feature, event)), level);
    }
    if (this.found.size === 0 || event.stage === "RequestReceived") return;
    const mark = requestMark(micros(event.received), event.attributes.verb, event.target);
    for (const [lives, level] of this.found.get(mark) ?? []) count(lives, level);
  }

  /** What is lost wholly first, then by how much it was used. */
  list(): Loss[] {
    const losses = [...this.lives.values()].filter(({ lost }) => lost > 0).map(lossOf);
    const rank = ({ has, lost }: Loss): number => (lost === has ? 0 : 1);
    return losses.sort((a, b) => rank(a) - rank(b) || b.lost - a.lost || (a.what < b.what ? -1 : 1));
  }

  private livesOf(feature: Feature, subject: string): Lives {
    const named = this.lives.size < MOST_SUBJECTS ? subject : OTHERS;
    const key = `${feature.id} ${subject}`;
    const known = this.lives.get(key) ?? this.lives.get(`${feature.id} ${named}`);
    if (known !== undefined) return known;
    const what = named === "" ? feature.title : `${feature.title} of ${named}`;
    const lives = livesOf(feature.id, feature.title, named, what);
    this.lives.set(`${feature.id} ${named}`, lives);
    return lives;
  }

  private causeOf({ stage }: AuditedEvent, { rule, level, omitStages }: Decision): string {
    if (rule < 0) return "no rule matches";
    const line = this.policy.rules[rule]?.place.line;
    const where = `the rule in line ${String(line)}`;
    if (level === "None") return `${where} is None`;
    return omitStages.has(stage) ? `stage ${stage} is omitted` : `${where} keeps ${level}`;
  }
}

const IN_MICROSECONDS = /\.\d{6}Z$/;

function micros(time: string): string {
  return IN_MICROSECONDS.test(time) ? time : (isoTime(Date.parse(time) * 1_000) ?? "");
}

function livesOf(feature: string, title: string, subject: string, what: string): Lives {
  return { feature, title, subject, what, has: 0, lost: 0, causes: new Map() };
}

function lossOf({ feature, title, subject, what, has, lost, causes }: Lives): Loss {
  const because = [...causes].sort((a, b) => b[1] - a[1]).map(([cause]) => cause);
  const [first = "", ...more] = because;
  const others = more.length === 0 ? "" : `, and ${String(more.length)} more`;
  return {
    feature,
    title,
    subject,
    what,
    why: `${lostText(has, lost)}: ${first}${others}`,
    because: first,
    has,
    lost,
  };
}

function lostText(has: number, lost: number): string {
  if (has === 1) return "the only event it lives on is lost";
  return `${lost === has ? `all ${String(has)}` : `${String(lost)} of ${String(has)}`} events it lives on are lost`;
}

function subjectOf({ per }: Feature, { user, target }: AuditedEvent): string {
  if (per === undefined) return "";
  const subject = per === "resource" ? target : user === null ? "unauthenticated" : whoOf(user.name, "");
  return subject.length > LONGEST_SUBJECT ? `${subject.slice(0, LONGEST_SUBJECT)}…` : subject;
}

/** The lowest level (by its position) at which an event feeds one of the needs; 0 when it feeds none. */
function leastLevel(needs: readonly Need[]): (event: AuditedEvent) => number {
  const tests = needs.map((need) => [LEVELS.indexOf(need.level), needTest(need)] as const);
  return (event) =>
    tests.reduce((least, [level, test]) => {
      if (least !== 0 && level >= least) return least;
      return test(event) ? level : least;
    }, 0);
}

function needTest(need: Need): (event: AuditedEvent) => boolean {
  const { verbs, resources, exceptResources, on, actors, codes, impersonated, part, stages } = need;
  return (event) => {
    const { stage, target } = event;
    if (!stages.includes(stage)) return false;
    if (verbs !== undefined && !verbs.includes(event.attributes.verb)) return false;
    if (resources !== undefined && !resources.includes(target)) return false;
    if (exceptResources?.includes(target) === true) return false;
    if (on !== undefined && (on === "resources") !== event.attributes.isResourceRequest) return false;
    if (actors?.includes(actorClassOf(event.user?.name ?? "")) === false) return false;
    if (impersonated === true && !event.isImpersonated) return false;
    if (part !== undefined && !event.has(part)) return false;
    if (codes === undefined) return true;
    const { code } = event;
    return code !== null && code >= codes[0] && code <= codes[1];
  };
}
