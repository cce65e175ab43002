import { type ReactNode, use } from "react";
import { fitText, type Keep } from "../../models/display-width.ts";
import type { Line } from "../../models/view.ts";
import type { Candidate } from "../finder.ts";
import { LayoutContext } from "./drawing.ts";
import { Region, type RegionProps } from "./region.tsx";

/** Candidates of the find prompt in place of the pane, scrolled so that the highlighted one is visible. */
export function Finder(): ReactNode {
  return <Region height={use(LayoutContext).body} draw={draw} />;
}

const draw: RegionProps["draw"] = ({ candidates, state }, { width, body }, { paint }) => {
  if (candidates.length === 0) return [paint([{ text: " nothing fits", tone: "muted" }], width)];
  // The prompt lies over the last row.
  const height = body - 1;
  const chosen = Math.min(state.prompt?.selected ?? 0, candidates.length - 1);
  const top = Math.max(0, chosen - height + 1);
  return candidates
    .slice(top, top + height)
    .map((candidate, at) => paint(candidateLine(candidate, width), width, { reverse: at === chosen - top }));
};

function candidateLine(candidate: Candidate, width: number): Line {
  const details = Math.min(40, Math.floor(width / 3));
  return [
    { text: ` ${fitText(candidate.kind, 9)} `, tone: "muted" },
    { text: fitText(candidate.label, Math.max(1, width - details - 13), "left", keptOf(candidate)) },
    { text: ` ${fitText(candidate.detail, details, "left", "head")}`, tone: "muted" },
  ];
}

/** Names keep their tail, sentences and usages their beginning. */
function keptOf({ kind }: Candidate): Keep {
  return kind === "setting" || kind === "command" ? "head" : "tail";
}
