import { openPrompt } from "../../commands/prompt-text.ts";
import { wrapText } from "../../models/display-width.ts";
import { line, span } from "../../models/line.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { orDash, safeText } from "../../models/text-safety.ts";
import { dateTime } from "../../models/times.ts";
import type { Line, TableModel } from "../../models/view.ts";
import { openView, type SavedView } from "../../state/saved-view.ts";
import type { CommandContext } from "../../commands/contract.ts";
import type { Pane, PaneContext, PaneView } from "../contract.ts";
import { distinctIds, listPlace } from "../list-place.ts";

/** Views saved with ctrl-s. */
export const viewsPane: Pane = {
  id: "views",
  title: "views",
  about: "saved views: enter opens one on this log",
  asks: () => ({}),
  view,
  commands: [
    {
      id: "views.open",
      title: "open this view",
      short: "open",
      keys: ["enter"],
      scope: "pane:views",
      group: "go to",
      disabledReason: (context) => (chosen(context) === undefined ? "no view is saved: ctrl-s saves one" : null),
      run: (context) => {
        const found = chosen(context);
        return found === undefined ? [] : openView(found, context.pane.status);
      },
    },
    {
      id: "views.delete",
      title: "forget this view: asks before",
      short: "forget",
      keys: ["delete", "ctrl-x"],
      scope: "pane:views",
      group: "view",
      disabledReason: (context) => {
        const found = chosen(context);
        if (found === undefined) return "no view is saved";
        return found.origin === undefined
          ? null
          : `only views of your own can be forgotten: this is of ${found.origin}`;
      },
      run: (context) => [
        { type: "prompt", prompt: openPrompt("command", `delete-view ${chosen(context)?.name ?? ""}`) },
      ],
    },
  ],
};

function chosen({ app, pane: { frame }, view: { rows } }: CommandContext): SavedView | undefined {
  return app.views[listPlace(frame, idsOf(app.views), rows.page).index];
}

/** Of one name, the user's own is the first. */
function idsOf(views: readonly SavedView[]): readonly string[] {
  return distinctIds(views.map(({ name }) => name));
}

function view(context: PaneContext): PaneView {
  const { views } = context.app;
  const told = problemLines(context);
  if (views.length === 0) {
    return {
      lines: [
        ...told,
        line(
          " No view is saved. ",
          span("ctrl-s", "key"),
          " saves what a pane shows: panes, filters, time window, order.",
        ),
      ],
      cursorLine: null,
      rows: { count: 0, top: 0, page: context.height, ids: [] },
      selection: {},
    };
  }
  const ids = idsOf(views);
  const page = Math.max(1, context.height - 1 - told.length);
  const { index, top } = listPlace(context.frame, ids, page);
  const { lines, cursorLine } = layoutTable(tableOf(views.slice(top, top + page), ids.slice(top), top, context), {
    width: context.width,
    cursorId: ids[index] ?? null,
  });
  return {
    lines: [...lines, ...told],
    cursorLine,
    rows: { count: views.length, top, page, ids: ids.slice(top, top + page) },
    selection: { copy: views[index]?.name ?? "" },
    summary: `${views.length} saved`,
  };
}

/** What of the files could not be understood: at the foot, beside what can be opened. */
function problemLines({ app: { viewProblems }, width, height }: PaneContext): readonly Line[] {
  if (viewProblems.length === 0) return [];
  const pieces = viewProblems.flatMap((problem) => wrapText(safeText(problem), Math.max(1, width - 2)));
  const most = Math.max(1, Math.floor(height / 2) - 2);
  const left = pieces.length - most;
  return [
    [],
    ...pieces.slice(0, most).map((piece) => line(" ", span(piece, "warn"))),
    ...(left > 0 ? [line(" ", span(`${left} more lines`, "muted"))] : []),
    [],
  ];
}

function tableOf(shown: readonly SavedView[], ids: readonly string[], top: number, context: PaneContext): TableModel {
  const text = (value: string): string => safeText(value, context.unicode);
  const isShared = context.app.views.some(({ origin }) => origin !== undefined);
  const arrow = context.unicode ? " › " : " > ";
  return {
    kind: "table",
    columns: [
      { id: "view", title: "view", minWidth: 12, maxWidth: 40, keep: "head" },
      { id: "shows", title: "shows", minWidth: 16, grow: 1, keep: "head" },
      { id: "filter", title: "filter", minWidth: 12, grow: 1, drop: 2, keep: "head" },
      { id: "window", title: "time window", drop: 1 },
      ...(isShared ? [{ id: "from", title: "from", minWidth: 8, maxWidth: 40 }] : []),
    ],
    rows: shown.map(({ name, frames, chips, humansOnly, window, origin = "" }, at) => ({
      id: ids[at] ?? "",
      cells: [
        { text: text(name), tone: "accent" as const },
        { text: text(frames.map(({ pane, params }) => [pane, ...Object.values(params)].join(" ")).join(arrow)) },
        { text: orDash(text([...chips, ...(humansOnly ? ["humans only"] : [])].join(" "))) },
        { text: windowText(window, context) },
        ...(isShared ? [{ text: orDash(text(origin)), tone: "muted" as const }] : []),
      ],
    })),
    rowCount: context.app.views.length,
    firstRow: top,
  };
}

/** The day of the end is left out where it is that of the beginning. */
function windowText(window: SavedView["window"], { app, unicode }: PaneContext): string {
  if (window === null) return "all";
  const moment = (us: number | undefined): string =>
    us === undefined ? "" : dateTime(us / 1_000, app.timeZone).slice(0, 19);
  const [from, to] = [moment(window.fromUs), moment(window.toUs)];
  const end = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return `${from}${unicode ? "–" : "-"}${end}`;
}
