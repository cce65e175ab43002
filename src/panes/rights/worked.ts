import type { Access } from "../../rbac/access.ts";
import { type LeastOptions, leastRights, type SubjectRights } from "../../rbac/least.ts";
import { headerNotes } from "../../rbac/notes.ts";
import { type PlannedRole, planRoles } from "../../rbac/plan.ts";
import type { Subject } from "../../rbac/subject.ts";
import { type RuleRow, ruleRows } from "../../rbac/tables.ts";
import { yamlOf } from "../../rbac/write-yaml.ts";
import type { PaneContext } from "../contract.ts";

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

/** Per answer: it is worked out once, not per key press. */
const known = new WeakMap<readonly Access[], Map<string, Worked>>();

export function workOut(context: PaneContext, subject: Subject, accesses: readonly Access[]): Worked {
  const on = Object.fromEntries(TOGGLES.map((toggle) => [toggle, isOn(context, toggle)])) as Record<Toggle, boolean>;
  const key = JSON.stringify([subject, on]);
  const kept = known.get(accesses) ?? new Map<string, Worked>();
  known.set(accesses, kept);
  const found = kept.get(key);
  if (found !== undefined) return found;
  const options: LeastOptions = { ...on, mostNames: MOST_NAMES, expand: [], expandNamespaces: false };
  const rights = leastRights(subject, accesses, options);
  const roles = planRoles([rights]);
  const yaml = [...yamlOf(headerNotes([rights], roles), roles)].join("");
  const worked = { rights, roles, rows: ruleRows(roles), yaml };
  kept.set(key, worked);
  return worked;
}
