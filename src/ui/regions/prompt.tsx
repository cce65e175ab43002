import { type ReactNode, use, useSyncExternalStore } from "react";
import { lineWidth } from "../../models/line.ts";
import { promptLines } from "../prompt-lines.ts";
import { LayoutContext, useDrawing } from "./drawing.ts";
import { Overlay } from "./region.tsx";

/** What is typed, and below it what it means: over the footer and the last rows of the body, so that opening it moves nothing. */
export function Prompt(): ReactNode {
  const { shown, paint } = useDrawing();
  const { width, body } = use(LayoutContext);
  const snapshot = useSyncExternalStore(shown.subscribe, shown.snapshot);
  const { prompt } = snapshot.state;
  if (prompt === null) return null;
  const { over, before, under, after, below } = promptLines(prompt, snapshot, width);
  const cursorWidth = lineWidth(under);
  const typed = [
    ...paint(before, width - cursorWidth),
    ...paint(under, cursorWidth, { reverse: true }),
    ...paint(after, Math.max(0, width - cursorWidth - lineWidth(before))),
  ];
  const above = over.slice(Math.max(0, over.length - body + 1)).map((line) => paint(line, width));
  return <Overlay rows={[...above, typed, paint(below, width)]} />;
}
