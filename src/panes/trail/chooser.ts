import type { Ask } from "../../engine/contract.ts";
import { objectOfText } from "../../events/object-key.ts";
import { objectName } from "../../events/object-name.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count, counted } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { GroupRow } from "../../queries/contract.ts";
import { termFor } from "../../queries/filter-term.ts";
import { parseQuery } from "../../queries/parse-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import { absence, answerOf, emptyView, selectionOf, staleMark } from "../answers.ts";
import type { Answers, PaneContext, PaneView } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { underHead } from "../table-page.ts";
import { moment } from "../time-column.ts";

/** Without an object: those that were written to, busiest first, to choose one from. */

/** Kubernetes Events, leases and reviews have no life of their own. */
const WRITTEN =
  'verb:create,update,patch,delete -object:"" ' +
  "-resource:serviceaccounts/token,events,events.events.k8s.io,leases.coordination.k8s.io,*reviews.authentication.k8s.io,*reviews.authorization.k8s.io";
const SHOWN = 300;

export function chooserAsks(context: PaneContext): Readonly<Record<string, Ask>> {
  const selection = selectionOf(context);
  return {
    written: {
      kind: "groups",
      ...selection,
      filter: { op: "and", terms: [selection.filter, parseQuery(WRITTEN)] },
      by: ["object"],
      limit: SHOWN,
      measures: ["requests", "firstSeen", "lastSeen"],
    },
  };
}

export function chooserView(context: PaneContext, answers: Answers): PaneView {
  const result = answerOf(answers, "written", "groups");
  const title = line(
    span("Trail", "heading", true),
    span("  whose? the objects most written to:", "muted"),
    span(staleMark(answers, "written"), "warn"),
  );
  const reason = absence(context, answers, "written", result?.rows.length === 0);
  if (result === undefined || reason !== null) return emptyView(title, reason ?? []);
  const page = Math.max(1, context.height - 2);
  const ids = result.rows.map((row) => row.key["object"] ?? "");
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(result.rows);
  const cells = (row: GroupRow): { text: string }[] => [
    { text: safeText(nameOf(row.key["object"] ?? ""), context.unicode) },
    { text: count(row.requests) },
    { text: moment(context, parseTime(row.firstSeen)) },
    { text: moment(context, parseTime(row.lastSeen)) },
  ];
  const table = layoutTable(
    {
      kind: "table",
      columns: [
        { id: "object", title: "object", minWidth: 24, grow: 1 },
        { id: "writes", title: "writes", align: "right" },
        { id: "first", title: "first", drop: 3 },
        { id: "last", title: "last", drop: 2 },
      ],
      rows: shown.map((row) => ({ id: row.key["object"] ?? "", cells: cells(row) })),
      rowCount: result.groups,
      firstRow: place.top,
    },
    { width: context.width, cursorId: place.cursorId },
  );
  const key = ids[place.index];
  const object = key === undefined ? null : objectOfText(key);
  const hint = line(span("4 finds by name", "muted"));
  return {
    ...underHead([spreadLine(title, hint, context.width)], { ...table, rows: place.rows }),
    selection:
      object === null || key === undefined
        ? {}
        : {
            copy: nameOf(key),
            term: termFor("object", key),
            object: { name: objectName({ ...object, namespace: "" }), namespace: object.namespace },
            enter: {
              frame: frameOf("trail", {
                object: objectName({ ...object, namespace: "" }),
                namespace: object.namespace,
              }),
            },
          },
    summary: counted(result.groups, "object"),
  };
}

/** The group's key as people write an object. */
function nameOf(key: string): string {
  const object = objectOfText(key);
  return object === null ? key : objectName(object);
}
