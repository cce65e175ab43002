import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUTPUT_FORMATS } from "../../src/cli/output.ts";
import { themeNamed, THEMES, toneCodes } from "../../src/terminal/themes.ts";
import { answered, PLAIN } from "../support/headless.ts";
import { hostileLog, hostileTexts, OBEYED } from "./hostile-log.ts";

const folder = mkdtempSync(join(tmpdir(), "ktrail-hostile-"));
/** A file may be called anything but "/" and NUL. */
const FILE = "\u001b]0;owned\u0007\n\u202e=cmd().log";
const SEEDS = [1, 2, 3];

beforeAll(() => {
  for (const seed of SEEDS) writeFileSync(join(folder, `${seed}${FILE}`), hostileLog(seed, 150));
});
afterAll(() => rmSync(folder, { recursive: true }));

const [object = "x", user = "x"] = hostileTexts(7, 2).map((text) => text.replaceAll("\u0000", ""));
const COMMANDS: readonly (readonly string[])[] = [
  [],
  ["info"],
  ["top", "--by", "user,useragent"],
  ["top", "--by", "object,ip"],
  ["top", "--by", "annotation:k8s.io/deprecated"],
  ["series", "--by", "user"],
  ["events"],
  ["k8s-events"],
  ["trail", `pods/${object}`],
  ["trail", "pods/nginx-7cd5", "-n", "demo"],
  ["why", `pods/${object}`, "-n", user],
];

function file(seed: number): string {
  return join(folder, `${seed}${FILE}`);
}

describe("hostile strings in every field of a log, and in its name", () => {
  for (const seed of SEEDS) {
    it.each(COMMANDS.map((words) => [words.join(" ").slice(0, 30), words] as const))(
      `reach nobody: %s (seed ${seed})`,
      async (_, words) => {
        for (const output of OUTPUT_FORMATS) {
          if (output === "raw" && words[0] !== "events") continue;
          const argv = [...words, file(seed), ...(words.length === 0 ? [] : ["-o", output])];
          // The original bytes are for programs; on a terminal they are shown.
          const { code, stdout, stderr } = await answered(argv, PLAIN, output === "raw");
          expect(code).toBeLessThanOrEqual(2);
          expect(stdout, output).not.toMatch(OBEYED);
          expect(stderr).not.toMatch(OBEYED);
          // What a key of a prototype would turn into.
          expect(stdout).not.toMatch(/\bNaN\b|\bundefined\b|\[native code\]|\[object /);
          for (const note of stderr.trimEnd().split("\n")) expect(note).toMatch(/^(ktrail: |$)/);
          if (words.length > 0 && code === 0) expectWhole(output, stdout);
        }
      },
    );
  }

  it("colour only what is ours", async () => {
    const style = { ...PLAIN, width: 100, tones: toneCodes(themeNamed("dark", THEMES, {}), "256") };
    for (const words of COMMANDS) {
      const { stdout } = await answered([...words, file(1)], style, true);
      expect(stdout.replaceAll(/\u001b\[[\d;]*m/g, "")).not.toMatch(OBEYED);
      expect(stdout).not.toContain("\u001b[5;31;47m");
    }
  });

  it("are ASCII where ASCII is asked for", async () => {
    for (const words of COMMANDS)
      expect((await answered([...words, file(1)], { ...PLAIN, ascii: true })).stdout).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it("stay what they are for programs: JSON parses to the very texts", async () => {
    const raw = (await answered(["events", file(1), "-o", "raw"])).stdout.split("\n").filter((line) => line !== "");
    const agents = new Set(
      raw.map((line) => (JSON.parse(line) as { userAgent?: string }).userAgent?.toWellFormed() ?? ""),
    );
    const lines = (await answered(["events", file(1), "-o", "jsonl"])).stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(agents).toContain((JSON.parse(line) as { useragent: string }).useragent);
  });

  it("come as mistakes too, in arguments and filters", async () => {
    for (const text of hostileTexts(3, 8)) {
      for (const argv of [
        ["info", text],
        ["top", "--by", text],
        ["events", "-q", `user:${text}`],
        [text],
        ["trail", text],
        ["rbac", "--existing", text],
        ["redact", text],
      ]) {
        const { stdout, stderr } = await answered([...argv, join(folder, "missing.log")]);
        expect(stdout + stderr).not.toMatch(OBEYED);
      }
    }
  });
});

function expectWhole(output: string, text: string): void {
  if (output === "json") JSON.parse(text);
  if (output === "jsonl") for (const line of text.trimEnd().split("\n")) if (line !== "") JSON.parse(line);
  if (output === "csv") {
    // Nothing a spreadsheet would run, and as many records as lines: no text brought a line of its own.
    for (const record of text.trimEnd().split("\n")) expect(record).not.toMatch(/(^|,)"?[=+@]/);
  }
  if (output === "md") {
    const tables = text.split("\n").filter((line) => line.startsWith("|"));
    for (const line of tables) expect(line).toMatch(/ \|$/);
    expect(text).not.toMatch(/(?<!\\)<script/i);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
  }
}
