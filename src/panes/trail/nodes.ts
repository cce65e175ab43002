import { type NamedObject, objectName } from "../../events/object-name.ts";
import { resourceOfKind } from "../../events/resource-names.ts";
import type { TrailNode, TrailResult } from "../../lineage/contract.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import { treeRows } from "../../models/tree.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { prepared } from "../prepared.ts";
import { moment } from "../time-column.ts";

/** Owners, the object, and what it owned: who made each, when it went, and how sure the link is. */

export interface NodeRow {
  readonly id: string;
  readonly node: TrailNode;
  readonly strokes: string;
}

export const nodeRows = prepared(({ nodes }: Pick<TrailResult, "nodes">): readonly NodeRow[] =>
  treeRows(
    nodes,
    (node) => node.id,
    (node) => node.owner?.id ?? null,
  ).map(({ node, strokes }) => ({ id: node.id, node, strokes })),
);

/** What requests say of the object. */
export function namedBy({ resource, kind, group, namespace, name }: TrailNode): NamedObject {
  return { resource: resource ?? resourceOfKind(kind, group === "" ? "" : `${group}/`), namespace, name };
}

/** `pod/nginx-7cd5`, of a name with several lives `pod/db-0 #2`: the trail says the namespace. */
export function nodeLabel(node: TrailNode): string {
  return objectName({ ...namedBy(node), namespace: "", name: node.name === "" ? "?" : node.name }) + lifeMark(node);
}

/** Which life of its name, where there are several. */
export function lifeMark({ incarnation, lives = 1 }: Pick<TrailNode, "incarnation" | "lives">): string {
  return lives > 1 ? ` #${incarnation}` : "";
}

export function evidenceText(node: TrailNode): string {
  if (node.owner !== null) return `${node.owner.evidence}, ${node.owner.confidence}`;
  const unseen = node.ownerUnseen ?? null;
  if (unseen === null) return "";
  const resource = resourceOfKind(unseen.kind, unseen.apiVersion);
  return `owner ${objectName({ resource, namespace: "", name: unseen.name })} is not in the log`;
}

/** Controllers and nodes by their own names; the full one stands below the tree. */
function shortUser(user: string): string {
  const own = user.replace(/^system:(?:serviceaccount:kube-system:|node:)/, "");
  return own.replace(/-controller$/, " ctrl").replace(/^generic-garbage-collector$/, "garbage coll.");
}

export function nodeTable(context: PaneContext, rows: readonly NodeRow[], count: number, isShort: boolean): TableModel {
  const safe = (text: string): string => safeText(text, context.unicode);
  const time = (iso: string | null | undefined): Cell =>
    iso === null || iso === undefined ? { text: "-", tone: "muted" } : { text: moment(context, parseTime(iso)) };
  const who = (user: string | null): Cell => ({
    text: user === null || user === "" ? "-" : safe(shortUser(user)),
    tone: "muted",
  });
  const cells = ({ node, strokes }: NodeRow): Cell[] => {
    const isGone = node.deleted !== null || (node.gone ?? null) !== null;
    const label = safe(nodeLabel(node));
    const object: Cell = {
      text: strokes + label,
      spans: [{ text: strokes, tone: "muted" }, isGone ? { text: label, tone: "muted" } : { text: label }],
    };
    const gone =
      node.terminating === true ? { text: "terminating", tone: "warn" as const } : time(node.deleted ?? node.gone);
    const place: Cell = { text: node.node === null ? "" : safe(node.node), tone: "node" };
    if (isShort) return [object, time(node.created), gone, place];
    const evidence = evidenceText(node);
    const isSure = node.owner === null || node.owner.confidence === "certain";
    return [
      object,
      time(node.created),
      who(node.createdBy),
      gone,
      who(node.deletedBy),
      place,
      { text: safe(evidence), tone: isSure ? "muted" : "warn" },
    ];
  };
  const object = { id: "object", title: "object", minWidth: isShort ? 20 : 38, grow: 2 };
  const created = { id: "created", title: "created", drop: 3 };
  const gone = { id: "gone", title: "gone", drop: 2 };
  const node = { id: "node", title: "node", drop: 5 };
  return {
    kind: "table",
    columns: isShort
      ? [object, created, gone, node]
      : [
          object,
          created,
          { id: "createdBy", title: "by", minWidth: 15, grow: 1, drop: 6 },
          gone,
          { id: "goneBy", title: "by", minWidth: 15, grow: 1, drop: 4 },
          node,
          { id: "evidence", title: "owner known by", minWidth: 9, drop: 7, keep: "head" as const },
        ],
    rows: rows.map((row) => ({ id: row.id, cells: cells(row) })),
    rowCount: count,
    firstRow: 0,
    empty: "no object",
  };
}

/** The name `trail` and `o` understand: the uid names one life. */
export function objectOfNode(node: TrailNode): NonNullable<PaneSelection["object"]> {
  return {
    name: node.uid === "" ? `${namedBy(node).resource}/${node.name}` : node.uid,
    namespace: node.namespace,
    label: nodeLabel(node),
  };
}

export function nodeSelection(node: TrailNode): PaneSelection {
  const object = objectOfNode(node);
  return {
    copy: node.uid === "" ? nodeLabel(node) : node.uid,
    object,
    ...(node.createdBy === null || node.createdBy === "" ? {} : { user: node.createdBy }),
    enter: {
      frame: frameOf("trail", { object: object.name, namespace: object.namespace, label: nodeLabel(node) }),
    },
  };
}
