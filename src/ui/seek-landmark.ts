import type { Engine } from "../engine/contract.ts";
import { count, counted, duration } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { PaneContext } from "../panes/contract.ts";
import type { Restart } from "../queries/continuity/contract.ts";
import type { TimeWindow } from "../queries/contract.ts";
import { windowWithin } from "../panes/own-time.ts";
import type { Action } from "../state/actions.ts";
import { selectionOf } from "../panes/answers.ts";
import { cursorOn, listOf, seqUnderCursor, warning } from "./seek.ts";

/** A place in time worth stopping at. */
interface Landmark {
  /** Where it is among the others, µs. */
  readonly atUs: number;
  /** The request to stop at is the first, or the last, in this window. */
  readonly window: TimeWindow;
  readonly edge: "oldest" | "newest";
  /** Said when the cursor is there. */
  text(): string | Promise<string>;
}

/**
 * Cursor onto the next (1) or previous (−1) gap, restart or burst: behind or before a silence of an API server, at the start
 * of a burst of what the filter shows.
 */
export async function seekLandmark(
  engine: Engine,
  context: PaneContext,
  direction: 1 | -1,
): Promise<readonly Action[]> {
  const from = await underCursor(engine, context);
  const landmarks = [...(await breaks(engine, direction)), ...(await bursts(engine, context))]
    .filter(({ atUs }) => (direction > 0 ? atUs >= from.us : atUs <= from.us))
    .toSorted((a, b) => direction * (a.atUs - b.atUs));
  for (const landmark of landmarks) {
    const window = windowWithin(context, landmark.window);
    const { rows } = await engine.ask("rows", {
      ...listOf(context),
      window,
      anchor: landmark.edge,
      before: 1,
      after: 1,
    });
    const target = landmark.edge === "oldest" ? rows[0] : rows.at(-1);
    const isAhead = target !== undefined && target.seq !== from.seq && direction * (target.receivedUs - from.us) >= 0;
    if (!isAhead) continue;
    const text = await landmark.text();
    return [...(await cursorOn(engine, context, target.seq)), { type: "message", text, tone: "info" }];
  }
  return [warning(`no ${direction > 0 ? "later" : "earlier"} gap, restart or burst`)];
}

/** Silences, and what is known of them: a restart is one stop, whether its silence is a gap or too short for one. */
async function breaks(engine: Engine, direction: 1 | -1): Promise<readonly Landmark[]> {
  const { gaps, restarts } = await engine.ask("continuity", {});
  const known = new Set(restarts.map(({ apiserver, to }) => `${apiserver} ${to}`));
  return [
    ...restarts.map((restart) => landmarkOf(restart, restartText(restart), direction)),
    ...gaps
      .filter(({ apiserver, to }) => !known.has(`${apiserver} ${to}`))
      .map((gap) => landmarkOf(gap, `${duration(gap.seconds * 1_000)} of silence`, direction)),
  ];
}

function restartText({ apiserver, from, seconds, cutOff, confidence }: Restart): string {
  const what = `${confidence === "certain" ? "" : "likely "}${from === null ? "start" : "restart"}`;
  const server = apiserver === "" ? "" : ` of ${safeText(apiserver)}`;
  const silence = seconds === null ? "" : `: ${duration(seconds * 1_000)} of silence`;
  const lost = cutOff === 0 ? "" : `, ${count(cutOff)} cut off`;
  return `${what}${server}${silence}${lost},`;
}

function landmarkOf(
  { from, to }: { readonly from: string | null; readonly to: string },
  text: string,
  direction: 1 | -1,
): Landmark {
  const toUs = Date.parse(to) * 1_000;
  const fromUs = from === null ? toUs : Date.parse(from) * 1_000;
  return direction > 0 || from === null
    ? { atUs: fromUs, window: { fromUs: toUs }, edge: "oldest", text: () => `${text} before this request` }
    : { atUs: toUs, window: { toUs: fromUs + 1_000 }, edge: "newest", text: () => `${text} after this request` };
}

async function bursts(engine: Engine, context: PaneContext): Promise<readonly Landmark[]> {
  const selection = selectionOf(context);
  const found = await engine.ask("bursts", selection);
  return found.bursts.map(({ fromUs, toUs, requests, usual }) => {
    const window = { fromUs, toUs };
    return {
      atUs: fromUs,
      window,
      edge: "oldest",
      text: async () => {
        const mostly = await makers(engine, context, windowWithin(context, window));
        const steps = (toUs - fromUs) / 1_000 / found.stepMs;
        const times = (requests / steps / usual).toFixed(1);
        return `burst: ${counted(requests, "request")} in ${duration((toUs - fromUs) / 1_000)}, ${times}× the usual${mostly}`;
      },
    };
  });
}

/** Of a burst made by everybody no single client is named. */
const NAMED_SHARE = 0.3;

/** Who made most of the requests in a window, as narrowly as one answer covers a good part of them. */
async function makers(engine: Engine, context: PaneContext, window: TimeWindow): Promise<string> {
  for (const by of [["who", "verb", "resource"], ["who"]] as const) {
    const { rows } = await engine.ask("groups", {
      ...selectionOf(context),
      window,
      by,
      limit: 1,
      measures: ["requests"],
    });
    const [most] = rows;
    if (most === undefined || most.share < NAMED_SHARE) continue;
    const words = by.map((dimension) => safeText(most.key[dimension] ?? "", context.unicode)).filter(Boolean);
    return `, ${Math.round(most.share * 100)}% ${words.join(" ")}`;
  }
  return "";
}

async function underCursor(
  engine: Engine,
  context: PaneContext,
): Promise<{ readonly seq: number; readonly us: number }> {
  const seq = await seqUnderCursor(engine, context);
  const nowhere = { seq: -1, us: 0 };
  if (seq === null) return nowhere;
  const { rows } = await engine.ask("rows", { ...listOf(context), anchor: { seq }, before: 0, after: 1 });
  return rows[0] === undefined ? nowhere : { seq: rows[0].seq, us: rows[0].receivedUs };
}
