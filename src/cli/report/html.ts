import { safeText } from "../../models/text-safety.ts";
import type { TimeZone } from "../../models/times.ts";
import type { Cell } from "../../models/view.ts";
import type { Section } from "../output.ts";
import { chartSvg } from "./chart-svg.ts";
import type { Report } from "./report-answer.ts";

/** Light and dark, wide and narrow, and A4. */
const STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1b1f24; --muted: #667080; --line: #d8dee4; --bar: #3b82c4; --warn: #b7791f; --bad: #c53030; --card: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --bg: #12161c; --fg: #dde3ea; --muted: #8b98a8; --line: #2d3540; --bar: #5aa2e0; --warn: #e0b050; --bad: #f07070; --card: #1a2028; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--bg); color: var(--fg); font: 15px/1.45 system-ui, sans-serif; }
h1 { margin: 0 0 .2rem; font-size: 1.6rem; } h2 { margin: 2.2rem 0 .5rem; font-size: 1.2rem; border-bottom: 1px solid var(--line); } h3 { margin: 1.2rem 0 .3rem; font-size: 1rem; }
p.about, .muted { color: var(--muted); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; } th { text-align: left; color: var(--muted); font-weight: 600; } th, td { padding: .22rem .9rem .22rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th, .tight { white-space: nowrap; } .tight, .right { width: 1%; } td.text { min-width: 13rem; } tr.has-more > td { border-bottom: 0; padding-bottom: 0; } td.more { padding: 0 0 .4rem 1.4rem; font: .78rem ui-monospace, monospace; } .right { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.danger, .code5xx { color: var(--bad); } .warn, .code4xx { color: var(--warn); } .muted, .info { color: var(--muted); }
pre { margin: .6rem 0; padding: .5rem .7rem; background: var(--card); white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; }
svg { display: block; width: 100%; height: auto; } svg .ok { fill: var(--bar); } svg .c4 { fill: var(--warn); } svg .c5, svg .mark { fill: var(--bad); } svg text { fill: var(--muted); font: 11px system-ui, sans-serif; }
@media screen and (max-width: 44rem) {
  body { padding: 1rem; } svg { min-width: 40rem; }
  table.prose, table.prose tbody, table.prose tr, table.prose td { display: block; min-width: 0; text-align: left; white-space: normal; } table.prose thead { display: none; }
  table.prose td { border: 0; padding: 0 0 .1rem; } table.prose td[data-t]::before { content: attr(data-t) " "; color: var(--muted); } table.prose tr { padding: .5rem 0; border-top: 1px solid var(--line); } table.prose tr.more { padding-top: 0; border-top: 0; }
}
@page { size: A4; margin: 14mm; }
@media print { body { max-width: none; padding: 0; font-size: 10px; } td.text { min-width: 9rem; } .tight { white-space: normal; } h2 { break-after: avoid; } tr { break-inside: avoid; } .wide { overflow: visible; } }
`;

/** One file with nothing to fetch and no script. Every text of the log is text: masked, made safe, escaped. */
export async function htmlReport({ title, about, series, findings, parts }: Report, zone: TimeZone): Promise<string> {
  const body: string[] = [
    `<h1>${html(title)}</h1>`,
    `<p class="about">${about.map(html).join(" · ")}</p>`,
    `<div class="wide">${chartSvg(series, findings, zone)}</div>`,
  ];
  for (const { title: part, command, sections } of parts) {
    body.push(`<h2>${html(part)}</h2>`);
    for (const section of sections) body.push(await tableOf(section));
    body.push(`<pre>${html(command)}</pre>`);
  }
  return page(title, body);
}

/** What one command line prints. */
export async function htmlPage(command: string, sections: readonly Section[]): Promise<string> {
  const body = [`<h1>Kubernetes audit log</h1>`];
  for (const section of sections) body.push(await tableOf(section));
  return page("Kubernetes audit log", [...body, `<pre>${html(command)}</pre>`]);
}

function page(title: string, body: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${html(title)}</title><style>${STYLE}</style></head><body>`,
    ...body,
    "</body></html>\n",
  ].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** As text of an element or of a quoted attribute. */
export function html(text: string): string {
  return safeText(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** Longest text of a column that is never broken, of one that stands in its column, in characters. */
const TIGHT = 26;
const BESIDE = 90;

async function tableOf({ title, columns, batches, empty }: Section): Promise<string> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of batches) for (const row of batch) rows.push(row.cells());
  const heading = title === undefined ? "" : `<h3>${html(title)}</h3>`;
  if (rows.length === 0) return `${heading}<p class="muted">${html(empty ?? "nothing")}</p>`;
  const longest = columns.map((_, at) => rows.reduce((most, cells) => Math.max(most, cells[at]?.text.length ?? 0), 0));
  // A long last column, such as a filter, would leave no room for the others.
  const hasMore = columns.length > 2 && columns.at(-1)?.wrap !== true && (longest.at(-1) ?? 0) > BESIDE;
  const shown = hasMore ? columns.slice(0, -1) : columns;
  const kinds = shown.map((column, at) =>
    column.align === "right" ? "right" : (longest[at] ?? 0) <= TIGHT ? "tight" : "text",
  );
  const lines = rows.map((cells) => {
    const own = shown.map((column, at) => cellOf(cells[at], kinds[at] ?? "", column.title)).join("");
    const more = hasMore ? cells.at(-1) : undefined;
    if (more === undefined || more.text === "") return `<tr>${own}</tr>`;
    return `<tr class="has-more">${own}</tr><tr class="more"><td class="more ${more.tone ?? ""}" colspan="${shown.length}">${html(more.text)}</td></tr>`;
  });
  const head = shown.map(({ title: name }, at) => `<th class="${kinds[at] ?? ""}">${html(name)}</th>`);
  const isProse = hasMore || kinds.includes("text");
  return `${heading}<div class="wide"><table${isProse ? ' class="prose"' : ""}><thead><tr>${head.join("")}</tr></thead><tbody>\n${lines.join("\n")}\n</tbody></table></div>`;
}

/** Its column's title is told where columns have no heads: on narrow screens. */
function cellOf(cell: Cell | undefined, kind: string, title: string): string {
  const { text = "", tone = "normal" } = cell ?? {};
  const classes = tone === "normal" ? kind : `${kind} ${tone}`;
  return `<td class="${classes}"${kind === "text" ? "" : ` data-t="${html(title)}"`}>${html(text)}</td>`;
}
