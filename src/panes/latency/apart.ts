import { layoutGrid, type GridSection } from "../../models/grid.ts";
import { line, span } from "../../models/line.ts";
import { count, duration, percent } from "../../models/numbers.ts";
import { safeText } from "../../models/text-safety.ts";
import { LATENCY_ANNOTATION } from "../../events/latency-annotations.ts";
import { type LatencyReport, LONG_TERM } from "../../queries/latency-query.ts";
import { quote } from "../../queries/print-filter.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { PaneContext, PaneSelection } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { chipsOfKey } from "../terms.ts";
import { dimensionCell } from "../key-columns.ts";

/** What the API server says of a layer, where its name does not. */
const MEANINGS: Readonly<Record<string, string>> = {
  "mutating-webhook": "mutating admission webhooks",
  "validating-webhook": "validating admission webhooks",
  etcd: "storage",
  "apf-queue-wait": "waiting in a priority level's queue",
  "serialize-response-object": "writing the answer as JSON or protobuf",
  "response-write": "sending the answer",
  "transform-response-object": "converting, or making a table of, the answer",
  authentication: "token and certificate checks",
  authorization: "RBAC, node and webhook authorizers",
  decode: "reading the body",
};

/** Not in any layer: waiting for something the annotations don't name. */
function untold({ sum, rows }: LatencyReport["layers"]): number {
  return Math.max(0, sum - rows.reduce((total, row) => total + row.sum, 0));
}

function layersSection(context: PaneContext, { layers }: LatencyReport): GridSection {
  const isWide = context.width >= 100;
  const share = (sum: number): string => percent(layers.sum > 0 ? sum / layers.sum : 0);
  const rest = untold(layers);
  const rows = layers.rows.map((row) => ({
    id: `layer|${row.name}`,
    cells: [
      { text: safeText(row.name, context.unicode) },
      { text: Object.hasOwn(MEANINGS, row.name) ? (MEANINGS[row.name] ?? "") : "", tone: "muted" as const },
      { text: count(row.requests), value: row.requests },
      { text: duration(row.p50), value: row.p50 },
      { text: duration(row.max), value: row.max },
      { text: duration(row.sum), value: row.sum },
      { text: share(row.sum), tone: "muted" as const },
    ],
  }));
  if (rest > 0)
    rows.push({
      id: "layer",
      cells: [
        { text: "(in no layer)" },
        { text: "the annotations don't say where", tone: "muted" },
        { text: "", value: 0 },
        { text: "", value: 0 },
        { text: "", value: 0 },
        { text: duration(rest), value: rest },
        { text: share(rest), tone: "muted" },
      ],
    });
  return {
    id: "layers",
    title: line(
      "  ",
      span("Layers", "heading", true),
      span(` of ${count(layers.requests)} with annotations: only what takes over 500 ms has them`, "muted"),
    ),
    minWidth: isWide ? 70 : 50,
    weight: 1,
    table: {
      kind: "table",
      columns: [
        { id: "layer", title: "layer", minWidth: 14, maxWidth: 34, keep: "head" },
        { id: "meaning", title: "", minWidth: 10, keep: "head", drop: 9 },
        { id: "requests", title: "requests", align: "right", drop: 3 },
        { id: "p50", title: "p50", align: "right", drop: 2 },
        { id: "max", title: "max", align: "right", drop: 1 },
        { id: "sum", title: "∑ time", align: "right" },
        { id: "share", title: "share", align: "right", drop: 4 },
      ],
      rows,
      rowCount: rows.length,
      firstRow: 0,
      empty: `no request has ${LATENCY_ANNOTATION}* annotations`,
    },
  };
}

function longRowId(key: LatencyReport["longRunning"]["rows"][number]["key"]): string {
  return `long|${JSON.stringify([key.verb, key.resource])}`;
}

function longSection(context: PaneContext, { longRunning }: LatencyReport): GridSection {
  const rows = longRunning.rows.map(({ key, requests, open, listenedMs }) => ({
    id: longRowId(key),
    cells: [
      dimensionCell("verb", key.verb, context),
      dimensionCell("resource", key.resource, context),
      { text: count(requests), value: requests },
      open === 0 ? { text: "·", tone: "muted" as const, value: 0 } : { text: count(open), value: open },
      { text: duration(listenedMs?.p50 ?? null) },
      { text: duration(listenedMs?.max ?? null) },
    ],
  }));
  return {
    id: "long",
    title: line(
      "  ",
      span("Long-running, apart", "heading", true),
      span(` ${count(longRunning.requests)}, ${count(longRunning.open)} not ended in this log`, "muted"),
    ),
    minWidth: context.width >= 100 ? 64 : 50,
    weight: 1,
    table: {
      kind: "table",
      columns: [
        { id: "verb", title: "verb", minWidth: 5, maxWidth: 16 },
        { id: "resource", title: "resource", minWidth: 14, grow: 1, keep: "head" },
        { id: "requests", title: "requests", align: "right" },
        { id: "open", title: "open", align: "right", drop: 2 },
        { id: "listened", title: "listened p50", align: "right", drop: 1 },
        { id: "max", title: "max", align: "right", drop: 3 },
      ],
      rows,
      rowCount: rows.length,
      firstRow: 0,
      empty: "no watch, exec, attach, portforward, proxy or log -f",
    },
  };
}

function selectionOf(report: LatencyReport, id: string | undefined): PaneSelection {
  const layer = report.layers.rows.find(({ name }) => `layer|${name}` === id);
  if (layer !== undefined) {
    const term = `annotation:${quote(LATENCY_ANNOTATION + layer.name)}=?*`;
    return { copy: layer.name, term, enter: { frame: frameOf("latency", { show: "slowest" }), chips: [term] } };
  }
  const row = report.longRunning.rows.find(({ key }) => longRowId(key) === id);
  if (row === undefined) return {};
  const chips = [LONG_TERM, ...chipsOfKey(["verb", "resource"], row.key)];
  return {
    copy: `${row.key.verb} ${row.key.resource}`,
    term: chips.join(" "),
    enter: { frame: frameOf("requests"), chips },
  };
}

/** Layers of the slow ones, and what is long-running. */
export function apartBody(context: PaneContext, report: LatencyReport, height: number) {
  const sections = [layersSection(context, report), longSection(context, report)];
  let index = 0;
  const grid = layoutGrid(sections, context.width, height, (ids) => {
    ({ index } = listPlace(context.frame, ids, Math.max(1, ids.length)));
    return ids[index] ?? null;
  });
  return {
    lines: grid.lines,
    cursorLine: null,
    rows: { count: grid.ids.length, top: 0, page: Math.max(1, grid.ids.length), ids: grid.ids },
    selection: selectionOf(report, grid.ids[index]),
    index,
  };
}
