import { type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import type { Info } from "../../engine/contract.ts";
import { wrapLine } from "../../models/line.ts";
import type { Line } from "../../models/view.ts";
import { infoOf, inputNotes, tableRows, totals } from "../info-pane.ts";
import { Body } from "./body.tsx";
import { LayoutContext, useDrawing, useShown } from "./drawing.ts";
import { Region, type RegionProps } from "./region.tsx";

/** Borders and heading of the table; a row stands as tall as two: each is followed by a separator or the border. */
const TABLE_FRAME_ROWS = 3;
const ROWS_EACH = 2;

/**
 * `:info` as a table; as the pane's plain, scrolling lines while the widget loads, where it cannot, and when it would not fit. It is
 * loaded when it is first looked at: start-up does not pay for it.
 */
export function Inputs(): ReactNode {
  const { unicode } = useDrawing();
  const { width, body } = use(LayoutContext);
  const info = useShown(({ answers }) => infoOf(answers));
  const timeZone = useShown(({ state }) => state.timeZone);
  const isRoom = info !== null && TABLE_FRAME_ROWS + ROWS_EACH * info.inputs.length <= body;
  const table = useTable(isRoom ? info : null, width, unicode);
  const rows = useMemo(
    () => (info === null || table === null ? null : [...table, ...below(info, timeZone, width)]),
    [info, table, timeZone, width],
  );
  const draw = useCallback<RegionProps["draw"]>(
    (_, layout, { paint }) => (rows ?? []).map((line) => paint(line, layout.width)),
    [rows],
  );
  // Plain lines scroll: nothing that does not fit may be missed.
  return rows === null || rows.length > body ? <Body /> : <Region height={body} draw={draw} facts={nothingElse} />;
}

/** `draw` is another where it would draw anything else. */
const nothingElse = (): readonly unknown[] => [];

function below(info: Info, ...[timeZone, width]: [Parameters<typeof totals>[1], number]): readonly Line[] {
  return [[], ...totals(info, timeZone), [], ...inputNotes(info)].flatMap((row) => wrapLine(row, width));
}

/** The table of an earlier answer stands until the next is drawn. */
function useTable(info: Info | null, width: number, unicode: boolean): readonly Line[] | null {
  const rows = useMemo(() => (info === null ? null : tableRows(info, width)), [info, width]);
  const [drawn, setDrawn] = useState<readonly Line[] | null>(null);
  useEffect(() => {
    if (rows === null) return;
    let isWanted = true;
    import("../inputs-table.tsx").then(
      ({ inputsTable }) => isWanted && setDrawn(inputsTable(rows, unicode, width)),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [rows, width, unicode]);
  return rows === null ? null : drawn;
}
