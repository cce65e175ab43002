import type { RequestFacts } from "../../events/request.ts";
import { markdownText } from "../../models/markdown-text.ts";
import { count, duration } from "../../models/numbers.ts";
import { dateTime, zoneName } from "../../models/times.ts";
import { quote } from "../../queries/print-filter.ts";
import type { Mark } from "../../state/app-state.ts";
import type { PaneContext } from "../contract.ts";
import { codeText, resourceOf } from "../requests/table.ts";
import { commandLineFor } from "../shell-command.ts";

/** IDs on one command line; further requests have theirs each. */
const MOST_IDS = 50;

/**
 * The marked requests as Markdown for a post-mortem: what happened when, by whom, with the notes and the command lines that
 * show each again. Times are of the screen's zone, texts of the log masked and nothing but text.
 */
export function timeline(context: PaneContext): string {
  const { marks, timeZone } = context.app;
  const zone = zoneName((marks[0]?.facts.receivedUs ?? Number.NaN) / 1_000, timeZone);
  const requests = `${count(marks.length)} ${marks.length === 1 ? "request" : "requests"}`;
  const rows = marks.map((mark) => tableRow(context, mark));
  return [
    "# Timeline",
    "",
    `${requests} of ${inputsText(context)}, marked in ktrail. Times are ${zone}.`,
    "",
    row(["time", "who", "what", "code", "note", "auditID"]),
    row(["---", "---", "---", "---", "---", "---"]),
    ...rows,
    "",
    "## Show them again",
    "",
    ...codeBlock(reopening(context, marks)),
    "",
    ...marks.flatMap((mark) => [
      `${markdownText(timeOf(context, mark.facts))} ${markdownText(whatOf(mark.facts))}:`,
      "",
      ...codeBlock(eventLine(context, mark.facts)),
      "",
    ]),
  ].join("\n");
}

/** The explorer on the marked requests. */
export function reopening(context: PaneContext, marks: readonly Mark[]): string {
  const ids = [...new Set(marks.map(({ facts }) => facts.auditID))].filter((id) => id !== "").slice(0, MOST_IDS);
  const term = `id:${ids.map((id) => quote(id)).join(",")}`;
  return commandLineFor(context, { command: "", unfiltered: true, options: ids.length === 0 ? [] : ["-q", term] });
}

function eventLine(context: PaneContext, { auditID, source }: RequestFacts): string {
  return commandLineFor(context, {
    command: "events",
    inputs: [source.path],
    unfiltered: true,
    options: auditID === "" ? [] : ["-q", `id:${quote(auditID)}`, "-o", "json"],
  });
}

function tableRow(context: PaneContext, { facts, note }: Mark): string {
  const who = facts.asFrom === "" ? facts.user : `${facts.user} (really ${facts.asFrom})`;
  const cells = [timeOf(context, facts), who || "nobody", whatOf(facts), outcomeOf(facts), note, facts.auditID];
  return row(cells.map((cell) => markdownText(cell)));
}

function timeOf(context: PaneContext, facts: RequestFacts): string {
  return dateTime(facts.receivedUs / 1_000, context.app.timeZone);
}

function whatOf(facts: RequestFacts): string {
  const object = [facts.namespace, facts.name].filter((part) => part !== "").join("/");
  return [facts.verb, resourceOf(facts), object].filter((part) => part !== "").join(" ");
}

function outcomeOf(facts: RequestFacts): string {
  const took = facts.latencyMs === null || facts.longRunning ? "" : `in ${duration(facts.latencyMs)}`;
  return [codeText(facts), facts.reason, took].filter((part) => part !== "").join(" ");
}

function inputsText({ status }: PaneContext): string {
  const paths = status.inputs.filter((input) => input.passedOver === null).map((input) => input.path);
  const shown = paths
    .slice(0, 3)
    .map((cell) => markdownText(cell))
    .join(", ");
  return paths.length <= 3 ? shown || "no input" : `${shown} and ${count(paths.length - 3)} more`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Indented: nothing in the line can end it, as a fence of backticks could be. */
function codeBlock(line: string): readonly string[] {
  return [`    ${line}`];
}
