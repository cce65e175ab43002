import type { PolicyReport } from "../../engine/policy-report.ts";
import { count } from "../../models/numbers.ts";
import { line, span } from "../../models/line.ts";
import type { Line } from "../../models/view.ts";
import type { PaneContext } from "../contract.ts";
import { lossRows } from "./tables.ts";

/** What the pane can show: of a policy that was given, and of the suggestion. */
const OF_GIVEN = ["rules", "lint", "lost", "resources", "users", "suggestion", "yaml"] as const;
const OF_SUGGESTION = ["suggestion", "lost", "resources", "users", "yaml"] as const;

export type Show = (typeof OF_GIVEN)[number];

export function showsIn({ app }: PaneContext): readonly Show[] {
  return app.policy === null ? OF_SUGGESTION : OF_GIVEN;
}

export function shownIn(context: PaneContext): Show {
  const shows = showsIn(context);
  return shows.find((show) => show === context.frame.params["show"]) ?? shows[0] ?? "suggestion";
}

/** All of them, with how much there is to see. */
export function showsLine(context: PaneContext, { given, replay }: PolicyReport): Line {
  const items = given?.items.length ?? 0;
  const lost = replay === null ? 0 : lossRows(replay.loses).length;
  const counts: Readonly<Partial<Record<Show, number>>> = { lint: items, lost };
  const current = shownIn(context);
  return line(
    ...showsIn(context).flatMap((show, at) => {
      const told = counts[show] === undefined ? show : `${show} ${count(counts[show])}`;
      const own = show === current ? span(told, "accent", true) : span(told, "muted");
      return at === 0 ? [own] : [span(" · ", "muted"), own];
    }),
  );
}
