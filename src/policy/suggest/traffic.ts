import { actorClassOf } from "../../events/actor-class.ts";
import type { RequestAttributes } from "../../events/request-attributes.ts";
import { LEVELS, type Level, type Stage } from "../../events/vocabulary.ts";
import type { AuditedEvent } from "../audited-event.ts";
import { RESOURCE_VERBS, URL_VERBS } from "../probe.ts";
import { noVolume, type Volume } from "../tally.ts";
import type { PolicyUser } from "../user.ts";
import { QUIET_URLS } from "./urls.ts";

/** Groups that suggested rules name. */
export const GROUPS = {
  authenticated: "system:authenticated",
  unauthenticated: "system:unauthenticated",
  nodes: "system:nodes",
  serviceAccounts: "system:serviceaccounts",
  kubeSystem: "system:serviceaccounts:kube-system",
} as const;
const NAMED_GROUPS: readonly string[] = Object.values(GROUPS);

/** Kinds of requests kept apart; later ones are one kind, of nothing in particular. */
const MOST_KINDS = 50_000;
const LONGEST_TARGET = 512;
/** Longer ones are no verb of anything. */
const LONGEST_VERB = 32;

const VERBS: ReadonlySet<string> = new Set([...RESOURCE_VERBS, ...URL_VERBS]);

/** Requests that no suggested rule tells apart, at one stage and recorded level. */
export interface Kind extends Volume {
  /** Controllers, scheduler and API servers by name; others by their groups only. */
  readonly user: PolicyUser | null;
  readonly attributes: RequestAttributes;
  /** `pods/status`; "" for a URL. */
  readonly target: string;
  readonly stage: Stage;
  readonly level: Level;
  /** Bytes of the events at each level, without managed fields. */
  readonly atLevel: Record<Level, number>;
  /** Answered with 401 or 403, and with success. */
  refused: number;
  succeeded: number;
}

/** What a log is made of, for a suggestion: everything that its rules could tell apart. Bounded. */
export class Traffic {
  readonly kinds = new Map<string, Kind>();
  readonly total = noVolume();
  /** The log has more kinds than are kept apart: figures are close, not exact. */
  isCapped = false;

  see(event: AuditedEvent): void {
    const { stage, level, bytes, code } = event;
    this.total.events += 1;
    this.total.bytes += bytes;
    const kind = this.kindOf(event, stage, level);
    kind.events += 1;
    kind.bytes += bytes;
    for (const each of LEVELS) kind.atLevel[each] += each === "None" ? 0 : event.keptBytes(each, true);
    if (code === 401 || code === 403) kind.refused += 1;
    else if (code !== null && code < 400) kind.succeeded += 1;
  }

  private kindOf(event: AuditedEvent, stage: Stage, level: Level): Kind {
    const { user: actual, attributes: exact, target: exactTarget } = event;
    const isApart = this.kinds.size < MOST_KINDS && exactTarget.length <= LONGEST_TARGET;
    const target = isApart ? exactTarget : coarse(exactTarget);
    const verb = VERBS.has(exact.verb) || (isApart && exact.verb.length <= LONGEST_VERB) ? exact.verb : "";
    const path = exact.isResourceRequest ? "" : quietPath(exact.path);
    const name = actual !== null && isApart && isControlPlane(actual.name) ? actual.name : "";
    const groups = (actual?.groups ?? []).filter((group) => NAMED_GROUPS.includes(group)).toSorted();
    const key = `${actual === null ? "-" : name} ${groups.join()} ${verb} ${target} ${path} ${stage} ${level}`;
    const known = this.kinds.get(key);
    if (known !== undefined) return known;
    if (!isApart) this.isCapped = true;
    const [resource = "", subresource = ""] = target.split("/", 2);
    const dot = resource.indexOf(".");
    const attributes: RequestAttributes = {
      isResourceRequest: exact.isResourceRequest,
      verb,
      path,
      apiGroup: dot < 0 ? "" : resource.slice(dot + 1),
      apiVersion: "",
      namespace: "",
      resource: dot < 0 ? resource : resource.slice(0, dot),
      subresource,
      name: "",
    };
    const kind: Kind = {
      user: actual === null ? null : { name, groups },
      attributes,
      target,
      stage,
      level,
      atLevel: { None: 0, Metadata: 0, Request: 0, RequestResponse: 0 },
      refused: 0,
      succeeded: 0,
      ...noVolume(),
    };
    this.kinds.set(key, kind);
    return kind;
  }
}

/** Controllers, the scheduler, API servers. */
export function isControlPlane(user: string): boolean {
  return ["controller", "scheduler", "apiserver"].includes(actorClassOf(user));
}

/** Of what comes too late to be kept apart. */
function coarse(target: string): string {
  return target === "" ? "" : target.endsWith("/status") ? "other.example.com/status" : "other.example.com";
}

/** Paths that no rule tells apart are one. */
function quietPath(path: string): string {
  const pattern = Object.values(QUIET_URLS)
    .flat()
    .find((url) => (url.endsWith("*") ? path.startsWith(url.slice(0, -1)) : path === url));
  return pattern === undefined ? "/other" : pattern.replace(/\*$/, "");
}
