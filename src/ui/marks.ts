import type { Engine } from "../engine/contract.ts";
import { count } from "../models/numbers.ts";
import type { PaneContext } from "../panes/contract.ts";
import { openPrompt } from "../commands/prompt-text.ts";
import type { Action, Effect } from "../state/actions.ts";
import { isFound, markAt, markId, MOST_MARKS } from "../state/marks.ts";
import { cursorOn, listOf, seqUnderCursor, warning } from "./seek.ts";

/** Reads the request's facts, which the mark keeps. */
export async function markRequest(
  engine: Engine,
  marks: number,
  { seq, note }: Extract<Effect, { readonly kind: "mark" }>,
): Promise<readonly Action[]> {
  if (marks >= MOST_MARKS)
    return [warning(`${count(MOST_MARKS)} requests are marked, which is all that are kept: m takes one away`)];
  const detail = await engine.ask("request", { seq });
  if (detail === null) return [warning("this request is not kept any more: it cannot be marked")];
  const { facts, log } = detail;
  const mark: Action = { type: "mark", facts, log };
  if (note) return [mark, { type: "prompt", prompt: { ...openPrompt("note", ""), mark: markId(facts) } }];
  return [mark, { type: "message", text: `marked (${count(marks + 1)}); :marks lists them`, tone: "info" }];
}

/** Cursor onto the nearest marked request after (1) or before (−1) it that the filters show. */
export async function seekMark(engine: Engine, context: PaneContext, direction: 1 | -1): Promise<readonly Action[]> {
  const { app } = context;
  const from = await seqUnderCursor(engine, context);
  const place = async (seq: number): Promise<{ readonly at: number; readonly isShown: boolean }> => {
    const { at, rows } = await engine.ask("rows", { ...listOf(context), anchor: { seq }, before: 0, after: 1 });
    return { at, isShown: rows[0]?.seq === seq };
  };
  const start = from === null ? 0 : (await place(from)).at;
  const seqs = app.marks.filter(isFound).flatMap(({ facts }) => (facts.seq === from ? [] : facts.seq));
  let passed = 0;
  for (const seq of direction > 0 ? seqs : seqs.toReversed()) {
    const { at, isShown } = await place(seq);
    if ((at - start) * direction < 0) continue;
    if (!isShown) {
      passed += 1;
      continue;
    }
    const note = markAt(app.marks, seq)?.note ?? "";
    return [...(await cursorOn(engine, context, seq)), { type: "message", text: note || "marked", tone: "info" }];
  }
  const hidden = passed === 0 ? "" : ` (${count(passed)} filtered out or evicted)`;
  return [warning(direction > 0 ? `no later mark${hidden}` : `no earlier mark${hidden}`)];
}
