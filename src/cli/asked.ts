/** One question to an engine that has read its inputs. */
import type { Engine, FeedingEngine } from "../engine/contract.ts";
import { explanationOf } from "../panes/explanation.ts";
import { MATCH_ALL } from "../queries/contract.ts";
import { resolveTime } from "../queries/time-value.ts";
import { overviewAnswer } from "./commands/overview.ts";
import type { CommandContext, Invocation } from "./contract.ts";
import type { Answer } from "./output.ts";
import { selectionOf } from "./selection.ts";

/** What a command works with; `isTerminal` and `stop` as of its context. Throws KT101 for a mistake in a filter. */
export async function contextOf(
  engine: FeedingEngine,
  invocation: Invocation,
  { isTerminal, stop }: Pick<CommandContext, "isTerminal" | "stop">,
): Promise<CommandContext> {
  const selection = selectionOf(invocation.options, await referenceUs(engine, invocation));
  return { engine, invocation, selection, isTerminal, stop };
}

/** The answer of a command, or the overview. */
export function answerTo(context: CommandContext): Promise<Answer> {
  return (context.invocation.command.answer ?? overviewAnswer)(context);
}

/** Why a filter that was asked for matches nothing; empty where it does, or none was. */
export async function emptiness({ engine, invocation, selection }: CommandContext): Promise<readonly string[]> {
  const isNarrowed = selection.window !== undefined || selection.filter !== MATCH_ALL;
  if (!invocation.command.options.includes("query") || !isNarrowed) return [];
  return explanationOf(await engine.ask("explain", { ...selection, settled: true }), invocation.options.tz);
}

/** What relative times count back from: now when following, else the last event. µs since the epoch. */
async function referenceUs(engine: Engine, { options }: Invocation): Promise<number> {
  if (options.follow) return Date.now() * 1_000;
  if (options.since === undefined && options.until === undefined) return 0;
  const { span } = await engine.ask("info", {});
  return resolveTime(span.to ?? "now", { referenceUs: Date.now() * 1_000, zone: "utc" }) ?? 0;
}
