/** What the policy commands answer: loaded only with them. */
export { lintAnswer } from "./policy-lint-answer.ts";
export { replayAnswer } from "./policy-replay-answer.ts";
export { suggestAnswer } from "./policy-suggest-answer.ts";
