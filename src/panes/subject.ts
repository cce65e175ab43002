import type { Command } from "../commands/contract.ts";
import type { Ask } from "../engine/contract.ts";
import { line, span, spreadLine } from "../models/line.ts";
import { count } from "../models/numbers.ts";
import { termFor } from "../queries/filter-term.ts";
import { type Subject, subjectOfUser, userOf } from "../rbac/subject.ts";
import type { Frame } from "../state/app-state.ts";
import type { GroupRow } from "../queries/contract.ts";
import { frameOf } from "../state/initial-state.ts";
import { type AnswerTable, countCell } from "./answer-table.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "./answers.ts";
import type { Answers, PaneContext, PaneView } from "./contract.ts";
import { existingAsks } from "./existing-roles.ts";
import { commandLineFor } from "./shell-command.ts";
import { placeText, tablePage, underHead } from "./table-page.ts";
import { keyColumns } from "./key-columns.ts";

/** Whose rights a pane is about: `user` or `group` of its frame; null: nobody was chosen. */
export function subjectIn({ params }: Pick<Frame, "params">): Subject | null {
  const { user = "", group = "" } = params;
  if (group !== "") return { kind: "Group", name: group };
  return user === "" ? null : subjectOfUser(user);
}

/** `alice@example.com`, `--user …`, `--group devs`, `--serviceaccount ci/deployer`, as on the command line. */
export function subjectParams(args: string): Readonly<Record<string, string>> {
  const [, flag = "--user", name = ""] = /^(?:(--\w+)[\s=]+)?(.*)$/s.exec(args.trim()) ?? [];
  if (name === "") return {};
  if (flag === "--group") return { group: name };
  if (flag === "--user") return { user: name };
  const account = /^([^/\s]+)\/([^/\s]+)$/.exec(name);
  if (flag !== "--serviceaccount" || account === null)
    throw new Error("whose: a user, --group NAME, or --serviceaccount NAMESPACE/NAME");
  return { user: `system:serviceaccount:${account[1] ?? ""}:${account[2] ?? ""}` };
}

/** The same again, for another pane about it. */
function paramsOf(subject: Subject): Readonly<Record<string, string>> {
  const user = userOf(subject);
  return user === null ? { group: subject.name } : { user };
}

/** The flag of `ktrail rbac`. */
export function subjectOptions(subject: Subject): readonly string[] {
  if (subject.kind === "ServiceAccount") return ["--serviceaccount", `${subject.namespace}/${subject.name}`];
  return [subject.kind === "User" ? "--user" : "--group", subject.name];
}

/** Selects its requests. */
export function subjectTerm(subject: Subject): string {
  const user = userOf(subject);
  return user === null ? termFor("group", subject.name) : termFor("user", user);
}

/** What one did, with the roles it is held against; whose, while nobody is chosen. */
export function accessesAsks(context: PaneContext): Readonly<Record<string, Ask>> {
  const subject = subjectIn(context.frame);
  if (subject === null) return whoseAsks(context);
  return {
    accesses: { kind: "accesses", ...selectionOf(context), subjects: [subject], names: true, evidence: true },
    ...existingAsks(context),
  };
}

export function unlessSubject({ pane }: { readonly pane: PaneContext }): string | null {
  return subjectIn(pane.frame) === null ? "choose a user first" : null;
}

/** Opens another pane about the same subject. */
export function openFor(
  pane: string,
  command: Pick<Command, "id" | "title" | "short" | "scope"> & { readonly key: string },
): Command {
  const { key, ...named } = command;
  return {
    ...named,
    keys: [key],
    group: "view",
    disabledReason: unlessSubject,
    run: ({ pane: { frame } }) => {
      const subject = subjectIn(frame);
      return subject === null ? [] : [{ type: "push", frame: frameOf(pane, paramsOf(subject)) }];
    },
  };
}

const SHOWN = 300;

/** Without a subject: whose? */
function whoseAsks(context: PaneContext): Readonly<Record<string, Ask>> {
  return { users: { kind: "groups", ...selectionOf(context), by: ["user"], limit: SHOWN, measures: ["requests"] } };
}

const USER_TABLE: AnswerTable<GroupRow> = {
  columns: [
    ...keyColumns<GroupRow>(["user"], () => 24),
    { id: "requests", title: "requests", align: "right", cell: ({ requests }) => countCell(requests) },
    {
      id: "errors",
      title: "4xx",
      align: "right",
      cell: ({ errors }) =>
        errors["4xx"] === 0 ? { text: "·", tone: "muted" } : { text: count(errors["4xx"]), tone: "code4xx" },
    },
  ],
};

/** Users, most requests first; enter opens `pane` for one. */
export function whoseView(context: PaneContext, answers: Answers, pane: string, title: string): PaneView {
  const result = answerOf(answers, "users", "groups");
  const heading = line(
    span(title, "heading", true),
    span("  of which user?", "accent"),
    span(staleMark(answers, "users"), "warn"),
  );
  const commandLine = commandLineFor(context, { command: "top", options: ["--by", "user"] });
  const rows = result?.rows.filter(({ key }) => key["user"] !== "") ?? [];
  const reason = absence(context, answers, "users", rows.length === 0);
  if (result === undefined || reason !== null) return { ...emptyView(heading, reason ?? []), commandLine };
  const page = tablePage(
    context,
    {
      table: USER_TABLE,
      rows,
      idOf: ({ key }) => key["user"] ?? "",
    },
    context.height - 1,
  );
  const user = rows[page.index]?.key["user"];
  const hint = line(span(":", "key"), span(`${pane} --group NAME for a group`, "muted"));
  return {
    ...underHead([spreadLine(heading, hint, context.width)], page),
    selection:
      user === undefined
        ? {}
        : { copy: user, term: termFor("user", user), user, enter: { frame: frameOf(pane, { user }), alone: true } },
    summary: placeText(page),
    commandLine,
  };
}
