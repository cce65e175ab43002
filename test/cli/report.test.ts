import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
const TAGS =
  /^(?:!doctype html|\/?(?:html|head|meta|title|style|body|h[123]|p|div|table|thead|tbody|tr|th|td|pre|svg|text|g|rect|path)\b)/i;

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
    const tags = [...text.matchAll(/<([^>]*)>/g)].map(([, tag = ""]) => tag);
    expect(tags.filter((tag) => !TAGS.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /\son\w+\s*=|\ssrc\s*=|\shref\s*=/i.test(tag))).toEqual([]);
    expect(text).toContain("&lt;script&gt;");
    expect(text.match(/<table>/g)?.length).toBe(text.match(/<\/table>/g)?.length);
    expect(statSync(out).mode & 0o777).toBe(0o600);
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
