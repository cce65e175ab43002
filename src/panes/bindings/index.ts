import type { Access } from "../../rbac/access.ts";
import { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { type BindingRow, bindingRows, GivenBindings } from "../../rbac/bindings.ts";
import type { RbacObjects, Role } from "../../rbac/objects.ts";
import { outcomeOf } from "../../rbac/outcome.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import type { Line } from "../../models/view.ts";
import { quote } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { existingAsks, existingIn, existingOptions, existingWord } from "../existing-roles.ts";
import { prepared } from "../prepared.ts";
import { bindingTable, bindingText, ROLE_TABLE } from "../rights/tables.ts";
import { commandLineFor } from "../shell-command.ts";
import { placeText, tablePage, underHead } from "../table-page.ts";

/** Why requests were allowed, turned round: each binding with what it allowed; with --existing also what nobody used. */
export const bindingsPane: Pane = {
  id: "bindings",
  title: "bindings",
  about:
    "each binding and what it allowed, by whom, when last; with --existing those never needed, and roles nobody used",
  asks(context) {
    const isSimulated = context.app.existing !== null;
    return {
      accesses: {
        kind: "accesses",
        ...selectionOf(context),
        subjects: [],
        names: isSimulated,
        evidence: isSimulated,
      },
      ...existingAsks(context),
    };
  },
  view,
  words: [existingWord],
  commands: [
    {
      id: "bindings.roles",
      title: "roles that nobody used, or bindings again (of --existing)",
      short: "roles",
      keys: ["v"],
      scope: "pane:bindings",
      group: "view",
      disabledReason: ({ app }) =>
        app.existing === null ? "the log names only what was used: :existing FILE tells the roles there are" : null,
      run: ({ pane }) => [
        { type: "params", params: { show: isOfRoles(pane) ? "" : "roles" } },
        { type: "cursor", id: null, index: 0, top: 0 },
      ],
    },
  ],
};

function isOfRoles({ frame, app }: PaneContext): boolean {
  return frame.params["show"] === "roles" && app.existing !== null;
}

/** Thousands of requests by hundreds of bindings. `hasDecisions`: of everything that was allowed. */
const simulated = prepared((accesses: readonly Access[], given: RbacObjects | null) => {
  const bindings = given === null ? null : new GivenBindings(given, new RbacAuthorizer(given));
  return {
    rows: bindingRows(accesses, bindings),
    unused: bindings === null ? [] : bindings.unusedRoles(bindings.simulated(accesses)),
    hasDecisions: !accesses.some((access) => access.decision === "" && outcomeOf(access) === "allowed"),
  };
});

function view(context: PaneContext, answers: Answers): PaneView {
  const result = answerOf(answers, "accesses", "accesses");
  const existing = existingIn(context, answers);
  const ofRoles = isOfRoles(context);
  const title = line(
    span(ofRoles ? "Roles that nobody used" : "What bindings allowed", "heading", true),
    span(staleMark(answers, "accesses"), "warn"),
  );
  const commandLine = commandLineFor(context, {
    command: "rbac",
    options: ["--bindings", ...existingOptions(context)],
  });
  const reason = absence(context, answers, "accesses", false);
  if (result === undefined || reason !== null) return { ...emptyView(title, reason ?? []), commandLine };
  const { rows, unused, hasDecisions } = simulated(result.accesses, existing.objects);
  // The annotation names one binding of several that may allow.
  const hint: Line =
    existing.objects === null
      ? line(...existing.spans, span("one that is not named was not needed first", "muted"))
      : line(...existing.spans, span("only it: requests that nothing else allows", "muted"));
  const head = [
    spreadLine(title, line(span(`${count(ofRoles ? unused.length : rows.length)} in all`, "muted")), context.width),
    hint,
  ];
  const room = context.height - head.length;
  if (ofRoles) {
    const page = tablePage(
      context,
      {
        table: existing.objects === null ? { ...ROLE_TABLE, empty: "not known yet" } : ROLE_TABLE,
        rows: existing.objects === null ? [] : unused,
        idOf: ({ kind, namespace, name }) => JSON.stringify([kind, namespace, name]),
      },
      room,
    );
    const role = unused[page.index];
    return { ...underHead(head, page), selection: role === undefined ? {} : roleSelection(role), commandLine };
  }
  const page = tablePage(
    context,
    {
      table: bindingTable(existing.objects !== null),
      rows,
      idOf: ({ authorizer, kind, namespace, name }) => JSON.stringify([authorizer, kind, namespace, name]),
    },
    room,
  );
  const row = rows[page.index];
  return {
    ...underHead(head, page),
    selection: row === undefined ? {} : bindingSelection(row, hasDecisions),
    summary: placeText(page),
    commandLine,
  };
}

/** A term of more would be too long to read. */
const MOST_REASONS = 20;

/** Who allows without a reason. */
const SILENT: Readonly<Partial<Record<BindingRow["authorizer"], string>>> = {
  superuser: 'group:"system:masters"',
  node: '-group:"system:masters" user:system:node:*',
  other: '-group:"system:masters" -user:system:node:*',
};

/** Selects what the row counted; null where that takes more than the log's own words. */
function allowedTerm({ authorizer, reasons }: BindingRow, hasDecisions: boolean): string | null {
  if (!hasDecisions || reasons.length === 0 || reasons.length > MOST_REASONS) return null;
  const named = `decision:allow authreason:${reasons.map(quote).join(",")}`;
  if (!reasons.includes("")) return named;
  const silent = SILENT[authorizer];
  return silent === undefined || reasons.length > 1 ? null : `${named} ${silent}`;
}

function bindingSelection(row: BindingRow, hasDecisions: boolean): PaneSelection {
  const { kind, namespace, name, requests } = row;
  const text = kind === "" ? bindingText(row) : `${kind} ${bindingText(row)}`;
  const term = allowedTerm(row, hasDecisions);
  const own = { copy: text, ...(term === null ? {} : { term }) };
  if (kind === "") return term === null ? own : { ...own, enter: { frame: frameOf("requests"), chips: [term] } };
  return {
    ...own,
    object: objectOf(kind, namespace, name),
    binding: text,
    ...(requests === 0 ? {} : { enter: { frame: frameOf("binding", { binding: text }) } }),
  };
}

function roleSelection({ kind, namespace, name }: Role): PaneSelection {
  return { copy: `${kind} ${name}`, object: objectOf(kind, namespace, name) };
}

function objectOf(kind: string, namespace: string, name: string): NonNullable<PaneSelection["object"]> {
  return { name: `${kind.toLowerCase()}s.rbac.authorization.k8s.io/${name}`, namespace };
}
