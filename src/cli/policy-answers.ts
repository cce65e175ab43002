/** What the policy commands answer: loaded only with them. */
export { replayAnswer } from "./policy-replay-answer.ts";
