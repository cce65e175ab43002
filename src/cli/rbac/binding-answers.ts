import type { Access } from "../../rbac/access.ts";
import { type BindingRow, bindingRows, type GivenBindings, type UseRow, usesOf } from "../../rbac/bindings.ts";
import type { Role } from "../../rbac/objects.ts";
import type { TimeZone } from "../../models/times.ts";
import { note } from "../notes.ts";
import { bindingTable, ROLE_TABLE, USE_TABLE } from "../../panes/rights/tables.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { Answer } from "../output.ts";
import { tallied } from "./tallied.ts";

/** Every binding that was named in a reason and, with objects, every other one too. */
export function bindingsAnswer(accesses: readonly Access[], given: GivenBindings | null, zone: TimeZone): Answer {
  const rows = bindingRows(accesses, given);
  const roles = given === null ? null : given.unusedRoles(given.simulated(accesses));
  // The annotation names one binding of several that may allow.
  note(
    given === null
      ? "a binding that is not named was not needed first; --existing tells which would have allowed the same"
      : "`only it`: requests that nothing else allows; a binding with none can go",
  );
  const look = printedLook(zone);
  const section = tableSection(bindingTable(given !== null), rows, look, bindingRecord);
  return {
    document: { bindings: rows.map(bindingRecord), ...(roles === null ? {} : { unusedRoles: roles.map(roleRecord) }) },
    data: section,
    people: [section, ...(roles === null ? [] : [tableSection(ROLE_TABLE, roles, look)])],
  };
}

function bindingRecord(row: BindingRow): Readonly<Record<string, unknown>> {
  const { authorizer, kind, namespace, name, role, users, verbs, could, only } = row;
  const simulated = could === null ? {} : { could, only };
  return { authorizer, kind, namespace, name, role, ...tallied(row), users, verbs, ...simulated };
}

function roleRecord({ kind, namespace, name, rules }: Role): Readonly<Record<string, unknown>> {
  return { kind, namespace, name, rules: rules.length };
}

/** Everything one binding allowed. */
export function usesAnswer(accesses: readonly Access[], binding: string, zone: TimeZone): Answer {
  const rows = usesOf(accesses, binding);
  return {
    document: { binding, uses: rows.map(useRecord) },
    data: tableSection(USE_TABLE, rows, printedLook(zone), useRecord),
  };
}

function useRecord(row: UseRow): Readonly<Record<string, unknown>> {
  const { user, asFrom, what, namespace, as, binding, role } = row;
  return { user, asFrom, what, namespace, ...tallied(row), as, binding, role };
}
