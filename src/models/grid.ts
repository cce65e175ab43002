import { besideEachOther } from "./line.ts";
import { layoutTable } from "./table-layout.ts";
import type { Line, TableModel } from "./view.ts";

/**
 * Several small tables on one page, with one cursor walking through all of them. The cursor's row is emphasised within
 * its own table: highlighting the whole line would point at its neighbours too.
 */

export interface GridSection {
  readonly id: string;
  readonly title: Line;
  readonly table: TableModel;
  /** Narrower than this it is not worth drawing beside another. */
  readonly minWidth: number;
  /** Share of a row's spare width, 1 by default. */
  readonly weight?: number;
}

export interface GridLines {
  readonly lines: readonly Line[];
  /** Ids of the rows drawn, section by section. */
  readonly ids: readonly string[];
  /** The section each id belongs to, in the same order. */
  readonly sectionOf: ReadonlyMap<string, string>;
}

const GAP = 2;
/** Title, column titles and three rows: less says too little to be worth a band. */
const LEAST_HEIGHT = 5;

interface Band {
  readonly sections: readonly GridSection[];
  readonly widths: readonly number[];
}

function bands(sections: readonly GridSection[], width: number): Band[] {
  const result: Band[] = [];
  let open: GridSection[] = [];
  const close = (): void => {
    if (open.length === 0) return;
    const least = open.reduce((sum, section) => sum + section.minWidth, 0) + GAP * (open.length - 1);
    const weights = open.reduce((sum, section) => sum + (section.weight ?? 1), 0);
    const spare = Math.max(0, width - least);
    const widths = open.map((section) =>
      Math.min(width, section.minWidth + Math.floor((spare * (section.weight ?? 1)) / weights)),
    );
    result.push({ sections: open, widths });
    open = [];
  };
  for (const section of sections) {
    const wanted = open.reduce((sum, other) => sum + other.minWidth + GAP, 0) + section.minWidth;
    if (open.length > 0 && wanted > width) close();
    open.push(section);
  }
  close();
  return result;
}

/** Lines for each band: what it needs, at most a fair part of what is left; bands that don't fit are left away. */
function heights(all: readonly Band[], height: number): number[] {
  const wanted = all.map((band) =>
    Math.max(...band.sections.map((section) => 2 + Math.max(1, section.table.rows.length))),
  );
  let shown = all.length;
  while (shown > 1 && shown * LEAST_HEIGHT + (shown - 1) > height) shown -= 1;
  const given = wanted.slice(0, shown).map((lines) => Math.min(lines, LEAST_HEIGHT));
  let spare = height - (shown - 1) - given.reduce((sum, lines) => sum + lines, 0);
  for (let isGrowing = true; spare > 0 && isGrowing;) {
    isGrowing = false;
    for (let at = 0; at < shown && spare > 0; at += 1) {
      if ((given[at] ?? 0) >= (wanted[at] ?? 0)) continue;
      given[at] = (given[at] ?? 0) + 1;
      spare -= 1;
      isGrowing = true;
    }
  }
  return given;
}

/** `pick` chooses the row under the cursor among those that are drawn. */
export function layoutGrid(
  sections: readonly GridSection[],
  width: number,
  height: number,
  pick: (ids: readonly string[]) => string | null,
): GridLines {
  const all = bands(sections, width);
  const given = heights(all, height);
  const ids: string[] = [];
  const sectionOf = new Map<string, string>();
  for (const [at, lineCount] of given.entries())
    for (const section of all[at]?.sections ?? [])
      for (const row of section.table.rows.slice(0, Math.max(0, lineCount - 2))) {
        ids.push(row.id);
        sectionOf.set(row.id, section.id);
      }
  const cursorId = pick(ids);
  const lines: Line[] = [];
  for (const [at, lineCount] of given.entries()) {
    const band = all[at] as Band;
    if (at > 0) lines.push([]);
    const blocks = band.sections.map((section, index) => {
      const blockWidth = band.widths[index] ?? width;
      const table = layoutTable(section.table, {
        width: blockWidth,
        cursorId,
        emphasis: true,
        rows: Math.max(0, lineCount - 2),
      });
      return { lines: [section.title, ...table.lines].slice(0, lineCount), width: blockWidth };
    });
    lines.push(...besideEachOther(blocks, GAP));
  }
  return { lines: lines.slice(0, height), ids, sectionOf };
}
