import { Box } from "ink";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import type { InputsTableProps } from "./inputs-table.tsx";
import { inputNotes, inputRows, isInfo, totals } from "./info-pane.ts";
import type { Painter } from "./paint.ts";
import { Rows } from "./rows.tsx";
import type { Snapshot } from "./shell.ts";

/** Borders and heading of the table. */
const TABLE_FRAME_ROWS = 3;

export interface InputsScreenProps {
  readonly snapshot: Snapshot;
  readonly paint: Painter;
  readonly unicode: boolean;
  /** Plain, scrolling lines: while the table loads, where it cannot, and when it would not fit. */
  readonly fallback: ReactNode;
}

/** `:info` as a table. The widget is loaded when it is first looked at: start-up does not pay for it. */
export function InputsScreen({ snapshot, paint, unicode, fallback }: InputsScreenProps): ReactNode {
  const [table, setTable] = useState<{ readonly Component: ComponentType<InputsTableProps> | null } | null>(null);
  useEffect(() => {
    let isMounted = true;
    import("./inputs-table.tsx").then(
      ({ InputsTable }) => isMounted && setTable({ Component: InputsTable }),
      () => isMounted && setTable({ Component: null }),
    );
    return () => {
      isMounted = false;
    };
  }, []);

  const height = snapshot.layout?.body ?? 0;
  const width = snapshot.layout?.width ?? 0;
  const info = snapshot.answers["info"]?.value;
  if (table === null || table.Component === null || !isInfo(info)) return fallback;
  const below = [[], ...totals(info), [], ...inputNotes(info)];
  const rows = inputRows(info, width);
  // A row stands as tall as two: each is followed by a separator.
  const room = height - TABLE_FRAME_ROWS - 2 * rows.length;
  if (room < Math.min(below.length, 4)) return fallback;
  const { Component } = table;
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      <Component rows={rows} unicode={unicode} />
      <Rows rows={below.slice(0, room).map((line) => paint(line, width))} />
    </Box>
  );
}
