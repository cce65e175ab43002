import type { AnswerFor, AskKind, Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { rolesOf } from "../roles-file.ts";
import { answerAccesses } from "./accesses.ts";
import { answerBursts } from "./bursts.ts";
import { answerCadence } from "./cadence.ts";
import { answerChanges } from "./changes.ts";
import { answerCoverage } from "./coverage.ts";
import { answerExplain } from "./explain.ts";
import { answerInfo } from "./info.ts";
import { answerKubernetesEvents } from "./kubernetes-events.ts";
import { answerLatency } from "./latency.ts";
import { answerLogs } from "./logs.ts";
import { answerMessages } from "./messages.ts";
import { answerNeighbours } from "./neighbours.ts";
import { answerOriginals, answerRequest } from "./request.ts";
import { MATCH_ALL } from "../../queries/contract.ts";
import { answerState } from "./state.ts";
import { answerValues } from "./values.ts";
import { answerObject } from "./object.ts";
import { answerTrail, answerWhy } from "./trail.ts";

/** One answerer per question. Long ones look at the signal, let newer questions in between and may tell how far they are. */
export type Answerers = {
  [K in AskKind]: (
    desk: Desk,
    ask: Asks[K]["ask"],
    signal: AbortSignal,
    onPartial?: (answer: AnswerFor<K>) => void,
  ) => Promise<AnswerFor<K>>;
};

export const answerers: Answerers = {
  groups: ({ store }, query, signal, onPartial) => store.aggregate(query, signal, onPartial),
  compare: ({ store }, query, signal) => store.compare(query, signal),
  series: ({ store }, query, signal, onPartial) => store.series(query, signal, onPartial),
  rows: ({ store }, query, signal) => store.rows(query, signal),
  request: answerRequest,
  originals: answerOriginals,
  neighbours: answerNeighbours,
  objects: ({ store }, { filter = MATCH_ALL, ...query }, signal) => store.objects({ ...query, filter }, signal),
  trail: answerTrail,
  object: answerObject,
  why: answerWhy,
  state: answerState,
  changes: answerChanges,
  info: answerInfo,
  coverage: answerCoverage,
  continuity: (desk, _ask, signal) => desk.restarts.report(signal),
  latency: answerLatency,
  explain: answerExplain,
  values: answerValues,
  bursts: answerBursts,
  cadence: answerCadence,
  messages: answerMessages,
  kubernetesEvents: answerKubernetesEvents,
  accesses: answerAccesses,
  policy: ({ policies }, ask, signal, onPartial) => policies.report(ask, signal, onPartial),
  roles: async (_desk, { path }) => {
    const { roles, bindings, problems } = await rolesOf(path);
    return { roles, bindings, problems };
  },
  logs: answerLogs,
  locate: ({ store }, { requests }, signal) => store.locate(requests, signal),
  findings: ({ findings }, ask, signal) => findings.answer(ask, signal),
};
