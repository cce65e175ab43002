import type { LineCommand } from "../commands/contract.ts";
import type { Ask } from "../engine/contract.ts";
import { counted } from "../models/numbers.ts";
import { span } from "../models/line.ts";
import { safeText } from "../models/text-safety.ts";
import type { Span } from "../models/view.ts";
import type { RbacObjects } from "../rbac/objects.ts";
import { answerOf } from "./answers.ts";
import type { Answers, PaneContext } from "./contract.ts";

/** Roles and bindings of the file of `--existing` or `:existing`, for panes that hold a log against them. */
export function existingAsks({ app }: PaneContext): Readonly<Record<string, Ask>> {
  return app.existing === null ? {} : { existing: { kind: "roles", path: app.existing } };
}

export interface Existing {
  /** Null while there are none: none were given, they are being read, or they cannot be. */
  readonly objects: RbacObjects | null;
  /** What to say about it. */
  readonly spans: readonly Span[];
}

export function existingIn({ app, unicode }: PaneContext, answers: Answers): Existing {
  const { existing: path } = app;
  if (path === null) return { objects: null, spans: [] };
  const error = answers["existing"]?.error ?? null;
  if (error !== null) return { objects: null, spans: [span(`${safeText(error, unicode)}  `, "danger")] };
  const objects = answerOf(answers, "existing", "roles") ?? null;
  const problems = objects?.problems.length ?? 0;
  const told = problems === 0 ? "" : ` (${counted(problems, "part")} of it left out)`;
  return {
    objects,
    spans: [span(objects === null ? "reading roles …  " : `roles of ${safeText(path, unicode)}${told}  `, "muted")],
  };
}

export function existingOptions({ app }: PaneContext): readonly string[] {
  return app.existing === null ? [] : ["--existing", app.existing];
}

/** `:existing FILE`; without a file none again. */
export const existingWord: LineCommand = {
  name: "existing",
  usage: "existing FILE",
  about:
    "hold rights and bindings against these roles (kubectl get clusterroles,roles,clusterrolebindings,rolebindings -A -o json)",
  run: (args) => {
    const path = args.trim();
    return [
      { type: "existing", path: path === "" ? null : path },
      {
        type: "message",
        text: path === "" ? "no roles to hold against" : `roles as they are: ${safeText(path)}`,
        tone: "info",
      },
    ];
  },
};
