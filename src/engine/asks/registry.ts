import type { AnswerFor, AskKind, Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { answerInfo } from "./info.ts";
import { answerRequest } from "./request.ts";
import { answerTrail, answerWhy } from "./trail.ts";

/** One answerer per question. Long ones look at the signal and let newer questions in between. */
export type Answerers = {
  [K in AskKind]: (desk: Desk, ask: Asks[K]["ask"], signal: AbortSignal) => Promise<AnswerFor<K>>;
};

const no = (): never => {
  throw new Error("not yet");
};
export const answerers: Answerers = {
  groups: no,
  series: no,
  rows: no,
  request: answerRequest,
  objects: async (desk, { text, limit }) => desk.directory.search(text, limit),
  trail: answerTrail,
  why: answerWhy,
  info: answerInfo,
};
