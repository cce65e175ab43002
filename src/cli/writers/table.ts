import { asciiLine } from "../../models/ascii.ts";
import { safeText } from "../../models/text-safety.ts";
import { layoutTable } from "../../models/table-layout.ts";
import type { Column, Line, Span, TableModel, TableRow } from "../../models/view.ts";
import { spanCodes, type ToneCodes } from "../../terminal/themes.ts";
import type { Section, ShownRow, Style } from "../output.ts";
import type { Sink } from "../sink.ts";
import type { Writer } from "./contract.ts";

export const table: Writer = {
  id: "table",
  about: "aligned columns for people; on a terminal fitted to its width, elsewhere never cut",
  async write(answer, sink, style) {
    let first = true;
    for (const section of answer.people ?? [answer.data]) {
      if (!first) await sink.write("\n");
      first = false;
      if (section.title !== undefined)
        await sink.write(lineText([{ text: safeText(section.title), tone: "heading" }], style));
      await writeSection(section, sink, style);
    }
  },
};

/** The first batch decides which columns are shown and how wide, so that a follow can go on for ever. */
async function writeSection(section: Section, sink: Sink, style: Style): Promise<void> {
  let columns: readonly Column[] | null = null;
  let order: readonly number[] = [];
  for await (const batch of section.batches) {
    if (batch.length === 0) continue;
    const rows = batch.map(tableRow);
    const width = style.width ?? Number.POSITIVE_INFINITY;
    if (columns === null) {
      const { lines, columns: sized } = layoutTable(model(titled(section, style), rows), {
        width,
        plain: true,
      });
      columns = sized.map((fitted) => fixed(fitted.column, fitted.width, style.width !== null));
      order = sized.map(({ column }) => section.columns.findIndex(({ id }) => id === column.id));
      await sink.write(lines.map((line) => lineText(line, style)).join(""));
    } else {
      const shown = rows.map(({ id, cells }) => ({ id, cells: order.map((at) => cells[at] ?? { text: "" }) }));
      const { lines } = layoutTable(model(columns, shown), { width, plain: true, headless: true });
      await sink.write(lines.map((line) => lineText(line, style)).join(""));
    }
  }
  if (columns === null) await sink.write(lineText([{ text: section.empty ?? "nothing", tone: "muted" }], style));
}

/** Titles may be values of the log: codes, users. */
function titled({ columns, isSnug = false }: Section, { width }: Style): readonly Column[] {
  return columns.map((column) => ({
    ...column,
    ...(isSnug && width === null ? { minWidth: 0 } : {}),
    title: safeText(column.title).toUpperCase(),
  }));
}

/** A column as wide as the first batch made it; off the terminal later texts may be longer, since nothing is cut there. */
function fixed(column: Column, width: number, isCut: boolean): Column {
  const { grow: _grow, drop: _drop, maxWidth: _maxWidth, ...rest } = column;
  return { ...rest, minWidth: width, ...(isCut ? { maxWidth: width } : {}) };
}

function tableRow(row: ShownRow, at: number): TableRow {
  return { id: String(at), cells: row.cells() };
}

function model(columns: readonly Column[], rows: readonly TableRow[]): TableModel {
  return { kind: "table", columns, rows, rowCount: rows.length, firstRow: 0 };
}

function lineText(line: Line, style: Style): string {
  const safe = style.ascii ? asciiLine(line) : line;
  return `${safe.map((span) => styledText(span, style.tones)).join("")}\n`;
}

function styledText(span: Span, tones: ToneCodes): string {
  const code = tones.size === 0 ? "" : spanCodes(span, tones);
  return code === "" ? span.text : `\u001b[${code}m${span.text}\u001b[0m`;
}
