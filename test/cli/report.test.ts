import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { textCell } from "../../src/cli/cells.ts";
import { htmlReport } from "../../src/cli/report/html.ts";
import type { Report } from "../../src/cli/report/report-answer.ts";
import { sampleLines } from "../support/finding-sample.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-report-"));
beforeAll(ensureBuilt);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</td></table><iframe>",
  "&lt;b&gt;",
  "]]><!--",
  "`|\n# x",
];
/** All that a report is made of. */
const ELEMENTS = new Set(
  "html head meta title style body h1 h2 h3 p div table thead tbody tr th td pre svg text g rect path".split(" "),
);
const ATTRIBUTES =
  /^(?:lang|charset|name|content|http-equiv|class|colspan|data-t|viewbox|role|aria-label|x|y|width|height|d|text-anchor)$/i;

type Node = DefaultTreeAdapterTypes.Node;

function* nodes(node: Node): Generator<Node> {
  yield node;
  if ("childNodes" in node) for (const child of node.childNodes) yield* nodes(child);
}

/** The report as a browser reads it: what is no part of ours, and the texts of what has one. */
function readHtml(text: string): { readonly foreign: readonly string[]; readonly texts: readonly string[] } {
  const errors: string[] = [];
  const all = [...nodes(parse(text, { onParseError: ({ code }) => errors.push(code) }))];
  const foreign = all.flatMap((node) => {
    if (node.nodeName === "#comment") return ["a comment"];
    if (!("tagName" in node)) return [];
    const attributes = node.attrs.filter(({ name }) => !ATTRIBUTES.test(name)).map(({ name }) => name);
    return ELEMENTS.has(node.tagName) ? attributes : [node.tagName, ...attributes];
  });
  return { foreign: [...foreign, ...errors], texts: all.flatMap((node) => ("value" in node ? [node.value] : [])) };
}

function hostileLog(): string {
  const path = join(folder, "hostile.log");
  const lines = HOSTILE.map((text) =>
    sampleLines([
      { user: text, verb: "list", resource: "secrets", ua: text, ip: text },
      { user: text, verb: "delete", resource: "namespaces", name: text },
      {
        user: text,
        verb: "create",
        resource: "pods/exec",
        namespace: text,
        name: text,
        query: `command=${encodeURIComponent(text)}`,
        code: 101,
      },
    ]),
  );
  writeFileSync(path, lines.join(""));
  return path;
}

describe("ktrail report", () => {
  it("keeps the strings of strangers text: no tag but ours, none of their attributes, nothing to fetch", async () => {
    const out = join(folder, "hostile.html");
    const ran = await ktrail(["report", hostileLog(), "-o", out]);
    expect(ran.stderr).toBe("");
    expect(ran.code).toBe(0);
    const text = readFileSync(out, "utf8");
    const { foreign, texts } = readHtml(text);
    expect(foreign).toEqual([]);
    expect(texts.some((line) => line.includes("<script>alert(1)</script>"))).toBe(true);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it("has every text of a table as one text, whatever it is", async () => {
    const strange = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(strange, { minLength: 3, maxLength: 3 }), strange, async (cells, title) => {
        const columns = cells.map((text, at) => ({ id: String(at), title: text }));
        const section = {
          columns,
          fields: [],
          title,
          batches: [[{ record: {}, cells: () => cells.map((text) => textCell(text)) }]],
        };
        const series = { points: [], step: "1m", stepMs: 6e4 } as unknown as Report["series"];
        const parts = [{ title, command: title, sections: [section] }];
        const report = { title, about: [title], series, findings: [], parts };
        const { foreign, texts } = readHtml(await htmlReport(report, "utc"));
        expect(foreign).toEqual([]);
        for (const { text } of cells.map((cell) => textCell(cell)))
          if (text.trim() !== "") expect(texts).toContain(text);
      }),
      { numRuns: 40 },
    );
  });

  it("prints its parts again by the command lines that stand under them", async () => {
    const out = join(folder, "again.html");
    const query = "verb:delete user:'x y'";
    const given = ["--trail", "deploy/nginx", "-n", "demo", "--since", "2026-11-21T00:00:00Z", "-q", query];
    expect((await ktrail(["report", "fixtures/demo", "-o", out, "--tz", "utc", ...given])).code).toBe(0);
    const lines = readHtml(readFileSync(out, "utf8")).texts.filter((text) => text.startsWith("ktrail "));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const words = [...line.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll("'\\''", "'") ?? plain ?? "",
      );
      const ran = await ktrail(words.slice(1));
      expect([line, ran.code]).toEqual([line, 0]);
    }
    expect(lines.find((line) => line.startsWith("ktrail trail"))).toMatch(/--namespace demo$/);
  });

  it("writes Markdown with the findings and the command lines that print them again", async () => {
    const out = join(folder, "demo.md");
    const ran = await ktrail([
      "report",
      "fixtures/demo",
      "-o",
      out,
      "--tz",
      "utc",
      "--trail",
      "deploy/nginx",
      "-n",
      "demo",
    ]);
    expect(ran.code).toBe(0);
    const text = readFileSync(out, "utf8");
    expect(text).toContain("# Findings");
    expect(text).toMatch(/^ {4}ktrail findings fixtures\/demo/m);
    expect(text).toContain("# Trail of deploy/nginx");
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it("is never written over one of the logs, and needs a file", async () => {
    const log = hostileLog();
    const before = readFileSync(log, "utf8");
    const named = join(folder, "log.md");
    writeFileSync(named, before);
    expect((await ktrail(["report", named, "-o", named])).code).toBe(2);
    expect(readFileSync(named, "utf8")).toBe(before);
    const without = await ktrail(["report", log]);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain("-o report.html");
  });
});
