import type { Command } from "../../commands/contract.ts";
import { openPrompt } from "../../commands/prompt-text.ts";
import { displayWidth } from "../../models/display-width.ts";
import { line, span, spreadLine } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { TableModel } from "../../models/view.ts";
import type { Mark } from "../../state/app-state.ts";
import { isFound } from "../../state/marks.ts";
import { emptyView } from "../answers.ts";
import type { Pane, PaneContext, PaneSelection, PaneView } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { requestSelection, requestTable } from "../requests/table.ts";
import { reopening, timeline } from "./timeline.ts";
import { markWords } from "./words.ts";
import { placeText } from "../table-page.ts";

const HEAD = 1;
const NOTHING = "nothing is marked";

/** Marked requests with their notes; they stay although their rows may be evicted. */
export const marksPane: Pane = {
  id: "marks",
  title: "marks",
  about: "the marked requests (m) and their notes (a): w writes them as a Markdown timeline, Y copies it",
  asks: () => ({}),
  view,
  words: markWords,
  commands: [
    {
      id: "marks.write",
      title: "write these requests and notes as a Markdown timeline",
      short: "write",
      keys: ["w"],
      scope: "pane:marks",
      group: "copy",
      disabledReason: unlessMarked,
      run: () => [{ type: "prompt", prompt: openPrompt("command", "write timeline.md") }],
    },
    {
      id: "marks.copy",
      title: "copy the Markdown timeline",
      short: "copy all",
      keys: ["Y"],
      scope: "pane:marks",
      group: "copy",
      disabledReason: unlessMarked,
      run: ({ pane }) => [{ type: "effect", effect: { kind: "copy", text: timeline(pane), what: "timeline" } }],
    },
  ],
};

function unlessMarked({ app }: Parameters<Command["run"]>[0]): string | null {
  return app.marks.length === 0 ? NOTHING : null;
}

function view(context: PaneContext): PaneView {
  const { marks } = context.app;
  const title = line(span("Marked requests", "heading", true));
  if (marks.length === 0)
    return emptyView(
      title,
      line(span(`${NOTHING}: `, "muted"), span("m", "key"), span(" marks the request under the cursor", "muted")),
    );
  const page = Math.max(1, context.height - HEAD - 1);
  const ids = marks.map(({ id }) => id);
  const place = listPlace(context.frame, ids, page);
  const shown = place.shown(marks);
  const table = layoutTable(marksTable(context, shown, marks[place.top - 1], place.top), {
    width: context.width,
    cursorId: place.cursorId,
  });
  const mark = marks[place.index];
  const notes = marks.filter(({ note }) => note !== "").length;
  return {
    lines: [
      spreadLine(
        title,
        line(span(`${count(marks.length)} marked, ${count(notes)} with a note`, "muted")),
        context.width,
      ),
      ...table.lines,
    ],
    cursorLine: table.cursorLine === null ? null : table.cursorLine + HEAD,
    rows: place.rows,
    selection: mark === undefined ? {} : selectionOfMark(context, mark),
    summary: placeText(place),
    commandLine: reopening(context, marks),
  };
}

/** A request that is not among the rows has no card, and its mark can still be taken away. */
function selectionOfMark(context: PaneContext, mark: Mark): PaneSelection {
  const { seq, enter, ...rest } = requestSelection(context, mark.facts);
  if (!isFound(mark) || seq === undefined || enter === undefined) return { ...rest, mark: mark.id };
  return { ...rest, mark: mark.id, seq, enter };
}

/** As the list of requests, with the note where it is read first. */
function marksTable(context: PaneContext, marks: readonly Mark[], above: Mark | undefined, first: number): TableModel {
  const model = requestTable(
    context,
    marks.map(({ facts }) => facts),
    above?.facts,
    { total: context.app.marks.length, first },
  );
  const [time, ...columns] = model.columns;
  const longest = Math.max(4, ...marks.map(({ note }) => displayWidth(safeText(note, context.unicode))));
  const isNarrow = context.width < 100;
  const minWidth = Math.min(longest, isNarrow ? 14 : 36);
  const others = columns.map((column) => (isNarrow && column.id === "resource" ? { ...column, minWidth: 8 } : column));

  if (time === undefined) return model;
  return {
    ...model,
    columns: [time, { id: "note", title: "note", minWidth, grow: 3, keep: "head" }, ...others],
    rows: model.rows.map(({ cells }, at) => {
      const { id = "", note = "" } = marks[at] ?? {};
      const cell = {
        text: note === "" ? "-" : safeText(note, context.unicode),
        tone: note === "" ? "muted" : "accent",
      } as const;
      return { id, cells: [...cells.slice(0, 1), cell, ...cells.slice(1)] };
    }),
  };
}
