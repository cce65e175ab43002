import type { AnswerFor, AskKind } from "../engine/contract.ts";
import { line, span } from "../models/line.ts";
import { percent } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line } from "../models/view.ts";
import type { Selection } from "../queries/contract.ts";
import type { Answers, PaneContext, PaneView } from "./contract.ts";

/** Latest value of an ask; `undefined` while there is none. The kind is the one the pane asked under this key. */
export function answerOf<K extends AskKind>(answers: Answers, key: string, _kind: K): AnswerFor<K> | undefined {
  const answered = answers[key];
  return answered === undefined || answered.value === undefined ? undefined : (answered.value as AnswerFor<K>);
}

export function selectionOf(context: PaneContext): Selection {
  return context.window === null ? { filter: context.filter } : { filter: context.filter, window: context.window };
}

export function isFiltered(context: PaneContext): boolean {
  const { app } = context;
  return context.window !== null || app.humansOnly || (app.chipsOn && app.chips.length > 0);
}

/** Marks numbers that answer an earlier question, or are of a part of the rows as yet. */
export function staleMark(answers: Answers, ...keys: readonly string[]): string {
  if (keys.some((key) => answers[key]?.stale === true)) return " …";
  const seen = Math.min(1, ...keys.map((key) => answers[key]?.partial ?? 1));
  return seen < 1 ? ` (${Math.floor(seen * 100)} %)` : "";
}

/** Why nothing is shown, in one sentence; null when the value is there and has something in it. */
export function absence(context: PaneContext, answers: Answers, key: string, isEmpty: boolean): Line | null {
  const answered = answers[key];
  if (answered !== undefined && answered.error !== null)
    return line(span(`This could not be answered: ${safeText(answered.error)}`, "danger"));
  const { status } = context;
  if (answered === undefined || answered.value === undefined) {
    if (status.filtering !== null) return line(span(`Filtering … ${Math.floor(status.filtering * 100)}%`, "info"));
    const done = status.progress === null ? "" : ` (${percent(status.progress)} read)`;
    return line(span(`Counting …${done}`, "muted"));
  }
  if (!isEmpty) return null;
  if (isFiltered(context) && status.requestsKept > 0)
    return line(
      span("No request matches the filters. ", "warn"),
      span("x", "key"),
      " shows all, ",
      span("X", "key"),
      " clears them.",
    );
  if (status.phase === "loading") return line(span("Reading … nothing yet.", "muted"));
  if (status.phase === "following") return line(span("Waiting for the first request …", "muted"));
  return line(span("There is no request in this input.", "warn"));
}

/** Where what is there answers another question: as if nothing were, but for the reason why there is nothing else. */
export function notYet(answers: Answers, key: string): Answers {
  const answer = answers[key];
  return answer === undefined || answer.error === null ? {} : answers;
}

/** A view of nothing but a heading and the reason. */
export function emptyView(heading: Line, reason: Line): PaneView {
  return {
    lines: [heading, [], [{ text: "  " }, ...reason]],
    wraps: true,
    cursorLine: null,
    rows: { count: 0, top: 0, page: 1, ids: [] },
    selection: {},
  };
}
