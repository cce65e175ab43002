import type { Command } from "../../commands/contract.ts";
import { line, span, spreadLine, wrapLine } from "../../models/line.ts";
import { count, counted } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Line, Span } from "../../models/view.ts";
import { evidenceNotes } from "../../rbac/notes.ts";
import type { SubjectRights } from "../../rbac/least.ts";
import { type Subject, subjectText } from "../../rbac/subject.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { documentView, linesOf } from "../document-view.ts";
import { existingIn, existingOptions } from "../existing-roles.ts";
import { prepared } from "../prepared.ts";
import { decidedTerms, ruleTerms } from "../rule-terms.ts";
import { commandLineFor } from "../shell-command.ts";
import {
  accessesAsks,
  openFor,
  subjectIn,
  subjectOptions,
  subjectParams,
  subjectTerm,
  unlessSubject,
  whoseView,
} from "../subject.ts";
import { placeText, tablePage, underHead } from "../table-page.ts";
import { driftBody } from "./drift-body.ts";
import { RULE_TABLE, type RuleRow } from "./tables.ts";
import { isOn, type Toggle, TOGGLES, type Worked, workOut } from "./worked.ts";

/** What one user needs for what it did: rules of roles with the requests they rest on, and the YAML. */
export const rightsPane: Pane = {
  id: "rights",
  title: "rights",
  about: "the least rights for what a user did: rules with the requests they are for, or the YAML for kubectl apply",
  asks: accessesAsks,
  view(context, answers) {
    const subject = subjectIn(context.frame);
    return subject === null ? whoseView(context, answers, "rights", "Rights") : view(context, answers, subject);
  },
  params: subjectParams,
  commands: [
    {
      id: "rights.view",
      title: "rules, the YAML for kubectl apply, or (with --existing) what of the roles there are is not used",
      short: "yaml",
      keys: ["v"],
      scope: "pane:rights",
      group: "view",
      disabledReason: unlessSubject,
      run: ({ pane }) => [
        { type: "params", params: { show: nextShow(pane) } },
        { type: "cursor", id: null, index: 0, top: 0 },
      ],
    },
    openFor("matrix", {
      id: "rights.matrix",
      title: "matrix: verb by resource, done and refused",
      short: "matrix",
      scope: "pane:rights",
      key: "R",
    }),
    {
      id: "rights.copy",
      title: "copy the YAML",
      short: "copy yaml",
      keys: ["Y"],
      scope: "pane:rights",
      group: "copy",
      disabledReason: ({ view: { document } }) => (document === undefined ? "there is no YAML yet" : null),
      run: ({ view: { document } }) =>
        document === undefined ? [] : [{ type: "effect", effect: { kind: "copy", text: document.text, what: "YAML" } }],
    },
    toggle("refused", "grant what was only ever refused too, or not", "f"),
    toggle("implied", "grant what may have been needed besides (bind, escalate, use), or not", "i"),
    toggle("withoutDefaults", "leave out what Kubernetes' own roles grant, or not", "D"),
  ],
};

function toggle(which: Toggle, title: string, key: string): Command {
  return {
    id: `rights.${which === "withoutDefaults" ? "defaults" : which}`,
    title,
    keys: [key],
    scope: "pane:rights",
    group: "view",
    disabledReason: unlessSubject,
    run: ({ pane }) => [{ type: "params", params: { [which]: isOn(pane, which) ? "" : "1" } }],
  };
}

type Show = "rules" | "yaml" | "drift";

function shownIn({ app, frame }: PaneContext): Show {
  const { show } = frame.params;
  if (show === "drift") return app.existing === null ? "rules" : "drift";
  return show === "yaml" ? "yaml" : "rules";
}

function nextShow(context: PaneContext): Show {
  const show = shownIn(context);
  if (show === "rules") return "yaml";
  return show === "yaml" && context.app.existing !== null ? "drift" : "rules";
}

const FLAGS: Readonly<Record<Toggle, string>> = {
  refused: "--refused",
  implied: "--implied",
  withoutDefaults: "--without-defaults",
};

function view(context: PaneContext, answers: Answers, subject: Subject): PaneView {
  const result = answerOf(answers, "accesses", "accesses");
  const flags = TOGGLES.filter((each) => isOn(context, each)).map((each) => FLAGS[each]);
  const commandLine = commandLineFor(context, {
    command: "rbac",
    options: [...subjectOptions(subject), ...flags, ...existingOptions(context)],
  });
  const title = line(
    span("Least rights of ", "heading", true),
    span(safeText(subjectText(subject), context.unicode), "accent", true),
    ...flags.map((flag) => span(` ${flag}`, "warn")),
    span(staleMark(answers, "accesses"), "warn"),
  );
  const reason = absence(context, answers, "accesses", false);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const worked = workOut(context, subject, result.accesses);
  const head = [spreadLine(title, line(span(volumeText(worked), "muted")), context.width), ...noteLines(worked)];
  const show = shownIn(context);
  const own =
    show === "yaml"
      ? documentView(context, head, yamlLines(worked, context.width, context.unicode))
      : show === "drift"
        ? driftBody(context, worked.rights, head, existingIn(context, answers))
        : rulesBody(context, worked, head);
  return { ...own, document: { suffix: "yaml", text: worked.yaml }, commandLine };
}

function volumeText({ rights: { ledger }, roles, rows }: Worked): string {
  const from = counted(ledger.requests.allowed + ledger.acting, "request");
  return `${counted(roles.length, "role")}, ${counted(rows.length, "rule")} for ${from}`;
}

/** What one must know before applying it; the YAML's header tells the details. */
function noteLines({ rights: { ledger, optional, hints, inexpressible } }: Worked): readonly Line[] {
  const { superuser, node } = ledger.by;
  const parts: Span[] = [];
  const told = (text: string, tone: Span["tone"]): void => {
    parts.push(span(`${parts.length === 0 ? "" : " · "}${text}`, tone));
  };
  if (superuser > 0) told("a member of system:masters needs no binding: for a credential without it", "warn");
  if (node > 0) told(`${counted(node, "request")} by the Node authorizer`, "muted");
  if (ledger.requests.refused > 0) told(`${count(ledger.requests.refused)} refused`, "code4xx");
  const may = optional.length + hints.length;
  if (may > 0) told(`${counted(may, "right")} may be needed besides: v tells`, "warn");
  if (inexpressible.length > 0) told(`${count(inexpressible.length)} not granted: v tells why`, "warn");
  if (ledger.by.answer > 0) told("the log has no decisions: the answers tell", "muted");
  return parts.length === 0 ? [] : [parts];
}

function rulesBody(context: PaneContext, { rights, rows }: Worked, head: readonly Line[]): PaneView {
  const below = context.height >= 16 ? 3 : 2;
  const page = tablePage(
    context,
    {
      table: RULE_TABLE,
      rows,
      idOf: ({ role, rule }) => JSON.stringify([role.kind, role.namespace, role.name, rule]),
    },
    context.height - head.length - below,
  );
  const row = rows[page.index];
  const notes = row === undefined ? [] : evidenceNotes(row);
  const own = underHead(head, page);
  const blank = Math.max(1, context.height - own.lines.length - (below - 1));
  return {
    ...own,
    lines: [
      ...own.lines,
      ...Array.from({ length: blank }, (): Line => []),
      ...notes.slice(0, below - 1).map((note) => line("  ", span(safeText(note, context.unicode), "muted"))),
    ],
    selection: row === undefined ? {} : ruleSelection(rights, row),
    summary: placeText(page),
  };
}

/** Enter: the requests it is for. What is implied or beyond the log nobody asked for. */
function ruleSelection({ subject, ledger }: SubjectRights, { rule, section, role }: RuleRow): PaneSelection {
  const text = [...rule.verbs, ...rule.resources, ...rule.nonResourceURLs].join(" ");
  if (section.isImplied === true || section.kind === "beyond") return { copy: text };
  const spread = role.bindings.map(({ namespace }) => namespace);
  const terms = [
    ...ruleTerms(rule, spread.includes("") ? [] : spread),
    ...decidedTerms(ledger, [section.kind === "refused" ? "forbid" : "allow"]),
  ];
  return {
    copy: text,
    term: terms.join(" "),
    enter: { frame: frameOf("requests"), chips: [subjectTerm(subject), ...terms] },
  };
}

/** Comments are sentences: what does not fit goes on in the next line. */
const yamlLines = prepared(({ yaml }: Worked, width: number, unicode: boolean): readonly Line[] =>
  linesOf(yaml).flatMap((text) => wrapLine(yamlLine(text, unicode), width)),
);

function yamlLine(text: string, unicode: boolean): Line {
  const safe = safeText(text, unicode);
  if (/^\s*#/.test(safe)) return line(span(safe, /powerful|implied|refused/.test(safe) ? "warn" : "muted"));
  const [, key = "", rest = ""] = /^(\s*(?:- )?[\w.]+:)(.*)$/s.exec(safe) ?? [];
  return key === "" ? line(safe) : line(span(key, "key"), rest);
}
