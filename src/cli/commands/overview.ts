import type { Dimension } from "../../queries/contract.ts";
import type { CommandContext } from "../contract.ts";
import type { Answer, Section } from "../output.ts";
import { count } from "../../models/numbers.ts";
import { infoAnswer } from "./info.ts";
import { MEASURE_IDS } from "../../queries/measures.ts";
import { topAnswer } from "./top.ts";

const ROWS = 8;

const QUESTIONS: readonly { readonly title: string; readonly by: readonly Dimension[]; readonly errors?: true }[] = [
  { title: "Who", by: ["user"] },
  { title: "What", by: ["verb", "resource"] },
  { title: "Where", by: ["namespace"] },
  { title: "How it ended", by: ["code"] },
  { title: "Refused and failed", by: ["code", "user", "resource"], errors: true },
];

/** What `ktrail FILE` prints when there is no terminal to explore in: info, then the largest groups. */
export async function overviewAnswer(context: CommandContext): Promise<Answer> {
  const { engine, selection, invocation } = context;
  const zone = invocation.options.tz;
  const info = infoAnswer(await engine.ask("info", {}), zone);
  const sections: Section[] = [...(info.people ?? [])];
  for (const { title, by, errors } of QUESTIONS) {
    const filter =
      errors === true
        ? ({
            op: "and",
            terms: [
              selection.filter,
              { op: "match", field: "code", tests: [{ kind: "compare", operator: ">=", value: 400 }] },
            ],
          } as const)
        : selection.filter;
    const groups = await engine.ask("groups", { ...selection, filter, by, measures: MEASURE_IDS, limit: ROWS });
    const shown = groups.groups > ROWS ? ` (${ROWS} of ${count(groups.groups)})` : "";
    sections.push(topAnswer(groups, zone, `${title}${shown}`).data);
  }
  return { ...info, people: sections };
}
