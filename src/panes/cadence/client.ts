import type { Ask } from "../../engine/contract.ts";
import { line, span } from "../../models/line.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line } from "../../models/view.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import { termFor } from "../../queries/filter-term.ts";
import type { Filter, Selection } from "../../queries/contract.ts";
import { answerOf, selectionOf } from "../answers.ts";
import type { Answers, PaneContext } from "../contract.ts";

/** Whose calls the pane is about: a user, or one program of a user. */
export interface Client {
  readonly user: string;
  readonly agent: string | null;
}

/** null: none was chosen. */
export function clientOf({ frame }: PaneContext): Client | null {
  const { user, agent } = frame.params;
  return user === undefined || (user === "" && agent === undefined) ? null : { user, agent: agent ?? null };
}

/** Terms that select the client's requests. */
export function clientTerms({ user, agent }: Client): string[] {
  return [termFor("user", user), ...(agent === null ? [] : [termFor("useragent", agent)])];
}

export function clientSelection(context: PaneContext, client: Client): Selection {
  const { filter, window } = selectionOf(context);
  const own = { op: "and" as const, terms: [filter, parseQuery(clientTerms(client).join(" "))] };
  return window === undefined ? { filter: own } : { filter: own, window };
}

const NEAR = 3;
const LONGEST_TYPED = 100;

/** Users whose names have what was typed in them, whatever the filters. */
export function nearClientsAsk({ user }: Client): Ask {
  const source = user.slice(0, LONGEST_TYPED).replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
  const filter: Filter = { op: "match", field: "user", tests: [{ kind: "regex", source, ignoreCase: true }] };
  return { kind: "groups", filter, by: ["user"], limit: NEAR + 1, measures: ["requests"] };
}

/** Nobody is called that, or the filters leave nothing of it. */
export function noCalls({ unicode }: PaneContext, answers: Answers, { user }: Client): Line {
  const near = (answerOf(answers, "near", "groups")?.rows ?? []).map((row) => row.key["user"] ?? "");
  if (near.includes(user)) return line(span("This client makes no call that the filters let through.", "warn"));
  return line(
    span(`No request is by “${safeText(user, unicode)}”`, "warn"),
    span(near.length === 0 ? "." : "; there is ", "warn"),
    ...near.slice(0, NEAR).flatMap((name, at) => [at === 0 ? "" : ", ", span(safeText(name, unicode), "accent")]),
  );
}
