import { type ReactNode, use, useCallback, useEffect, useState } from "react";
import type { Info } from "../../engine/contract.ts";
import { wrapLine } from "../../models/line.ts";
import type { Line } from "../../models/view.ts";
import { infoOf, inputNotes, inputRows, totals } from "../info-pane.ts";
import { Body } from "./body.tsx";
import { LayoutContext, useDrawing, useShown } from "./drawing.ts";
import { Region, type RegionProps } from "./region.tsx";

/** Borders and heading of the table. */
const TABLE_FRAME_ROWS = 3;

/**
 * `:info` as a table; as the pane's plain, scrolling lines while the widget loads, where it cannot, and when it would not fit. It is
 * loaded when it is first looked at: start-up does not pay for it.
 */
export function Inputs(): ReactNode {
  const { unicode } = useDrawing();
  const { width, body } = use(LayoutContext);
  const info = useShown(({ answers }) => infoOf(answers));
  const timeZone = useShown(({ state }) => state.timeZone);
  const table = useTable(info, width, unicode);
  const draw = useCallback<RegionProps["draw"]>(
    (_, layout, { paint }) =>
      info === null || table === null
        ? []
        : [...table, ...below(info, timeZone, width)].map((line) => paint(line, layout.width)),
    [info, table, timeZone, width],
  );
  if (info === null || table === null) return <Body />;
  // A row stands as tall as two: each is followed by a separator. Plain lines scroll: nothing that does not fit may be missed.
  const needs = TABLE_FRAME_ROWS + 2 * info.inputs.length + below(info, timeZone, width).length;
  return needs > body ? <Body /> : <Region height={body} draw={draw} facts={nothingElse} />;
}

/** `draw` is another where it would draw anything else. */
const nothingElse = (): readonly unknown[] => [];

function below(info: Info, ...[timeZone, width]: [Parameters<typeof totals>[1], number]): readonly Line[] {
  return [[], ...totals(info, timeZone), [], ...inputNotes(info)].flatMap((row) => wrapLine(row, width));
}

/** The table of an earlier answer stands until the next is drawn. */
function useTable(info: Info | null, width: number, unicode: boolean): readonly Line[] | null {
  const [drawn, setDrawn] = useState<readonly Line[] | null>(null);
  useEffect(() => {
    if (info === null) return;
    let isWanted = true;
    import("../inputs-table.tsx").then(
      ({ inputsTable }) => isWanted && setDrawn(inputsTable(inputRows(info, width), unicode, width)),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [info, width, unicode]);
  return drawn;
}
