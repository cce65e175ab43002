import type { ReactNode } from "react";
import { SMALLEST } from "../layout.ts";
import { useShown } from "./drawing.ts";
import { Region, type RegionProps } from "./region.tsx";

/** In place of everything where a pane would have no room. */
export function TooSmall(): ReactNode {
  return <Region height={useShown(({ state }) => state.size.rows)} draw={draw} />;
}

const draw: RegionProps["draw"] = ({ state: { size } }, _, { paint }) => {
  const sentences = [
    "terminal too small",
    `needs ${SMALLEST.columns}×${SMALLEST.rows}, is ${size.columns}×${size.rows}`,
    "ctrl-c leaves",
  ];
  return sentences.map((text) => paint([{ text }], size.columns));
};
