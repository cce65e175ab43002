import { LEVELS } from "../events/vocabulary.ts";
import type { Change } from "./replay-changes.ts";
import type { ReplayResult } from "./replay.ts";
import type { Kept, KeptRow } from "./tally.ts";

/** `-o json` of a replay: the shapes scripts rely on. */
export function replayDocument(name: string, result: ReplayResult): object {
  const { kept, levels, rules, resources, users, stagesOmitted, lacking, truncated, unlogged, loses } = result;
  return {
    policy: name,
    events: { in: result.in.events, kept: kept.events },
    bytes: { in: result.in.bytes, kept: kept.bytes },
    levels: Object.fromEntries(LEVELS.map((level) => [level, levels[level].kept.events])),
    byLevel: LEVELS.map((level) => ({ level, ...keptDocument(levels[level]) })),
    rules: rules.map((row) => ({
      rule: row.rule,
      line: row.line,
      level: row.level,
      events: row.kept.events,
      bytes: row.kept.bytes,
      matched: row.in,
    })),
    byResource: resources.map((row) => ({ resource: row.key, ...keptDocument(row) })),
    byUser: users.map((row) => ({ user: row.key, ...keptDocument(row) })),
    stagesOmitted,
    lacking,
    truncated,
    unlogged,
    loses: loses.map(({ what, why, feature, subject, has, lost }) => ({ what, why, feature, subject, has, lost })),
  };
}

function keptDocument({ in: whole, kept }: Kept | KeptRow): object {
  return {
    events: { in: whole.events, kept: kept.events },
    bytes: { in: whole.bytes, kept: kept.bytes },
  };
}

export function changesDocument(changes: readonly Change[]): readonly object[] {
  return changes.map(({ a, b, events, example }) => ({ events, policy: a, against: b, example }));
}
