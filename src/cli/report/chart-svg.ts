import type { Finding } from "../../findings/contract.ts";
import { shortCount } from "../../models/numbers.ts";
import { parseTime, type TimeZone } from "../../models/times.ts";
import type { SeriesResult } from "../../queries/contract.ts";
import { secondTime } from "../text.ts";
import { html } from "./html.ts";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [1_000, 190, 44, 26, 14];

/** Requests over time by class of answer, the errors at the bottom, with a mark where what is at least high began. */
export function chartSvg(series: SeriesResult, findings: readonly Finding[], zone: TimeZone): string {
  const { points, stepMs, step } = series;
  const most = Math.max(1, ...points.map(({ requests }) => requests));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '<p class="muted">No request.</p>';
  const wide = (WIDTH - LEFT) / points.length;
  const high = HEIGHT - BOTTOM - TOP;
  const bars = points.map(({ t, requests, by }, at) => {
    const [five, four] = [classOf(by, "5xx"), classOf(by, "4xx")];
    let bottom = HEIGHT - BOTTOM;
    const parts = [
      ["c5", five],
      ["c4", four],
      ["ok", requests - five - four],
    ] as const;
    const rects = parts.map(([name, value]) => {
      if (value <= 0) return "";
      const tall = Math.max(1, (value / most) * high);
      bottom -= tall;
      return `<rect class="${name}" x="${(LEFT + at * wide).toFixed(1)}" y="${bottom.toFixed(1)}" width="${Math.max(0.5, wide - 0.6).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
    });
    return `<g><title>${html(`${secondTime(t, zone)}: ${requests} requests, ${four} × 4xx, ${five} × 5xx`)}</title>${rects.join("")}</g>`;
  });
  const startMs = parseTime(first.t);
  const marks = findings.flatMap(({ severity, firstSeen, title }) => {
    const x = LEFT + ((parseTime(firstSeen) - startMs) / (stepMs * points.length)) * (WIDTH - LEFT);
    if ((severity !== "critical" && severity !== "high") || !(x >= LEFT && x <= WIDTH)) return [];
    const y = HEIGHT - BOTTOM + 3;
    return [
      `<path class="mark" d="M${x.toFixed(1)} ${y}l4 7h-8z"><title>${html(`${severity}: ${title}`)}</title></path>`,
    ];
  });
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="requests over time">`,
    `<text x="0" y="${TOP + 4}">${html(shortCount(most))}</text><text x="0" y="${HEIGHT - BOTTOM}">${html(`/ ${step}`)}</text>`,
    ...bars,
    ...marks,
    `<text x="${LEFT}" y="${HEIGHT - 3}">${html(secondTime(first.t, zone))}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT - 3}" text-anchor="end">${html(secondTime(last.t, zone))}</text>`,
    "</svg>",
  ].join("\n");
}

function classOf(by: SeriesResult["points"][number]["by"], name: string): number {
  return Object.hasOwn(by, name) ? (by[name] ?? 0) : 0;
}
