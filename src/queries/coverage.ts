/** What a log holds of each question that it may be asked: facts; `panes/coverage/` says what follows. */
import type { Level } from "../events/vocabulary.ts";
import type { Continuity } from "./continuity/contract.ts";
import type { GroupResult, GroupRow } from "./contract.ts";

export type LevelCounts = Readonly<Partial<Record<Level | "", number>>>;

export interface ServerCoverage {
  /** "" where the inputs do not tell. */
  readonly apiserver: string;
  readonly requests: number;
  /** RFC 3339; "" when none has a time. */
  readonly from: string;
  readonly to: string;
}

/** Requests for one kind, its subresources included; "" are those for paths. */
export interface KindCoverage {
  readonly resource: string;
  /** get, list, watch */
  readonly reads: LevelCounts;
  readonly writes: LevelCounts;
}

/** Requests that tell something. */
export const SIGNS = {
  /** The one stage they have may be left out by a policy. */
  failedLogins: "code:401",
  /** The authorizer's reason is there. */
  reasons: '-authreason:""',
  noUser: 'user:"" -code:401',
  layers: "annotation:apiserver.latency.k8s.io/*=*",
  cutBodies: "annotation:audit.k8s.io/truncated=true",
  kubelets: "actor:node",
  controllers: "actor:controller,scheduler",
} as const;
export type Sign = keyof typeof SIGNS;

export interface Coverage extends Continuity {
  readonly requests: number;
  readonly span: GroupResult["span"];
  /** Most requests first. */
  readonly servers: readonly ServerCoverage[];
  readonly kinds: readonly KindCoverage[];
  /** Requests for kinds that are too many to be told one by one. */
  readonly otherKinds: number;
  readonly signs: Readonly<Record<Sign, number>>;
  /** Events by stage. */
  readonly stages: Readonly<Record<string, number>>;
  readonly events: number;
  readonly inFlight: number;
  readonly cutOff: number;
  readonly evicted: number;
  readonly isOverflowing: boolean;
  readonly clocks: readonly {
    readonly apiserver: string;
    readonly of: string;
    readonly aheadMs: number;
    readonly plusMinusMs: number;
  }[];
  readonly inputs: readonly InputCoverage[];
}

export interface InputCoverage {
  readonly path: string;
  readonly events: number;
  /** Lines that are no events, by kind; duplicates are events that came before. */
  readonly skipped: Readonly<Record<"foreign" | "bad" | "truncated" | "fragment" | "duplicate", number>>;
  /** Why it could not be read to its end, and what is known to be missing: a sentence each. */
  readonly faults: readonly string[];
}

const READS: ReadonlySet<string> = new Set(["get", "list", "watch"]);
const MOST_KINDS = 300;

/** Of groups by resource, verb and level. */
export function kindsOf(rows: readonly GroupRow[]): { kinds: readonly KindCoverage[]; others: number } {
  const kinds = new Map<
    string,
    { resource: string; reads: Partial<Record<Level | "", number>>; writes: Partial<Record<Level | "", number>> }
  >();
  let others = 0;
  for (const { key, requests } of rows) {
    const resource = (key["resource"] ?? "").split("/", 1)[0] ?? "";
    let kind = kinds.get(resource);
    if (kind === undefined) {
      if (kinds.size >= MOST_KINDS) {
        others += requests;
        continue;
      }
      kind = { resource, reads: {}, writes: {} };
      kinds.set(resource, kind);
    }
    const counts = READS.has(key["verb"] ?? "") ? kind.reads : kind.writes;
    const level = (key["level"] ?? "") as Level | "";
    counts[level] = (counts[level] ?? 0) + requests;
  }
  return { kinds: [...kinds.values()], others };
}
