import { isoTime } from "../../events/time.ts";
import type { RequestIndex } from "../../index/contract.ts";
import type { MaskCache } from "../filter-plan.ts";
import { quote } from "../print-filter.ts";
import type { Pauses } from "../scan.ts";
import type { Restart, RestartEvidence, RestartEvidenceKind } from "./contract.ts";
import { scanOf } from "./scan-of.ts";
import { LEASE_GIVEN_BACK, NOT_ENDED, READY, SIGNS, WATCHES } from "./signs.ts";
import type { Start } from "./starts.ts";

/** Looked at behind a start, and before the break. */
const AFTER_US = 15e6;
const READY_US = 300e6;
const SHUTDOWN_US = 120e6;
/** Fewer watches in 15 s are nothing that a start explains. */
const WAVE = 10;

interface Question {
  readonly kind: RestartEvidenceKind;
  readonly what: string;
  readonly term: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** Fewer are no evidence. */
  readonly least?: number;
}

/**
 * A start with what speaks for it, each counted by the terms that select it. `before`: the last one of the same API server
 * whose break is known; `after`: the next one.
 */
export function* restartOf(
  index: RequestIndex,
  masks: MaskCache,
  start: Start,
  before: Start | undefined,
  after: Start | undefined,
): Pauses<Restart> {
  const { apiserver, fromUs, toUs, confidence } = start;
  const isWhole = !Number.isNaN(fromUs);
  const untilUs =
    after === undefined ? Number.POSITIVE_INFINITY : Number.isNaN(after.fromUs) ? after.toUs : after.fromUs + 1;
  const evidence: RestartEvidence[] = isWhole ? [silenceOf(start)] : [];
  for (const question of questionsOf(start, before)) {
    const window = { fromUs: question.fromUs, toUs: Math.min(untilUs, question.toUs) };
    const { requests, firstUs, lastUs } = yield* counted(index, masks, question.term, window, apiserver);
    if (requests < (question.least ?? 1)) continue;
    evidence.push({
      kind: question.kind,
      what: question.what,
      requests,
      query: queryOf(index, question.term, window, apiserver),
      from: isoTime(firstUs) ?? "",
      to: isoTime(lastUs) ?? "",
    });
  }
  const ready = yield* counted(
    index,
    masks,
    READY,
    { fromUs: toUs, toUs: Math.min(untilUs, toUs + READY_US) },
    apiserver,
  );
  const has = (kind: RestartEvidenceKind): boolean => evidence.some((item) => item.kind === kind);
  const cutOff = evidence.find(({ kind }) => kind === "cut-off")?.requests ?? 0;
  return {
    apiserver,
    from: isWhole ? isoTime(fromUs) : null,
    to: isoTime(toUs) ?? "",
    seconds: isWhole ? (toUs - fromUs) / 1e6 : null,
    ready: ready.requests === 0 ? null : isoTime(ready.firstUs),
    ended: has("shutdown") ? "shutdown" : has("stale-lease") || cutOff > 0 ? "killed" : null,
    confidence,
    cutOff,
    evidence,
  };
}

function silenceOf({ fromUs, toUs }: Start): RestartEvidence {
  const [from, to] = [isoTime(fromUs) ?? "", isoTime(toUs) ?? ""];
  return { kind: "silence", what: "nothing was received", requests: 0, query: null, from, to };
}

function questionsOf({ fromUs, toUs }: Start, before: Start | undefined): readonly Question[] {
  const ofBefore: readonly Question[] = Number.isNaN(fromUs)
    ? []
    : [
        {
          kind: "cut-off",
          what: "in flight at the break and never answered",
          term: NOT_ENDED,
          fromUs: before?.toUs ?? Number.NEGATIVE_INFINITY,
          toUs,
        },
        {
          kind: "shutdown",
          what: "gave its lease back before the break, as a process does that is asked to end",
          term: LEASE_GIVEN_BACK,
          fromUs: fromUs - SHUTDOWN_US,
          toUs,
        },
      ];
  return [
    ...ofBefore,
    {
      kind: "stale-lease",
      what: "took away a lease that had not been given back",
      term: LEASE_GIVEN_BACK,
      fromUs: toUs,
      toUs: toUs + AFTER_US,
    },
    {
      kind: "bootstrap",
      what: "of a new process: its informers, the roles and priority classes that come with it, its lease",
      term: SIGNS.bootstrap,
      fromUs: toUs,
      toUs: toUs + AFTER_US,
    },
    {
      kind: "startup",
      what: "answered before it was ready, by its own annotation",
      term: SIGNS.startup,
      fromUs: toUs,
      toUs: toUs + AFTER_US,
    },
    {
      kind: "not-ready",
      what: "asked whether it is ready or alive, and it was not",
      term: SIGNS.notReady,
      fromUs: toUs,
      toUs: toUs + AFTER_US,
    },
    {
      kind: "refused",
      what: "of the cluster's own clients refused with 403 before RBAC was loaded",
      term: SIGNS.refused,
      fromUs: toUs,
      toUs: toUs + AFTER_US,
    },
    {
      kind: "watch-wave",
      what: "watches opened anew",
      term: WATCHES,
      fromUs: toUs,
      toUs: toUs + AFTER_US,
      least: WAVE,
    },
  ];
}

interface Counted {
  readonly requests: number;
  readonly firstUs: number;
  readonly lastUs: number;
}

function* counted(
  index: RequestIndex,
  masks: MaskCache,
  term: string,
  window: { readonly fromUs: number; readonly toUs: number },
  apiserver: string,
): Pauses<Counted> {
  const scan = scanOf(index, masks, `${term} ${ofServer(index, apiserver)}`, window);
  let requests = 0;
  let firstUs = Number.POSITIVE_INFINITY;
  let lastUs = Number.NEGATIVE_INFINITY;
  yield* scan.all((block, { rows, count }) => {
    requests += count;
    for (let i = 0; i < count; i++) {
      const us = block.receivedUs(rows[i] as number);
      if (us < firstUs) firstUs = us;
      if (us > lastUs) lastUs = us;
    }
  });
  return { requests, firstUs, lastUs };
}

function ofServer({ sources }: RequestIndex, apiserver: string): string {
  return sources.every((source) => source.apiserver === apiserver) ? "" : `apiserver:${quote(apiserver)}`;
}

function queryOf(
  index: RequestIndex,
  term: string,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
  apiserver: string,
): string {
  const [since, until] = [isoTime(fromUs), isoTime(toUs)];
  return [
    term,
    ofServer(index, apiserver),
    since === null ? "" : `since:${since}`,
    until === null ? "" : `until:${until}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}
