import { choosingColumns, paneOnScreen, paneWithColumns } from "../../commands/columns.ts";
import type { Command, CommandContext } from "../../commands/contract.ts";
import { line, span } from "../../models/line.ts";
import type { Column } from "../../models/view.ts";
import { plainDimensionNamed } from "../../queries/dimension-names.ts";
import { nameMeant, namesNear } from "../../queries/meant-name.ts";
import type { Action } from "../../state/actions.ts";
import { emptyView } from "../answers.ts";
import { chosenColumns } from "../chosen-columns.ts";
import type { Pane, PaneContext } from "../contract.ts";
import { listPlace } from "../list-place.ts";
import { tablePage, underHead } from "../table-page.ts";

const ID = "columns";
const DEFAULT = "default";

/** Which columns the table of the pane below shows, in which order; every change counts at once. */
export function createColumnsPane(panes: readonly Pane[]): Pane {
  const tableOf = ({ app }: Pick<PaneContext, "app">): Pane | undefined => paneOnScreen(app, panes);

  /** Those that are shown in their order, then the others. */
  function listed(context: PaneContext): { readonly shown: readonly string[]; readonly all: readonly Column[] } {
    const pane = tableOf(context);
    if (pane === undefined) return { shown: [], all: [] };
    const { columns = [] } = pane;
    const shown = shownIds(context, pane);
    const columnOf = (id: string): readonly Column[] => columns.filter((column) => column.id === id);
    return { shown, all: [...shown.flatMap(columnOf), ...columns.filter(({ id }) => !shown.includes(id))] };
  }

  function change(to: (shown: readonly string[], id: string) => readonly string[]): (c: CommandContext) => Action[] {
    return ({ pane: context, view }) => {
      const { shown, all } = listed(context);
      const ids = all.map(({ id }) => id);
      const id = ids[listPlace(context.frame, ids, view.rows.page).index];
      const of = tableOf(context)?.id;
      if (id === undefined || of === undefined) return [];
      const columns = to(shown, id);
      if (columns.length === 0) return [{ type: "message", text: "one column stays", tone: "warn" }];
      const kept = Math.max(0, [...columns, ...ids.filter((other) => !columns.includes(other))].indexOf(id));
      return [
        { type: "columns", pane: of, columns },
        { type: "cursor", id, index: kept, top: context.frame.top },
      ];
    };
  }

  const commands: readonly Command[] = [
    key("toggle", "show this column, or hide it", "show/hide", ["space", "enter"], (shown, id) =>
      shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id],
    ),
    key("later", "this column further to the right", "right", ["J", "right"], (shown, id) => moved(shown, id, 1)),
    key("earlier", "this column further to the left", "left", ["K", "left"], (shown, id) => moved(shown, id, -1)),
    {
      id: "columns.default",
      title: "the usual columns again",
      short: "usual",
      keys: ["r"],
      scope: `pane:${ID}`,
      group: "view",
      run: ({ pane: context }) => {
        const of = tableOf(context)?.id;
        if (of === undefined) return [];
        return [
          { type: "columns", pane: of, columns: [] },
          { type: "cursor", id: null, index: 0, top: 0 },
        ];
      },
    },
  ];

  function key(
    name: string,
    title: string,
    short: string,
    keys: readonly string[],
    to: (shown: readonly string[], id: string) => readonly string[],
  ): Command {
    return { id: `${ID}.${name}`, title, short, keys, scope: `pane:${ID}`, group: "view", run: change(to) };
  }

  return {
    id: ID,
    title: "columns",
    over: true,
    about: "choose the columns of the table below and their order",
    asks: () => ({}),
    view(context) {
      const pane = tableOf(context);
      if (pane === undefined)
        return emptyView(
          line(span("Columns", "heading", true)),
          line(span("The pane below has none to choose.", "muted")),
        );
      const { shown, all } = listed(context);
      const head = line(
        span(`Columns of ${pane.title}`, "heading", true),
        span(`  ${shown.length} of ${all.length} are shown, from left to right`, "muted"),
      );
      const page = tablePage(
        context,
        {
          table: {
            columns: [
              {
                id: "shown",
                title: "",
                cell: ({ id }) =>
                  shown.includes(id) ? { text: "[x]", tone: "accent" } : { text: "[ ]", tone: "muted" },
              },
              {
                id: "title",
                title: "column",
                minWidth: 14,
                cell: ({ id, title }) => ({
                  text: title === "" ? id : title,
                  ...(shown.includes(id) ? {} : { tone: "muted" as const }),
                }),
              },
              { id: "id", title: "after :columns", keep: "head", cell: ({ id }) => ({ text: id, tone: "muted" }) },
            ],
          },
          rows: all,
          idOf: ({ id }) => id,
        },
        context.height - 2,
      );
      return { ...underHead([head, []], page), selection: {} };
    },
    commands,
    words: [
      {
        name: ID,
        usage: "columns [COLUMN,… | +COLUMN | -COLUMN | default]",
        about: "the columns of this table from left to right; alone: choose them from a list",
        several: true,
        complete: (app) => {
          const ids = (paneOnScreen(app, panes)?.columns ?? []).map(({ id }) => id);
          return [...ids, DEFAULT, ...ids.flatMap((id) => [`+${id}`, `-${id}`])];
        },
        run: (args, { app, pane: context }) => {
          const pane = paneWithColumns(app, panes);
          const words = args.split(/[\s,]+/).filter((word) => word !== "");
          if (words.length === 0) return app.stack.at(-1)?.pane === ID ? [] : choosingColumns(pane);
          const columns = words.join() === DEFAULT ? [] : chosenBy(words, pane, context);
          return [{ type: "columns", pane: pane.id, columns }];
        },
      },
    ],
  };
}

/** As chosen; where nothing was, those that are shown by themselves. */
function shownIds(context: PaneContext, pane: Pane): readonly string[] {
  const { columns = [], usualColumns } = pane;
  const chosen = chosenColumns(context, pane.id).filter((id) => columns.some((column) => column.id === id));
  if (chosen.length > 0) return chosen;
  return usualColumns?.(context) ?? columns.filter(({ optional }) => optional !== true).map(({ id }) => id);
}

function moved(shown: readonly string[], id: string, by: 1 | -1): readonly string[] {
  const at = shown.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= shown.length) return shown;
  return shown.with(at, shown[to] ?? id).with(to, id);
}

/** `code,user`, or what is shown with some more (`+ip`) and without others (`-user`). Throws a sentence. */
function chosenBy(words: readonly string[], pane: Pane, context: PaneContext): readonly string[] {
  const { columns = [] } = pane;
  const isChange = words.every((word) => /^[+-]/.test(word));
  let shown: readonly string[] = isChange ? shownIds(context, pane) : [];
  // Behind the first one: at the end it would be the first that there is no room for.
  let at = 1;
  for (const word of words) {
    const column = columnNamed(isChange ? word.slice(1) : word, columns);
    const others = shown.filter((other) => other !== column);
    if (!isChange) shown = [...others, column];
    else if (word.startsWith("-")) shown = others;
    else shown = others.toSpliced(at++, 0, column);
  }
  if (shown.length === 0) throw new Error("one column has to stay");
  return shown;
}

function columnNamed(word: string, columns: readonly Column[]): string {
  const ids = columns.map(({ id }) => id);
  const titles = new Map(columns.map(({ id, title }) => [title.toLowerCase().replaceAll(" ", ""), id]));
  const found = nameMeant(word, ids, titles) ?? plainDimensionNamed(word, ids);
  if (found !== null) return found;
  const near = namesNear(word, ids);
  const meant = near.length > 0 ? `did you mean ${near.join(" or ")}?` : ids.join(" ");
  throw new Error(`no column “${word}”: ${meant}`);
}
