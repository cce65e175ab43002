import { type ReactNode, use } from "react";
import { wrapLine } from "../../models/line.ts";
import type { Line } from "../../models/view.ts";
import { explanationOf } from "../../panes/explanation.ts";
import type { Snapshot } from "../snapshot.ts";
import { LayoutContext } from "./drawing.ts";
import { Region, type RegionProps } from "./region.tsx";

/** What the pane on top shows. */
export function Body(): ReactNode {
  return <Region height={use(LayoutContext).body} draw={draw} />;
}

const draw: RegionProps["draw"] = (snapshot, { width, body }, { paint }) => {
  const { lines, cursorLine } = snapshot.context.view;
  return [...lines, ...reasons(snapshot, width)]
    .slice(0, body)
    .map((line, at) => paint(line, width, { reverse: at === cursorLine }));
};

/** Below an empty pane: which filter is to blame, and what is near. */
function reasons({ explanation, state }: Snapshot, width: number): readonly Line[] {
  if (explanation === null) return [];
  const sentences = explanationOf(explanation, state.timeZone);
  if (sentences.length === 0) return [];
  return [[], ...sentences.flatMap((sentence) => wrapLine([{ text: `  ${sentence}` }], width).slice(0, 3))];
}
