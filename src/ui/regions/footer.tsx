import type { ReactNode } from "react";
import { footerLine } from "../footer-line.ts";
import { Region, type RegionProps } from "./region.tsx";

/** The keys that work here, as far as they fit. */
export function Footer(): ReactNode {
  return <Region height={1} draw={draw} />;
}

const draw: RegionProps["draw"] = ({ state, commands, context }, { width }, { paint }) =>
  // Something lies over it.
  state.prompt === null && state.message === null ? [paint(footerLine(commands, context, width), width)] : [];
