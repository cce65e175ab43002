import { parseQuery } from "../../queries/parse-filter.ts";
import { termFor } from "../../queries/filter-term.ts";
import type { Selection } from "../../queries/contract.ts";
import { selectionOf } from "../answers.ts";
import type { PaneContext } from "../contract.ts";

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
