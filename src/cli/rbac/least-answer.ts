import type { Access } from "../../rbac/access.ts";
import { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { type DriftRow, driftOf } from "../../rbac/drift.ts";
import { apiObjects } from "../../rbac/api-objects.ts";
import { type LeastOptions, leastRights, type SubjectRights } from "../../rbac/least.ts";
import { driftNotes, headerNotes, subjectNotes } from "../../rbac/notes.ts";
import type { ReadObjects } from "../../rbac/read-objects.ts";
import { type PlannedRole, planRoles } from "../../rbac/plan.ts";
import type { Subject } from "../../rbac/subject.ts";
import { yamlOf } from "../../rbac/write-yaml.ts";
import type { TimeZone } from "../../models/times.ts";
import { note } from "../notes.ts";
import { DRIFT_TABLE, RULE_TABLE, type RuleRow, ruleRows } from "../../panes/rights/tables.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { Answer } from "../output.ts";
import { tallied } from "./tallied.ts";

interface LeastQuestion {
  readonly subjects: readonly Subject[];
  readonly options: LeastOptions;
  readonly existing: { readonly path: string; readonly objects: ReadObjects } | null;
  /** Sentences about what was looked at. */
  readonly about: readonly string[];
  readonly deletedNamespaces: readonly string[];
  readonly zone: TimeZone;
}

/** Least rights as YAML, and as tables with what they rest on; with roles that exist, where those differ from what is done. */
export function leastAnswer(accesses: readonly Access[], question: LeastQuestion): Answer {
  const { subjects, options, existing, about, zone } = question;
  const rights = subjects.map((subject) => leastRights(subject, accesses, options));
  const roles = planRoles(rights);
  const drift = existing === null ? null : driftRows(rights, existing.objects);
  if (roles.length === 0) note("nothing to grant: no request that needs a binding was allowed");
  for (const each of rights) tellBeyond(each);
  const driftTold = drift === null || existing === null ? [] : driftNotes(drift, existing.path);
  const header = [
    ...headerNotes(rights, roles),
    ...goneNotes(roles, question.deletedNamespaces),
    ...about,
    ...driftTold,
  ];
  const look = printedLook(zone);
  const rules = tableSection({ ...RULE_TABLE, empty: "nothing to grant" }, ruleRows(roles), look, ruleRecord);
  const drifted = drift === null ? null : tableSection(DRIFT_TABLE, drift, look, driftRecord);
  return {
    document: {
      apiVersion: "v1",
      kind: "List",
      items: apiObjects(roles),
      subjects: rights.map((each) => subjectRecord(each, roles)),
      rules: ruleRows(roles).map(ruleRecord),
      ...(drift === null ? {} : { drift: drift.map(driftRecord) }),
    },
    data: drifted ?? rules,
    people: [{ ...rules, title: "Rules" }, ...(drifted === null ? [] : [drifted])],
    yaml: yamlOf(header, roles),
    ...(drift === null || drift.length === 0 ? {} : { exitCode: 4 as const }),
  };
}

/** A Role in a namespace that is gone cannot be applied. */
function goneNotes(roles: readonly PlannedRole[], deleted: readonly string[]): readonly string[] {
  const needed = new Set(roles.flatMap(({ bindings }) => bindings.map(({ namespace }) => namespace)));
  const gone = deleted.filter((namespace) => needed.has(namespace));
  if (gone.length === 0) return [];
  return [
    "",
    `Deleted in this log: namespaces ${gone.join(", ")}. What is bound there can be applied while they exist.`,
  ];
}

function driftRows(rights: readonly SubjectRights[], objects: ReadObjects): readonly DriftRow[] {
  const authorizer = new RbacAuthorizer(objects);
  for (const { kind, namespace, name, roleKind, roleName } of authorizer.dangling) {
    note(
      `${kind} ${namespace === "" ? "" : `${namespace}/`}${name} points at ${roleKind} ${roleName}, which is not there`,
    );
  }
  return rights.flatMap(({ ledger }) => driftOf(ledger, authorizer));
}

function tellBeyond({ atoms, subject }: SubjectRights): void {
  const beyond = atoms.filter(({ section }) => section.kind === "beyond");
  const flags = new Map<string, number>();
  for (const { section } of beyond) {
    const flag = section.notes[0] ?? "";
    flags.set(flag, (flags.get(flag) ?? 0) + 1);
  }
  for (const [flag, count] of flags) note(`${subject.name}: ${count} ${count === 1 ? "right" : "rights"} ${flag}`);
}

function ruleRecord(row: RuleRow): Readonly<Record<string, unknown>> {
  const { role, rule, section, seen } = row;
  return {
    subjects: [...new Set(role.bindings.flatMap(({ subjects }) => subjects.map(subjectName)))],
    namespaces: role.bindings.map(({ namespace }) => namespace),
    ...rule,
    ...tallied(row),
    origin: section.kind,
    notes: section.notes,
    anyNameOf: seen,
    role: `${role.kind} ${role.namespace === "" ? "" : `${role.namespace}/`}${role.name}`,
  };
}

function subjectName(subject: Subject): string {
  return subject.kind === "ServiceAccount" ? `${subject.namespace}/${subject.name}` : subject.name;
}

function subjectRecord(rights: SubjectRights, roles: readonly PlannedRole[]): Readonly<Record<string, unknown>> {
  const { subject, ledger } = rights;
  return {
    ...subject,
    requests: ledger.requests,
    actingAsOthers: ledger.acting,
    allowedBySystemMasters: ledger.by.superuser,
    allowedByNodeAuthorizer: ledger.by.node,
    notes: subjectNotes(rights, roles).filter((line) => line !== ""),
  };
}

function driftRecord(row: DriftRow): Readonly<Record<string, unknown>> {
  const { requests: _, firstUs: __, lastUs: ___, rule, ...rest } = row;
  return { ...rest, ...rule, ...tallied(row) };
}
