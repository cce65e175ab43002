import type { Finding, FindingsResult } from "../../findings/contract.ts";
import { resample } from "../../models/charts.ts";
import { line, span } from "../../models/line.ts";
import { newestText } from "../../models/newest-only.ts";
import { safeText } from "../../models/text-safety.ts";
import { parseTime } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import type { SeriesResult } from "../../queries/contract.ts";
import type { PaneContext } from "../contract.ts";
import { countsText, severityMark, severityTone, worstText } from "../findings/severity.ts";
import { shortTitle } from "../findings/short-title.ts";
import { GUTTER } from "./chart.ts";

const ROOMY = 100;

/** How many there are, and the worst ones by name; at most so many lines. */
export function findingLines(context: PaneContext, result: FindingsResult | undefined, most: number): readonly Line[] {
  if (result === undefined || most === 0) return [];
  const { unicode, app } = context;
  const newest = result.newest === undefined ? "" : `  ${newestText(result.newest, app.timeZone)}`;
  if (result.findings.length === 0)
    return newest === "" ? [] : [line(span("8", "key"), span(" no findings", "muted"), span(newest, "warn"))];
  // Where there is one line, most of it is for what the worst one is.
  const isShort = most === 1 && context.width < ROOMY;
  const told = isShort ? worstText(result.findings) : countsText(result.findings);
  const counts = line(
    span("8", "key"),
    span(` findings  ${told}  `, "muted"),
    span(newest === "" ? "" : `${newest.trim()}  `, "warn"),
  );
  const [worst, ...others] = worstOfKinds(result.findings, most).map((finding) => {
    const title = isShort ? shortTitle(finding) : finding.title;
    return span(
      `${severityMark(finding.severity, unicode)} ${safeText(title, unicode)}`,
      severityTone(finding.severity),
    );
  });
  if (most === 1 || worst === undefined) return [line(...counts, worst ?? "")];
  return [counts, ...[worst, ...others].slice(0, most - 1).map((text) => line("  ", text))];
}

/** Of each kind the first: ten pods of the same sort would hide everything else. */
function worstOfKinds(findings: readonly Finding[], most: number): readonly Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) if (!byId.has(finding.id)) byId.set(finding.id, finding);
  return [...byId.values()].slice(0, most);
}

/** Where on the time axis something that is at least high began. */
export function findingMarks(
  context: PaneContext,
  result: FindingsResult | undefined,
  series: SeriesResult,
): Line | null {
  const bad = (result?.findings ?? []).filter(({ severity }) => severity === "critical" || severity === "high");
  const startMs = parseTime(series.points[0]?.t ?? null);
  const buckets = series.points.map(() => 0);
  for (const { firstSeen } of bad) {
    const at = Math.floor((parseTime(firstSeen) - startMs) / series.stepMs);
    if (at >= 0 && at < buckets.length) buckets[at] = 1;
  }
  if (!buckets.includes(1)) return null;
  const columns = resample(buckets, Math.max(1, context.width - GUTTER));
  const glyph = context.unicode ? "▲" : "^";
  const text = columns.map((value, at) => (value > 0 && (columns[at - 1] ?? 0) === 0 ? glyph : " ")).join("");
  return line(span("findings".padEnd(GUTTER), "muted"), span(text, "danger"));
}
