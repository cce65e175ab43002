import { type ReactNode, use } from "react";
import { breadcrumbLine, headerLine } from "../context-lines.ts";
import { LayoutContext } from "./drawing.ts";
import { Region, type RegionProps } from "./region.tsx";

/** Where we are, what narrows the numbers, and where the digits lead. */
export function Context(): ReactNode {
  const { hasChips } = use(LayoutContext);
  return <Region height={hasChips ? 2 : 1} draw={draw} />;
}

const draw: RegionProps["draw"] = (snapshot, { width, hasChips }, { paint, paneOf }) => {
  const lines = [
    breadcrumbLine(snapshot.state, paneOf, snapshot.context.view.summary, width),
    ...(hasChips ? [headerLine(snapshot, width)] : []),
  ];
  return lines.map((line) => paint(line, width));
};
