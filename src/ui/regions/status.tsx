import type { ReactNode } from "react";
import type { Snapshot } from "../snapshot.ts";
import { statusLine } from "../status-line.ts";
import { Region, type RegionProps } from "./region.tsx";

/** The line on top: what is loaded, how far, and what qualifies the numbers. */
export function Status(): ReactNode {
  return <Region height={1} draw={draw} facts={facts} />;
}

const draw: RegionProps["draw"] = ({ state, status, frozen }, { width }, { paint }) => [
  paint(statusLine(state, status, frozen, width), width),
];

const facts = ({ status, frozen, state }: Snapshot): readonly unknown[] => [
  status,
  frozen,
  state.paused,
  state.follow,
  state.timeZone,
];
