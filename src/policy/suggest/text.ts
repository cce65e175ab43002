import { wrapText } from "../../models/display-width.ts";
import { byteSize, counted, percent } from "../../models/numbers.ts";
import type { Volume } from "../tally.ts";
import type { SuggestedRule, Suggestion } from "./contract.ts";
import { suggestedYaml } from "./suggest.ts";

const COMMENT_WIDTH = 108;

/** A suggestion as a file, with figures and reasons as comments. */
export function suggestionText(suggestion: Suggestion): string {
  return suggestedYaml(suggestion, headComment(suggestion), ruleComment);
}

function headComment({ in: whole, kept, rules }: Suggestion): readonly string[] {
  const stages = rules.some(({ in: of, kept: left, rule }) => rule.level !== "None" && of.events > left.events);
  const figures = `${counted(whole.events, "event")}, ${byteSize(whole.bytes)}. Under it that log has ${counted(kept.events, "event")}, ${byteSize(kept.bytes)} (${shareText(kept, whole)}).`;
  return [
    ...wrapText(`Audit policy, suggested by ktrail for a log of ${figures}`, COMMENT_WIDTH),
    "",
    ...wrapText(KEPT, COMMENT_WIDTH),
    "Given up:",
    ...givenUp({ rules }).map((text) => `- ${text}`),
    ...(stages ? ["- requests cut off by a crash: their first stage, RequestReceived, is not written"] : []),
    "",
    "Bodies of pods and workloads hold the values of their environment: keep this log like a secret.",
    `ktrail: accept ${[...new Set(rules.flatMap(({ accepts }) => accepts ?? []))].join(", ")}`,
  ];
}

const KEPT =
  "Kept: every write by people with the objects, every refusal (401, 403) of this log, who touched secrets, and what trails and causes of workloads are made of.";

/** What can't be asked any more of such a log, each once. */
export function givenUp({ rules }: Pick<Suggestion, "rules">): readonly string[] {
  return [...new Set(rules.filter(({ in: whole }) => whole.events > 0).map(({ givesUp }) => givesUp))].filter(Boolean);
}

function ruleComment({ about, in: whole, kept }: SuggestedRule): readonly string[] {
  const figures =
    whole.events === 0
      ? "Not in this log."
      : `In this log: ${counted(whole.events, "event")}, ${byteSize(whole.bytes)}${kept.events === 0 ? ", all dropped." : ` -> ${byteSize(kept.bytes)}.`}`;
  return wrapText(`${about.join(" ")} ${figures}`, COMMENT_WIDTH);
}

export function shareText(kept: Volume, whole: Volume): string {
  return whole.bytes === 0 ? "nothing" : percent(kept.bytes / whole.bytes);
}
