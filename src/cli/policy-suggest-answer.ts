import { wrapText } from "../models/display-width.ts";
import { byteSize, count, counted, percent } from "../models/numbers.ts";
import { suggestTable } from "../panes/policy-tables.ts";
import { AuditedEventReader } from "../policy/audited-event.ts";
import type { SuggestedRule, Suggestion } from "../policy/suggest/contract.ts";
import { suggestedYaml, suggestPolicy } from "../policy/suggest/suggest.ts";
import { Traffic } from "../policy/suggest/traffic.ts";
import type { Volume } from "../policy/tally.ts";
import type { OriginalsContext } from "./contract.ts";
import { tableSection } from "./data-section.ts";
import { note } from "./notes.ts";
import type { Answer } from "./output.ts";

const COMMENT_WIDTH = 108;

export async function suggestAnswer({ pass }: OriginalsContext): Promise<Answer> {
  const traffic = new Traffic();
  const reader = new AuditedEventReader();
  for await (const _ of pass(({ bytes, start, end, members }) => traffic.see(reader.read(bytes, start, end, members))));
  const suggestion = suggestPolicy(traffic);
  const text = suggestedYaml(suggestion, headComment(suggestion), ruleComment);
  tellLimits(suggestion);
  const { rules, lacking } = suggestion;
  return {
    yaml: [text],
    document: {
      policy: text,
      events: { in: suggestion.in.events, kept: suggestion.kept.events },
      bytes: { in: suggestion.in.bytes, kept: suggestion.kept.bytes },
      lacking,
      rules: rules.map(({ rule, about, givesUp, in: whole, kept }) => ({
        ...rule,
        about: about.join(" "),
        givesUp,
        events: { in: whole.events, kept: kept.events },
        bytes: { in: whole.bytes, kept: kept.bytes },
      })),
      givesUp: givenUp(suggestion),
    },
    data: { columns: [], fields: [], batches: [] },
    people: [tableSection(suggestTable(suggestion), rules)],
  };
}

function tellLimits({ lacking, isCapped, kept, in: whole }: Suggestion): void {
  note(
    `keeps ${count(kept.events)} of ${counted(whole.events, "event")}, ${byteSize(kept.bytes)} of ${byteSize(whole.bytes)} (${shareText(kept, whole)})`,
  );
  if (lacking > 0) {
    note(
      `${counted(lacking, "event")} of that ${lacking === 1 ? "was" : "were"} recorded at a lower level than it asks for: expect more bytes than that`,
    );
  }
  if (isCapped) note("this log has more kinds of requests than are kept apart: the figures are close, not exact");
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

function givenUp({ rules }: Pick<Suggestion, "rules">): readonly string[] {
  return [...new Set(rules.filter(({ in: whole }) => whole.events > 0).map(({ givesUp }) => givesUp))].filter(Boolean);
}

function ruleComment({ about, in: whole, kept }: SuggestedRule): readonly string[] {
  const figures =
    whole.events === 0
      ? "Not in this log."
      : `In this log: ${counted(whole.events, "event")}, ${byteSize(whole.bytes)}${kept.events === 0 ? ", all dropped." : ` -> ${byteSize(kept.bytes)}.`}`;
  return wrapText(`${about.join(" ")} ${figures}`, COMMENT_WIDTH);
}

function shareText(kept: Volume, whole: Volume): string {
  return whole.bytes === 0 ? "nothing" : percent(kept.bytes / whole.bytes);
}
