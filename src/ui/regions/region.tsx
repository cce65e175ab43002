import { Box, type DOMElement, measureElement, Text } from "ink";
import { memo, type ReactNode, use, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { displayWidth } from "../../models/display-width.ts";
import type { Layout } from "../layout.ts";
import { type PaintedRow, rowText } from "../paint.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Drawing, LayoutContext, useDrawing } from "./drawing.ts";

export interface RegionProps {
  /** Rows of its box, whatever is in it. */
  readonly height: number;
  /** The same function as long as the same is to be drawn of a snapshot. */
  readonly draw: (snapshot: Snapshot, layout: Layout, drawing: Drawing) => readonly PaintedRow[];
  /** All that `draw` looks at: where it is the same as before nothing is drawn. Absent: everything. */
  readonly facts?: (snapshot: Snapshot) => readonly unknown[];
}

/**
 * A part of the screen that is always there. Ink says where its box stands; what is in it goes to the surface whenever there is
 * something new, without React: a commit for each moved cursor would lay out and repaint the whole screen.
 */
export const Region = memo(function Region({ height, draw, facts }: RegionProps): ReactNode {
  const drawing = useDrawing();
  const layout = use(LayoutContext);
  const box = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    const { surface, shown } = drawing;
    if (surface === null || box.current === null) return;
    const { y } = measureElement(box.current);
    let drawn: readonly unknown[] | null = null;
    const handOver = (): void => {
      const snapshot = shown.snapshot();
      const seen = facts?.(snapshot) ?? null;
      if (seen !== null && drawn !== null && seen.every((fact, at) => fact === drawn?.[at])) return;
      drawn = seen;
      surface.put(y, height, draw(snapshot, layout, drawing));
    };
    handOver();
    return shown.subscribe(handOver);
  }, [drawing, layout, height, draw, facts]);
  return (
    <Box ref={box} height={height} flexShrink={0} flexDirection="column" overflow="hidden">
      {drawing.surface === null ? <ShownRows draw={draw} /> : null}
    </Box>
  );
});

/** Rows that lie over the last ones of the screen, the regions below them. */
export function Overlay({ rows }: { readonly rows: readonly PaintedRow[] }): ReactNode {
  const { surface } = useDrawing();
  const { width } = use(LayoutContext);
  const box = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    if (surface !== null && box.current !== null) surface.coverBy({ top: measureElement(box.current).y, rows });
  });
  useLayoutEffect(() => () => surface?.coverBy(null), [surface]);
  return (
    <Box ref={box} position="absolute" bottom={0} width="100%" height={rows.length} flexDirection="column">
      {surface === null ? <Rows rows={rows.map((row) => filled(row, width))} /> : null}
    </Box>
  );
}

/** Nothing of what lies below shows beside it. */
function filled(row: PaintedRow, width: number): PaintedRow {
  const used = row.reduce((sum, { text }) => sum + displayWidth(text), 0);
  return [...row, { text: " ".repeat(Math.max(0, width - used)), sgr: "" }];
}

function ShownRows({ draw }: Pick<RegionProps, "draw">): ReactNode {
  const drawing = useDrawing();
  const layout = use(LayoutContext);
  const snapshot = useSyncExternalStore(drawing.shown.subscribe, drawing.shown.snapshot);
  return <Rows rows={draw(snapshot, layout, drawing)} />;
}

/** One `<Text>` each. An empty row still takes its place, and none gives way to those that don't fit. */
function Rows({ rows }: { readonly rows: readonly PaintedRow[] }): ReactNode {
  return rows.map((row, at) => (
    <Box key={at} height={1} flexShrink={0}>
      <Text wrap="truncate-end">{row.length === 0 ? " " : rowText(row)}</Text>
    </Box>
  ));
}
