import { line, span, spreadLine } from "../../models/line.ts";
import { counted } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { termFor } from "../../queries/filter-term.ts";
import { quote } from "../../queries/print-filter.ts";
import { type UseRow, usesOf } from "../../rbac/bindings.ts";
import { ruleResource } from "../../rbac/right.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { prepared } from "../prepared.ts";
import { USE_TABLE } from "../rights/tables.ts";
import { resourceDimension } from "../rule-terms.ts";
import { commandLineFor } from "../shell-command.ts";
import { placeText, tablePage, underHead } from "../table-page.ts";

/** Everything one binding allowed. */
export const bindingPane: Pane = {
  id: "binding",
  title: "binding",
  about: "everything one binding allowed: by whom, how often, when last",
  asks: (context) => ({
    accesses: { kind: "accesses", ...selectionOf(context), subjects: [], names: false, evidence: false },
  }),
  view,
  params(args) {
    const binding = args.trim();
    if (binding === "") throw new Error("binding needs a name: NAME or NAMESPACE/NAME; :bindings lists them");
    return { binding };
  },
  commands: [],
};

const usesIn = prepared(usesOf);

function view(context: PaneContext, answers: Answers): PaneView {
  const result = answerOf(answers, "accesses", "accesses");
  const name = context.frame.params["binding"] ?? "";
  const title = line(
    span("Allowed by ", "heading", true),
    span(safeText(name, context.unicode), "accent", true),
    span(staleMark(answers, "accesses"), "warn"),
  );
  const commandLine = commandLineFor(context, { command: "rbac", options: ["--binding", name] });
  const reason = absence(context, answers, "accesses", false);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const rows = usesIn(result.accesses, name);
  const roles = [...new Set(rows.map(({ role }) => role))];
  const subjects = [...new Set(rows.map(({ as }) => as))];
  const about =
    roles.length === 0
      ? ""
      : `${roles.join(", ")} to ${subjects.slice(0, 3).join(", ")}${subjects.length > 3 ? " …" : ""}`;
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const users = new Set(rows.map(({ user }) => user)).size;
  const page = tablePage(
    context,
    {
      table: USE_TABLE,
      rows,
      idOf: ({ user, asFrom, as, what, namespace, binding, role }) =>
        JSON.stringify([user, asFrom, as, what, namespace, binding, role]),
    },
    context.height - 2,
  );
  const row = rows[page.index];
  return {
    ...underHead(
      [
        spreadLine(
          title,
          line(span(`${counted(requests, "request")} by ${counted(users, "user")}`, "muted")),
          context.width,
        ),
        line("  ", span(safeText(about, context.unicode), "muted")),
      ],
      page,
    ),
    selection: row === undefined ? {} : useSelection(row),
    summary: placeText(page),
    commandLine,
  };
}

function useSelection({ user, asFrom, what, attributes, authReason }: UseRow): PaneSelection {
  const { isResourceRequest, verb, apiGroup, namespace, path } = attributes;
  const resource = isResourceRequest ? resourceDimension(apiGroup, ruleResource(attributes)) : path;
  const terms = [
    termFor("user", user),
    termFor("verb", verb),
    termFor("resource", resource),
    termFor("namespace", namespace),
    `authreason:${quote(authReason)}`,
    `as:${quote(asFrom)}`,
  ];
  return {
    copy: `${user} ${what}`,
    term: terms.join(" "),
    user,
    enter: { frame: frameOf("requests"), chips: terms },
  };
}
