import type { TrailNode, TrailResult } from "../../lineage/contract.ts";
import { line, span } from "../../models/line.ts";
import { count, counted } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { dateTime, parseTime } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import type { Body } from "./body.ts";
import { moment } from "../time-column.ts";
import { laneLabel } from "./outside.ts";
import { evidenceText, nodeRows, nodeSelection, nodeTable } from "./nodes.ts";

/** The tree alone; below it all that is known of the object under the cursor. */
export function treeBody(context: PaneContext, result: TrailResult, room: number): Body {
  const { width } = context;
  const rows = nodeRows(result);
  const ids = rows.map((row) => row.id);
  const detailRoom = room >= 10 ? 4 : 0;
  const outside = detailRoom === 0 ? [] : outsideLines(context, result, Math.floor(room * 0.35));
  const page = Math.max(1, room - 1 - detailRoom - outside.length);
  const place = listPlace(context.frame, ids, page);
  const node = rows[place.index]?.node;
  const table = layoutTable(nodeTable(context, place.shown(rows), rows.length), {
    width,
    cursorId: place.cursorId,
  });
  const detail = detailRoom === 0 || node === undefined ? [] : [[], ...nodeDetail(context, node)];
  return {
    lines: [...table.lines, ...detail, ...outside],
    cursorLine: table.cursorLine,
    rows: place.rows,
    selection: node === undefined ? {} : nodeSelection(node),
  };
}

/** What the objects refer to and what else holds for them, where it was written to. */
function outsideLines(context: PaneContext, { outside = [] }: TrailResult, most: number): Line[] {
  if (outside.length === 0 || most < 3) return [];
  const safe = (text: string): string => safeText(text, context.unicode);
  const isCut = outside.length > most - 2;
  const shown = isCut ? outside.slice(-(most - 3)) : outside;
  return [
    [],
    line(span("From outside", "heading", true)),
    ...shown.toReversed().map((lane) => {
      const last = lane.steps.at(-1);
      const writes = lane.steps.length + lane.stepsDropped;
      const when = moment(context, parseTime(last?.t ?? null));
      const how = lane.confidence === "certain" ? lane.how : `${lane.how} (${lane.confidence})`;
      return line(
        span(`  ${safe(laneLabel(lane))}`, "info"),
        `  ${when} ${safe(last?.what ?? "")} by ${orDash(safe(last?.actor ?? ""))}`,
        span(`  ${safe(how)}, ${counted(writes, "write")}`, "muted"),
      );
    }),
    ...(isCut ? [line(span(`  … ${count(outside.length - shown.length)} more`, "muted"))] : []),
  ];
}

function nodeDetail(context: PaneContext, node: TrailNode): Line[] {
  const safe = (text: string): string => safeText(text, context.unicode);
  const when = (time: string | null | undefined): string =>
    time === null || time === undefined ? "not in the log" : dateTime(parseTime(time), context.app.timeZone);
  const who = (user: string | null): string => (user === null ? "" : ` by ${orDash(safe(user))}`);
  const gone = node.deleted ?? node.gone ?? null;
  const evidence = evidenceText(node);
  return [
    line(span("  created  ", "muted"), `${when(node.created)}${who(node.createdBy)}`),
    gone === null
      ? line(span("  gone     ", "muted"), "no: nothing in this log removed it")
      : line(
          span("  gone     ", "muted"),
          `${when(gone)}${who(node.deletedBy)}`,
          span(node.terminating === true ? "  and still terminating" : "", "warn"),
        ),
    line(
      span("  owner    ", "muted"),
      evidence === "" ? "none in the log" : node.owner === null ? safe(evidence) : `known by ${safe(evidence)}`,
      span(node.uid === "" ? "" : `   uid ${safe(node.uid)}`, "muted"),
    ),
  ];
}
