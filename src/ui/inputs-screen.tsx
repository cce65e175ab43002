import { Box } from "ink";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { wrapLine } from "../models/line.ts";
import type { InfoTable } from "./display.ts";
import { inputNotes, inputRows, totals } from "./info-pane.ts";
import type { InputsTableProps } from "./inputs-table.tsx";
import { type Painter, rowText } from "./paint.ts";
import { Rows } from "./rows.tsx";

/** Borders and heading of the table. */
const TABLE_FRAME_ROWS = 3;

export interface InputsScreenProps {
  readonly table: InfoTable;
  readonly paint: Painter;
  readonly unicode: boolean;
}

/**
 * `:info` as a table; as plain, scrolling lines while the widget loads, where it cannot, and when it would not fit. It is
 * loaded when it is first looked at: start-up does not pay for it.
 */
export function InputsScreen({ table, paint, unicode }: InputsScreenProps): ReactNode {
  const { info, width, height, timeZone, above, plain } = table;
  const [widget, setWidget] = useState<{ readonly Component: ComponentType<InputsTableProps> | null } | null>(null);
  useEffect(() => {
    let isMounted = true;
    import("./inputs-table.tsx").then(
      ({ InputsTable }) => isMounted && setWidget({ Component: InputsTable }),
      () => isMounted && setWidget({ Component: null }),
    );
    return () => {
      isMounted = false;
    };
  }, []);

  const plainRows = <Rows rows={[...above, ...plain]} />;
  if (widget === null || widget.Component === null) return plainRows;
  const below = [[], ...totals(info, timeZone), [], ...inputNotes(info)].flatMap((row) => wrapLine(row, width));
  const rows = inputRows(info, width);
  // A row stands as tall as two: each is followed by a separator.
  const room = height - TABLE_FRAME_ROWS - 2 * rows.length;
  // Plain lines scroll: nothing that does not fit may be missed.
  if (room < below.length) return plainRows;
  const { Component } = widget;
  return (
    <Box flexDirection="column" height={above.length + height} overflow="hidden">
      <Rows rows={above} />
      <Component rows={rows} unicode={unicode} />
      <Rows rows={below.map((line) => rowText(paint(line, width)))} />
    </Box>
  );
}
