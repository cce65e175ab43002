/** What a log holds of each question that it may be asked: facts; `panes/coverage/` says what follows. */
import type { Level } from "../events/vocabulary.ts";
import type { Continuity } from "./continuity/contract.ts";
import type { GroupResult, GroupRow } from "./contract.ts";

export type LevelCounts = Readonly<Partial<Record<Level | "", number>>>;

/** What some of the requests tell of. */
export interface PartCoverage {
  readonly requests: number;
  /** RFC 3339; "" when none has a time. Watches and the like began long before they were written: without them, if there are others. */
  readonly from: string;
  readonly to: string;
  /** Requests by the level they were logged at, and by the latest stage seen. */
  readonly levels: LevelCounts;
  readonly stages: Readonly<Record<string, number>>;
  /** Requests whose bodies the API server took out for their size. */
  readonly cutBodies: number;
}

export interface ServerCoverage extends PartCoverage {
  /** "" where the inputs do not tell. */
  readonly apiserver: string;
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

export interface InputCoverage extends PartCoverage {
  readonly path: string;
  /** API servers whose requests were read from it; "" where it does not tell. */
  readonly servers: readonly string[];
  readonly events: number;
  /** Lines that are no events, by kind; duplicates are events that came before. */
  readonly skipped: Readonly<Record<"foreign" | "bad" | "truncated" | "fragment" | "duplicate", number>>;
  /** Why it could not be read to its end, and what is known to be missing: a sentence each. */
  readonly faults: readonly string[];
}

const READS: ReadonlySet<string> = new Set(["get", "list", "watch"]);
const MOST_KINDS = 300;

/** The parts of a log by a dimension: of groups by it, by it and level, by it and stage, of cut bodies, and of what does not run long. */
export function partsOf(
  by: "input" | "apiserver",
  rows: readonly GroupRow[],
  tables: { readonly [K in "level" | "stage" | "cut" | "short"]: readonly GroupRow[] },
): ReadonlyMap<string, PartCoverage> {
  const byValue = (table: readonly GroupRow[]): ReadonlyMap<string, readonly GroupRow[]> =>
    Map.groupBy(table, ({ key }) => key[by] ?? "");
  const [levels, stages, cut, short] = [
    byValue(tables.level),
    byValue(tables.stage),
    byValue(tables.cut),
    byValue(tables.short),
  ];
  const counted = (own: readonly GroupRow[] = [], what: "level" | "stage"): Record<string, number> =>
    Object.fromEntries(own.map(({ key, requests }): [string, number] => [key[what] ?? "", requests]));
  return new Map(
    rows.map((row) => {
      const value = row.key[by] ?? "";
      const timed = short.get(value)?.[0] ?? row;
      return [
        value,
        {
          requests: row.requests,
          from: timed.firstSeen,
          to: timed.lastSeen,
          levels: counted(levels.get(value), "level"),
          stages: counted(stages.get(value), "stage"),
          cutBodies: cut.get(value)?.[0]?.requests ?? 0,
        },
      ];
    }),
  );
}

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
