import { type NamedObject, objectName } from "../../events/object-name.ts";
import { resourceOfKind } from "../../events/resource-names.ts";
import type { TrailNode, TrailResult } from "../../lineage/contract.ts";
import { safeText } from "../../models/text-safety.ts";
import { treeRows } from "../../models/tree.ts";
import type { Cell, TableModel } from "../../models/view.ts";
import { type AnswerTable, type CellLook, screenLook, screenTable, textCell, timeCell } from "../answer-table.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { frameOf } from "../../state/initial-state.ts";
import { prepared } from "../prepared.ts";

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

/** Controllers, nodes and accounts by their own names; the full one stands below the tree. */
function ownName(user: string): string {
  const own = user.replace(/^system:(?:serviceaccount:kube-system:|node:)/, "");
  const account = own.replace(/^system:serviceaccount:([^:]+):/, "$1/");
  return account.replace(/-controller$/, " ctrl").replace(/^generic-garbage-collector$/, "garbage coll.");
}

function whoCell(user: string | null, look: CellLook): Cell {
  return textCell(user === null ? "" : ownName(user), look, "muted");
}

function whenCell(iso: string | null | undefined, look: CellLook): Cell {
  return timeCell(iso ?? null, look, (iso ?? null) === null ? "muted" : undefined);
}

/** Below this whoever made and removed an object, and how its owner is known, is told below the tree alone. */
const WIDE_FROM = 100;
const NARROW_IDS = ["object", "created", "gone", "node"];

export const NODE_TABLE: AnswerTable<NodeRow> = {
  empty: "no object",
  columns: [
    {
      id: "object",
      title: "object",
      grow: 2,
      room: (width) => ({ minWidth: width < WIDE_FROM ? 20 : 38 }),
      cell({ node, strokes }, { unicode }) {
        const isGone = node.deleted !== null || (node.gone ?? null) !== null;
        const text = safeText(nodeLabel(node), unicode);
        const label = isGone ? { text, tone: "muted" as const } : { text };
        return { text: strokes + text, spans: [{ text: strokes, tone: "muted" }, label] };
      },
    },
    { id: "created", title: "created", drop: 3, cell: ({ node }, look) => whenCell(node.created, look) },
    {
      id: "createdBy",
      title: "by",
      minWidth: 15,
      grow: 1,
      drop: 6,
      cell: ({ node }, look) => whoCell(node.createdBy, look),
    },
    {
      id: "gone",
      title: "gone",
      drop: 2,
      cell: ({ node }, look) =>
        node.terminating === true ? { text: "terminating", tone: "warn" } : whenCell(node.deleted ?? node.gone, look),
    },
    {
      id: "goneBy",
      title: "by",
      minWidth: 15,
      grow: 1,
      drop: 4,
      cell: ({ node }, look) => whoCell(node.deletedBy, look),
    },
    {
      id: "node",
      title: "node",
      drop: 5,
      cell: ({ node: { node } }, look) =>
        node === null ? { text: look.isPrinted ? "-" : "" } : textCell(node, look, "node"),
    },
    {
      id: "evidence",
      title: "owner known by",
      minWidth: 9,
      drop: 7,
      keep: "head",
      cell({ node }, look) {
        const text = evidenceText(node);
        const isSure = node.owner === null || node.owner.confidence === "certain";
        return text === "" && !look.isPrinted ? { text } : textCell(text, look, isSure ? "muted" : "warn");
      },
    },
  ],
};

/** Other lives of the same name. */
export const LIVES_TABLE: AnswerTable<TrailResult["otherLives"][number]> = {
  title: "Other lives of this name",
  columns: [
    { id: "id", title: "object", cell: ({ id }, look) => textCell(id, look) },
    { id: "created", title: "created", cell: ({ created }, look) => timeCell(created, look) },
    { id: "deleted", title: "deleted", cell: ({ deleted }, look) => timeCell(deleted, look) },
  ],
};

export function nodeTable(context: PaneContext, rows: readonly NodeRow[], count: number): TableModel {
  const { columns } = NODE_TABLE;
  const shown = context.width < WIDE_FROM ? columns.filter(({ id }) => NARROW_IDS.includes(id)) : columns;
  const place = { ids: rows.map(({ id }) => id), count, top: 0 };
  return screenTable({ ...NODE_TABLE, columns: shown }, screenLook(context), rows, place);
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
