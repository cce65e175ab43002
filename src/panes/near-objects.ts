import type { Ask } from "../engine/contract.ts";
import { objectName } from "../events/object-name.ts";
import { line, span } from "../models/line.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import { answerOf } from "./answers.ts";
import type { Answers, PaneContext } from "./contract.ts";

const SHOWN = 3;
const UID = /^[0-9a-f]{8}-/i;

/** What a bare name could mean; a kind and a name, or a uid, mean one object or none. */
export function nearAsk({ frame }: PaneContext): Readonly<Record<string, Ask>> {
  const { object = "" } = frame.params;
  return object === "" || object.includes("/") || UID.test(object)
    ? {}
    : { near: { kind: "objects", text: object, limit: 50 } };
}

/** Why there is nothing to tell of the object, and what to type instead. `word`: the pane's own, after `:`. */
export function unknownObject({ frame, unicode }: PaneContext, answers: Answers, word: string): Line {
  const { object = "", namespace = "" } = frame.params;
  const rows = answerOf(answers, "near", "objects")?.rows ?? [];
  const named = rows.filter(({ name }) => name === object);
  const near = (named.length > 0 ? named : rows).slice(0, SHOWN);
  if (near.length > 0) {
    return line(
      span(`“${safeText(object, unicode)}” is neither KIND/NAME nor a uid of this log; it has `, "warn"),
      ...near.flatMap((row, at) => [at === 0 ? "" : ", ", span(safeText(objectName(row), unicode), "accent")]),
    );
  }
  const hint = namespace === "" ? ` A namespace may be missing: :${word} KIND/NAME -n NAMESPACE, or 4 to find it.` : "";
  return line(span("No request of this log changes it (reads and lease renewals leave no trail).", "warn"), hint);
}
