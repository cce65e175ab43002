import { line } from "../../models/line.ts";
import type { Line } from "../../models/view.ts";
import { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { driftOf } from "../../rbac/drift.ts";
import type { SubjectRights } from "../../rbac/least.ts";
import type { RbacObjects } from "../../rbac/objects.ts";
import type { PaneContext, PaneView } from "../contract.ts";
import type { Existing } from "../existing-roles.ts";
import { prepared } from "../prepared.ts";
import { placeText, tablePage, underHead } from "../table-page.ts";
import { DRIFT_TABLE } from "./tables.ts";

const driftIn = prepared(({ ledger }: SubjectRights, given: RbacObjects) => driftOf(ledger, new RbacAuthorizer(given)));

/** Granted and not used, or used and not granted, by the roles there are. */
export function driftBody(
  context: PaneContext,
  rights: SubjectRights,
  head: readonly Line[],
  { objects, spans }: Existing,
): PaneView {
  const rows = objects === null ? [] : driftIn(rights, objects);
  const own = [...head, line(...spans)];
  const page = tablePage(
    context,
    {
      table: objects === null ? { ...DRIFT_TABLE, empty: "not known yet" } : DRIFT_TABLE,
      rows,
      idOf: ({ kind, bindings, role, rule, namespace }) => JSON.stringify([kind, bindings, role, rule, namespace]),
    },
    context.height - own.length,
  );
  return {
    ...underHead(own, page),
    selection: {},
    summary: placeText(page),
  };
}
