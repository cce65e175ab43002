/** Detectors for which counts are enough: requests that are alike, by whom or about what, and how many. */
import type { Dimension, GroupRow } from "../queries/contract.ts";
import { termsForKey } from "../queries/filter-term.ts";
import type { AggregateDetector, Draft, FindingStore, Subject } from "./contract.ts";
import { joined } from "./terms.ts";

/** What is said of one group. */
export type Told = Pick<Draft, "title" | "detail"> & Partial<Pick<Draft, "severity" | "why" | "advice" | "attempt">>;

export interface RepeatedRule extends Omit<AggregateDetector, "kind" | "detect"> {
  /** Which requests, in the filter language. */
  readonly terms: string;
  readonly by: readonly Dimension[];
  /** Groups of fewer requests are passed over. */
  readonly least: number;
  /** Null: nothing to say. `own`: terms that select the group. */
  tell(group: Group): Told | null | Promise<Told | null>;
}

export interface Group {
  readonly key: Readonly<Record<string, string>>;
  readonly row: GroupRow;
  readonly own: string;
  readonly store: FindingStore;
  /** From the first to the last request. */
  readonly seconds: number;
}

/** Groups looked at, the greatest first. */
const MOST = 500;
const SUBJECTS = ["user", "ip", "useragent", "resource", "object", "namespace", "apiserver"] as const;

export function repeated({ terms, by, least, tell, ...description }: RepeatedRule): AggregateDetector {
  return {
    ...description,
    kind: "aggregate",
    async detect(store) {
      const rows = (await store.groups(terms, by)).filter(({ requests }) => requests >= least);
      return draftsOf(rows.slice(0, MOST), async (row) => {
        const own = joined(`(${terms})`, ...termsForKey(row.key));
        const seconds = (Date.parse(row.lastSeen) - Date.parse(row.firstSeen)) / 1e3;
        const told = await tell({ key: row.key, row, own, store, seconds });
        if (told === null) return null;
        return {
          severity: description.severity,
          ...told,
          subject: subjectOf(row.key),
          evidence: { terms: own, counted: row },
        };
      });
    },
  };
}

/** What is to be said of each. All are asked about at once: what is read from original events is then read in one pass. */
export async function draftsOf<T>(
  subjects: readonly T[],
  tell: (subject: T) => Promise<Draft | null>,
): Promise<readonly Draft[]> {
  return (await Promise.all(subjects.map(tell))).filter((draft) => draft !== null);
}

function subjectOf(key: Readonly<Record<string, string>>): Subject {
  return Object.fromEntries(
    SUBJECTS.flatMap((name) => {
      const value = key[name] ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
}

/** Messages read of a group. */
const MOST_MESSAGES = 100;
/** Of the messages read, those that must be alike: the filter opens all of the group. */
const LEAST_ALIKE = 0.9;

/** What `pattern` captured in the group's messages, the most frequent first; null unless nearly all are of its kind. */
export async function captured(
  { store, own }: Pick<Group, "store" | "own">,
  pattern: RegExp,
): Promise<readonly string[] | null> {
  const messages = await store.messages(own, MOST_MESSAGES);
  const counts = new Map<string, number>();
  let alike = 0;
  for (const message of messages) {
    const found = pattern.exec(message.slice(0, 2_000));
    if (found === null) continue;
    alike += 1;
    const name = found[1] ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (alike === 0 || alike < messages.length * LEAST_ALIKE) return null;
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}
