import type { Access } from "../../rbac/access.ts";
import { type LeastOptions, leastRights, type SubjectRights } from "../../rbac/least.ts";
import { headerNotes } from "../../rbac/notes.ts";
import { type PlannedRole, planRoles } from "../../rbac/plan.ts";
import type { Subject } from "../../rbac/subject.ts";
import { yamlOf } from "../../rbac/write-yaml.ts";
import type { PaneContext } from "../contract.ts";
import { prepared } from "../prepared.ts";
import { type RuleRow, ruleRows } from "./tables.ts";

/** Least rights of one subject, in the forms the pane shows. */
export interface Worked {
  readonly rights: SubjectRights;
  readonly roles: readonly PlannedRole[];
  readonly rows: readonly RuleRow[];
  /** For `kubectl apply`. */
  readonly yaml: string;
}

/** Options that keys of the pane turn on and off. */
export const TOGGLES = ["refused", "implied", "withoutDefaults"] as const;
export type Toggle = (typeof TOGGLES)[number];

export function isOn({ frame }: Pick<PaneContext, "frame">, toggle: Toggle): boolean {
  return frame.params[toggle] === "1";
}

const MOST_NAMES = 5;

export function workOut(context: PaneContext, subject: Subject, accesses: readonly Access[]): Worked {
  const on = Object.fromEntries(TOGGLES.map((toggle) => [toggle, isOn(context, toggle)]));
  return workedOut(accesses, subject, on as Record<Toggle, boolean>);
}

const workedOut = prepared(
  (accesses: readonly Access[], subject: Subject, on: Readonly<Record<Toggle, boolean>>): Worked => {
    const options: LeastOptions = { ...on, mostNames: MOST_NAMES, expand: [], expandNamespaces: false };
    const rights = leastRights(subject, accesses, options);
    const roles = planRoles([rights]);
    const yaml = [...yamlOf(headerNotes([rights], roles), roles)].join("");
    return { rights, roles, rows: ruleRows(roles), yaml };
  },
  (subject, on) => [JSON.stringify([subject, on])],
);
