import { isoTime } from "../../events/time.ts";
import { count } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import type { Cell, Column, Tone } from "../../models/view.ts";
import type { BindingRow, UseRow } from "../../rbac/bindings.ts";
import type { ToldRule } from "../../rbac/compact.ts";
import type { DriftRow } from "../../rbac/drift.ts";
import type { Matrix, MatrixRow } from "../../rbac/matrix.ts";
import type { PolicyRule, Role } from "../../rbac/objects.ts";
import type { PlannedRole } from "../../rbac/plan.ts";
import { subjectText } from "../../rbac/subject.ts";
import { type AnswerColumn, type AnswerTable, type CellLook, fields } from "../answer-table.ts";

/** Tables about rights: rules, drift, bindings, roles, what one binding allowed, verb by resource. */

interface More<Row> extends Omit<Column, "id" | "title">, Pick<AnswerColumn<Row>, "only"> {
  readonly tone?: (row: Row) => Tone | undefined;
}

function cellOf(text: string, { unicode, isPrinted }: CellLook, tone: Tone | undefined): Cell {
  if (text === "") return isPrinted ? { text: "-" } : { text: "·", tone: "muted" };
  return { text: safeText(text, unicode), ...(tone === undefined ? {} : { tone }) };
}

function textColumn<Row>(
  id: string,
  title: string,
  value: (row: Row) => string,
  { tone, ...more }: More<Row> = {},
): AnswerColumn<Row> {
  return { id, title, ...more, cell: (row, look) => cellOf(value(row), look, tone?.(row)) };
}

/** Null: not asked. */
function countColumn<Row>(
  id: string,
  title: string,
  value: (row: Row) => number | null,
  { tone, ...more }: More<Row> = {},
): AnswerColumn<Row> {
  return {
    id,
    title,
    align: "right",
    ...more,
    cell(row, look) {
      const own = value(row);
      const isNone = own === null || (own === 0 && !look.isPrinted);
      return cellOf(isNone ? "" : count(own), look, own === 0 ? "muted" : tone?.(row));
    },
  };
}

/** `value`: µs. */
function timeColumn<Row>(
  id: string,
  title: string,
  value: (row: Row) => number,
  more: More<Row> = {},
): AnswerColumn<Row> {
  return {
    id,
    title,
    isTime: true,
    ...more,
    cell: (row, look) => cellOf(look.timeText(isoTime(value(row))), look, undefined),
  };
}

/** A rule of a planned role, where it is bound and for whom. */
export interface RuleRow extends ToldRule {
  readonly role: PlannedRole;
}

export function ruleRows(roles: readonly PlannedRole[]): readonly RuleRow[] {
  return roles.flatMap((role) => role.rules.map((rule) => ({ ...rule, role })));
}

function listed(values: readonly string[]): string {
  return values.join(", ");
}

function targets({ apiGroups, resources, nonResourceURLs }: PolicyRule): string {
  return nonResourceURLs.length > 0 ? listed(nonResourceURLs) : grouped(apiGroups, resources);
}

/** The core group is named by nobody. */
function grouped(groups: readonly string[], resources: readonly string[]): string {
  const own = groups.filter((group) => group !== "");
  if (own.length === 0) return listed(resources);
  const within = groups.includes("") ? `core, ${listed(own)}` : listed(own);
  return `${listed(resources)} (${within})`;
}

const ORIGINS: Readonly<Record<ToldRule["section"]["kind"], string>> = {
  used: "used",
  implied: "implied",
  default: "default",
  node: "node authorizer",
  beyond: "beyond the log",
  refused: "refused",
};

export const RULE_TABLE: AnswerTable<RuleRow> = {
  empty: "nothing to grant: no request that needs a binding was allowed",
  fields: fields(
    "subjects",
    "namespaces",
    "verbs",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
    "requests",
    "firstSeen",
    "lastSeen",
    "origin",
    "notes",
    "role",
  ),
  columns: [
    textColumn(
      "subject",
      "subject",
      ({ role }) => listed([...new Set(role.bindings.flatMap(({ subjects }) => subjects.map(subjectText)))]),
      { minWidth: 12, drop: 3, only: "print" },
    ),
    textColumn(
      "namespace",
      "where",
      ({ role }) => {
        return listed(role.bindings.map(({ namespace }) => (namespace === "" ? "everywhere" : namespace)));
      },
      { minWidth: 10 },
    ),
    textColumn("verbs", "verbs", ({ rule }) => listed(rule.verbs), { minWidth: 10, keep: "head" }),
    textColumn("resources", "resources", ({ rule }) => targets(rule), { minWidth: 16, grow: 1, keep: "head" }),
    textColumn("names", "names", ({ rule }) => listed(rule.resourceNames), {
      minWidth: 8,
      maxWidth: 40,
      drop: 2,
      keep: "head",
    }),
    countColumn("requests", "requests", ({ requests }) => requests),
    timeColumn("lastSeen", "last", ({ lastUs }) => lastUs, { drop: 4 }),
    textColumn("origin", "why", ({ section }) => ORIGINS[section.kind], { drop: 1 }),
  ],
};

export const DRIFT_TABLE: AnswerTable<DriftRow> = {
  title: "Granted and not used, or used and not granted",
  empty: "what is granted is what is used",
  fields: fields(
    "kind",
    "subject",
    "bindings",
    "role",
    "verbs",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
    "namespace",
    "usedAs",
    "requests",
    "firstSeen",
    "lastSeen",
  ),
  columns: [
    textColumn("kind", "drift", ({ kind }) => kind, { tone: ({ kind }) => (kind === "missing" ? "danger" : "warn") }),
    textColumn("subject", "subject", ({ subject }) => subject, { minWidth: 12, drop: 3, only: "print" }),
    textColumn("bindings", "binding", ({ bindings }) => listed(bindings.map((text) => text.replace(/^\w+ /, ""))), {
      minWidth: 12,
      keep: "head",
    }),
    textColumn("role", "role", ({ role }) => roleText(role), { minWidth: 8, drop: 8 }),
    textColumn("verbs", "verbs", ({ rule }) => listed(rule.verbs), { minWidth: 16, keep: "head" }),
    textColumn("resources", "resources", ({ rule }) => targets(rule), { minWidth: 18, grow: 1, keep: "head" }),
    textColumn("names", "names", ({ rule }) => listed(rule.resourceNames), { maxWidth: 40, drop: 4, keep: "head" }),
    textColumn("namespace", "namespace", ({ namespace }) => namespace, { drop: 7 }),
    textColumn("usedAs", "used", ({ usedAs }) => usedAs, { minWidth: 10, drop: 1, keep: "head" }),
    countColumn("requests", "requests", ({ requests }) => requests, { drop: 5 }),
    timeColumn("lastSeen", "last", ({ lastUs }) => lastUs, { drop: 6 }),
  ],
};

const AUTHORIZERS: Readonly<Record<Exclude<BindingRow["authorizer"], "rbac">, string>> = {
  superuser: "(system:masters)",
  node: "(Node authorizer)",
  eks: "(EKS access policy)",
  gke: "(GKE IAM)",
  azure: "(Azure RBAC)",
  other: "(no reason given)",
};

/** A RoleBinding has its namespace in front, which a ClusterRoleBinding has not. */
export function bindingText({ authorizer, kind, namespace, name }: BindingRow): string {
  if (kind === "") return authorizer === "rbac" ? "" : AUTHORIZERS[authorizer];
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** Mostly it is a ClusterRole; a Role is in the namespace of its binding. */
function roleText(role: string): string {
  return role.replace(/^ClusterRole /, "");
}

/** Users named in a table. */
const MOST_USERS = 3;

const BINDING_COLUMNS: readonly AnswerColumn<BindingRow>[] = [
  textColumn("binding", "binding", bindingText, { minWidth: 20, grow: 1 }),
  textColumn("role", "role", ({ role }) => roleText(role), { minWidth: 12, drop: 2 }),
  countColumn("requests", "allowed", ({ requests }) => requests),
  textColumn(
    "users",
    "by",
    ({ users }) => {
      const more = users.length > MOST_USERS ? ` and ${users.length - MOST_USERS} more` : "";
      return `${listed(users.slice(0, MOST_USERS))}${more}`;
    },
    { minWidth: 14 },
  ),
  textColumn("verbs", "verbs", ({ verbs }) => listed(verbs), { drop: 3, keep: "head" }),
  timeColumn("lastSeen", "last used", ({ lastUs }) => lastUs, { drop: 1 }),
];

const SIMULATED_COLUMNS: readonly AnswerColumn<BindingRow>[] = [
  countColumn("could", "would allow", ({ could }) => could),
  countColumn("only", "only it", ({ only }) => only, { tone: ({ only }) => (only === 0 ? "warn" : undefined) }),
];

/** `isSimulated`: with what each binding would allow. */
export function bindingTable(isSimulated: boolean): AnswerTable<BindingRow> {
  return {
    title: "What bindings allowed",
    empty: "no request was allowed",
    fields: fields(
      "authorizer",
      "kind",
      "namespace",
      "name",
      "role",
      "requests",
      "users",
      "verbs",
      "firstSeen",
      "lastSeen",
      "could",
      "only",
    ),
    columns: isSimulated ? [...BINDING_COLUMNS, ...SIMULATED_COLUMNS] : BINDING_COLUMNS,
  };
}

export const ROLE_TABLE: AnswerTable<Role> = {
  title: "Roles that nobody used",
  empty: "every role was used",
  fields: fields("kind", "namespace", "name", "rules"),
  columns: [
    textColumn("kind", "kind", ({ kind }) => kind),
    textColumn("namespace", "namespace", ({ namespace }) => namespace),
    textColumn("name", "name", ({ name }) => name, { grow: 1 }),
    countColumn("rules", "rules", ({ rules }) => rules.length),
  ],
};

export const USE_TABLE: AnswerTable<UseRow> = {
  empty: "no reason names this binding: it was not needed first",
  fields: fields("user", "asFrom", "what", "namespace", "requests", "firstSeen", "lastSeen", "as", "binding", "role"),
  columns: [
    textColumn("user", "user", ({ user }) => user, { minWidth: 16 }),
    textColumn("asFrom", "really", ({ asFrom }) => asFrom, { drop: 3 }),
    textColumn("what", "what", ({ what }) => what, { minWidth: 20, grow: 1, keep: "head" }),
    textColumn("namespace", "namespace", ({ namespace }) => namespace, { minWidth: 9 }),
    countColumn("requests", "requests", ({ requests }) => requests),
    timeColumn("lastSeen", "last", ({ lastUs }) => lastUs),
    textColumn("as", "as", ({ as }) => as, { drop: 1 }),
    textColumn("binding", "binding", ({ binding }) => binding, { drop: 2, only: "print" }),
    textColumn("role", "role", ({ role }) => role, { drop: 4, only: "print" }),
  ],
};

/** Short, since there is a column for each: `as:list` is to list as somebody else. */
function verbTitle(verb: string): string {
  if (verb === "deletecollection") return "del. all";
  const [, acting] = /^impersonate(?:-on:[^:]+)?:(.+)$/.exec(verb) ?? [];
  return acting === undefined ? verb : `as:${acting}`;
}

/** A column a verb: what was done, what was refused, and what could have been done besides. */
export function matrixTable({ verbs }: Matrix): AnswerTable<MatrixRow> {
  return {
    empty: "nothing was asked of the authorizer",
    columns: [
      textColumn("resource", "resource", ({ apiGroup, resource }) => grouped([apiGroup], [resource]), {
        minWidth: 24,
        grow: 1,
        keep: "head",
      }),
      ...verbs.map((verb) =>
        textColumn<MatrixRow>(verb, verbTitle(verb), ({ cells }) => cellText(cells.get(verb)), {
          align: "right",
          tone: ({ cells }) => {
            const cell = cells.get(verb);
            if (cell === undefined) return undefined;
            if (cell.refused > 0) return cell.done > 0 ? "warn" : "danger";
            return cell.done > 0 ? "good" : "muted";
          },
        }),
      ),
    ],
  };
}

/** `12`, `12 ✖3`, `✖3`, `could`. */
function cellText(cell: { done: number; refused: number; could: boolean | null } | undefined): string {
  if (cell === undefined) return "";
  const told = [...(cell.done > 0 ? [String(cell.done)] : []), ...(cell.refused > 0 ? [`✖${cell.refused}`] : [])];
  return told.length === 0 && cell.could === true ? "could" : told.join(" ");
}
