import { byteSize, count, counted } from "../models/numbers.ts";
import { suggestTable } from "../panes/policy/tables.ts";
import { AuditedEventReader } from "../policy/audited-event.ts";
import type { Suggestion } from "../policy/suggest/contract.ts";
import { suggestPolicy } from "../policy/suggest/suggest.ts";
import { givenUp, shareText, suggestionText } from "../policy/suggest/text.ts";
import { Traffic } from "../policy/suggest/traffic.ts";
import type { OriginalsContext } from "./contract.ts";
import { printedLook, tableSection } from "./answer-section.ts";
import { note } from "./notes.ts";
import type { Answer } from "./output.ts";

export async function suggestAnswer({ invocation, pass }: OriginalsContext): Promise<Answer> {
  const traffic = new Traffic();
  const reader = new AuditedEventReader();
  for await (const _ of pass(({ bytes, start, end, members }) => traffic.see(reader.read(bytes, start, end, members))));
  const suggestion = suggestPolicy(traffic);
  const text = suggestionText(suggestion);
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
    people: [tableSection(suggestTable(suggestion), rules, printedLook(invocation.options.tz))],
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
