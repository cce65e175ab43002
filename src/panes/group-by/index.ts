import type { Command, CommandContext } from "../../commands/contract.ts";
import { cutLine, line, span } from "../../models/line.ts";
import { layoutTable } from "../../models/table-layout.ts";
import { safeText } from "../../models/text-safety.ts";
import type { TableModel } from "../../models/view.ts";
import type { PlainDimension } from "../../queries/contract.ts";
import type { Action } from "../../state/actions.ts";
import type { AppState, Frame } from "../../state/app-state.ts";
import { frameOf } from "../../state/initial-state.ts";
import type { Pane, PaneContext } from "../contract.ts";
import {
  DIMENSION_CHOICES,
  type DimensionChoice,
  dimensionTitle,
  dimensionsOf,
  parseDimensions,
} from "../dimensions.ts";
import { listPlace } from "../list-place.ts";

/**
 * What the rows of `top` are: one letter picks, `b` adds a second dimension. With `only` (a term) it breaks down what one
 * row of the pane below counted.
 */
export const groupByPane: Pane = {
  id: "group-by",
  title: "group by",
  over: true,
  about: "choose what to count by; b again adds a second dimension",
  asks: () => ({}),
  view(context) {
    const { app, frame, width, height } = context;
    const current = dimensionsOf(byOf(app, frame), []);
    const isAdding = frame.params["add"] === "1";
    const first = current[0];
    const only = frame.params["only"] ?? "";
    const group = only === "" ? "Group by " : `Group ${safeText(only)} by `;
    const heading = isAdding
      ? line(
          span(`${group}${first === undefined ? "" : dimensionTitle(first)} and `, "heading", true),
          span("…", "accent"),
        )
      : line(span(group, "heading", true), span("…", "accent"));
    const hint = line(
      span("  a letter picks, ", "muted"),
      span("b", "key"),
      span(isAdding ? " only one dimension" : " adds a second dimension", "muted"),
      span(" · annotations: ", "muted"),
      ":top annotation:KEY",
    );
    const page = Math.max(1, height - 3);
    const ids = DIMENSION_CHOICES.map((choice) => choice.dimension);
    const place = listPlace(frame, ids, page);
    const shown = place.shown(DIMENSION_CHOICES);
    const table = layoutTable(choices(shown, current), { width, cursorId: place.cursorId, headless: true });
    return {
      lines: [cutLine(heading, width), hint, [], ...table.lines],
      cursorLine: table.cursorLine === null ? null : table.cursorLine + 3,
      rows: place.rows,
      selection: {},
    };
  },
  words: [
    {
      name: "group-by",
      usage: "group-by [DIM[,DIM]]",
      about: "what to count by: user,verb; alone: choose it from a list",
      completes: "dimension",
      run: (args, context) => {
        const by = parseDimensions(args).join(",");
        const { pane } = context.pane.frame;
        if (by === "") return pane === "group-by" ? [] : [{ type: "push", frame: frameOf("group-by") }];
        if (pane === "group-by") return regrouped(context, by);
        return GROUPED.includes(pane) ? grouped(by) : [{ type: "open", frame: frameOf("top", { by }) }];
      },
    },
  ],
  commands: [
    {
      id: "group-by.add",
      title: "add a second dimension, or only one again",
      short: "second",
      keys: ["b"],
      scope: "pane:group-by",
      group: "view",
      run: ({ pane }) => [{ type: "params", params: { add: pane.frame.params["add"] === "1" ? "" : "1" } }],
    },
    {
      id: "group-by.pick",
      title: "group by the dimension under the cursor",
      short: "pick",
      keys: ["enter"],
      scope: "pane:group-by",
      group: "view",
      run: (context) => {
        const { rows } = context.view;
        const place = listPlace(
          context.pane.frame,
          DIMENSION_CHOICES.map((choice) => choice.dimension),
          rows.page,
        );
        const choice = DIMENSION_CHOICES[place.index];
        return choice === undefined ? [] : picked(context, choice);
      },
    },
    ...DIMENSION_CHOICES.map((choice): Command => ({
      id: `group-by.${choice.dimension}`,
      title: `group by ${choice.title}: ${choice.about}`,
      keys: [choice.key],
      scope: "pane:group-by",
      group: "view",
      run: (context) => picked(context, choice),
    })),
  ],
};

function choices(shown: readonly DimensionChoice[], current: readonly string[]): TableModel {
  return {
    kind: "table",
    columns: [
      { id: "key", title: "" },
      { id: "title", title: "" },
      { id: "about", title: "", grow: 1, keep: "head", minWidth: 10 },
    ],
    rows: shown.map((choice) => ({
      id: choice.dimension,
      cells: [
        { text: choice.key, tone: "key" },
        { text: choice.title, ...(current.includes(choice.dimension) ? { tone: "accent" as const } : {}) },
        { text: choice.about, tone: "muted" },
      ],
    })),
    rowCount: DIMENSION_CHOICES.length,
    firstRow: 0,
  };
}

/** Panes that show groups of anything; the parameter is the same. */
const GROUPED: readonly string[] = ["top", "latency", "compare"];

/** As it was opened with, else as the pane below is grouped. */
function byOf(app: AppState, frame: Frame): string | undefined {
  return frame.params["by"] ?? app.stack.at(-2)?.params["by"];
}

function picked(context: CommandContext, { dimension }: DimensionChoice): readonly Action[] {
  const { app, pane } = context;
  const first = dimensionsOf(byOf(app, pane.frame), ["user"])[0] ?? "user";
  const isAdded = pane.frame.params["add"] === "1" && first !== dimension;
  return regrouped(context, isAdded ? `${first},${dimension}` : dimension);
}

/** Back to the pane below, regrouped; where there is none that groups, on to `top`. */
function regrouped({ pane, app }: CommandContext, by: string): readonly Action[] {
  const only = pane.frame.params["only"] ?? "";
  if (only !== "") return [{ type: "replace", frame: frameOf("top", { by }), chips: [only] }];
  if (!GROUPED.includes(app.stack.at(-2)?.pane ?? "")) return [{ type: "replace", frame: frameOf("top", { by }) }];
  return [{ type: "back" }, ...grouped(by)];
}

function grouped(by: string): readonly Action[] {
  return [
    { type: "params", params: { by } },
    { type: "cursor", id: null, index: 0, top: 0 },
  ];
}

/** The command that opens it, for a pane's own list of commands. */
export function groupByCommand(paneId: string, fallback: PlainDimension = "user"): Command {
  return {
    id: `${paneId}.group-by`,
    title: "group by … (again: and by a second dimension)",
    short: "group by",
    keys: ["b"],
    scope: `pane:${paneId}`,
    group: "view",
    run: ({ pane }) => [{ type: "push", frame: frameOf("group-by", { by: groupedBy(pane, fallback) }) }],
  };
}

function groupedBy(context: PaneContext, fallback: PlainDimension): string {
  return dimensionsOf(context.frame.params["by"], [fallback]).join(",");
}
