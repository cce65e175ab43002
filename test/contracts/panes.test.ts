import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/models/display-width.ts";
import { lineText, lineWidth } from "../../src/models/line.ts";
import type { PaneContext, PaneView } from "../../src/panes/contract.ts";
import { PANES } from "../../src/panes/registry.ts";
import { shellWord } from "../../src/panes/shell-command.ts";
import type { SavedView } from "../../src/state/saved-view.ts";
import { parseFilter } from "../../src/queries/parse-filter.ts";
import { contextFor, input } from "../panes/context.ts";
import { HOSTILE, hostileAnswers, hostileFacts } from "../panes/hostile-answers.ts";

const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** Every way a pane can look, besides the plain one. */
const VARIANTS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  top: [{ by: "user,verb", sort: "p99" }, { by: `annotation:${"k".repeat(300)}` }, { by: "nonsense" }],
  codes: [{ code: "403" }, { code: "401" }, { code: "errors" }, { code: "5xx" }],
  trail: [{ object: "x" }, { object: "\u001b[2J", namespace: "\u202e", view: "tree" }, { object: "x", view: "phases" }],
  why: [{ object: "x" }, { object: "\u001b[2J", namespace: "\u202e" }, { object: "x", life: "\u202e" }],
  object: [
    { object: "x" },
    { object: "\u001b[2J", namespace: "\u202e", at: "1", seq: "1", since: "2" },
    { object: "x", unmask: "1" },
  ],
  diff: [{ seq: "1" }, { seq: "1", all: "1", unmask: "1" }, { seq: "x" }],
  request: [
    { seq: "1" },
    { seq: "1", part: "raw", search: "a" },
    { seq: "1", part: "why", unmask: "1" },
    { seq: "x", folds: "{" },
  ],
  latency: [
    { by: "user,code", sort: "p99", reverse: "1" },
    { show: "slowest" },
    { show: "apart" },
    { by: `annotation:${"k".repeat(300)}` },
  ],
  "kubernetes-events": [{ search: "\u001b[2J" }, { sort: "object" }, { sort: "count", search: "a" }],
  cadence: [
    { user: "alice" },
    { user: "\u001b[2J", agent: "\u202e" },
    { user: "alice", per: "object" },
    { user: "", agent: "" },
  ],
  compare: [
    { by: "user,verb", sort: "p99", side: "a" },
    { a: "00:05..00:08", b: "00:08..00:17", by: "verb,resource" },
    { a: "\u001b[2J", b: "\u202e" },
    { a: "audit.log", b: 'user:"\u001b[2J"', sort: "errors", reverse: "1" },
  ],
  rights: [
    { user: "alice" },
    { user: "alice", show: "drift" },
    { user: "alice", show: "yaml", implied: "1", refused: "1", withoutDefaults: "1" },
    { group: "\u001b[2J" },
  ],
  matrix: [{ user: "alice" }, { user: "alice", verb: "3" }, { user: "\u202e", verb: "x" }],
  bindings: [{ show: "roles" }],
  binding: [{ binding: "x" }, { binding: "ClusterRoleBinding \u001b[2J" }],
  policy: [
    { show: "lint" },
    { show: "lost" },
    { show: "users" },
    { show: "resources", pass: "2" },
    { show: "suggestion" },
    { show: "yaml" },
  ],
  "group-by": [{ by: "user", add: "1" }],
  objects: [{ search: "\u001b[2J" }],
  requests: [{ column: "ip" }, { column: "nonsense" }],
};

/** As somebody else's views.yaml could hold them. */
const HOSTILE_VIEWS: readonly SavedView[] = ["\u001b[2J", "\u202e", "日本".repeat(40), "plain"].map((name) => ({
  name,
  frames: [{ pane: name, params: { by: name }, added: [name] }],
  chips: [name],
  humansOnly: true,
  window: { fromUs: -1, toUs: Number.MAX_SAFE_INTEGER },
  timeMode: "absolute",
  columns: {},
  origin: name,
}));

const MARKS = HOSTILE.map((note, seq) => ({ id: `${seq}`, facts: { ...hostileFacts(seq), seq }, note, log: null }));

const SIZES: readonly (readonly [number, number])[] = [
  [60, 11],
  [80, 20],
  [120, 39],
  [250, 76],
];

/** Sizes that are looked at without an answer and in ASCII too. */
const FEW: ReadonlySet<number> = new Set([60, 120, 250]);

function* contexts(pane: string, sizes = SIZES): Generator<PaneContext> {
  for (const [width, height] of sizes)
    for (const params of [{}, ...(VARIANTS[pane] ?? [])])
      for (const unicode of FEW.has(width) ? [true, false] : [true]) {
        const timeMode = height % 2 === 0 ? "absolute" : "delta";
        const app = {
          timeMode,
          chips: [{ text: 'user:"\u001b[2J"' }],
          views: HOSTILE_VIEWS,
          viewProblems: height % 2 === 0 ? HOSTILE : [],
          marks: MARKS,
          existing: unicode ? "\u001b[2J" : null,
          policy: unicode ? (height % 3 === 0 ? "missing" : "\u202e.yaml") : null,
        } as const;
        yield contextFor({
          width,
          height,
          unicode,
          app,
          frame: { pane, params, cursorIndex: height % 5, top: height % 3 },
        });
      }
}

/** What is wrong with a view, in sentences: an assertion a line would take most of the time. */
function faults(view: PaneView, context: PaneContext): string[] {
  const { width, height, unicode } = context;
  const found: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) found.push(`${width}×${height} ${JSON.stringify(context.frame.params)}: ${what}`);
  };
  must(view.lines.length <= height, `${view.lines.length} lines`);
  for (const spans of view.lines) {
    const text = lineText(spans);
    must(!FORBIDDEN.test(text), `forbidden characters in ${JSON.stringify(text)}`);
    must(text.isWellFormed(), `half a character in ${JSON.stringify(text)}`);
    // Both ways of measuring: spans side by side, and the line as the terminal gets it.
    must(lineWidth(spans) <= width && displayWidth(text) <= width, `too wide: ${text}`);
    must(unicode || /^[\x20-\x7e]*$/.test(text), `more than ASCII: ${text}`);
  }
  const { cursorLine, rows } = view;
  must(cursorLine === null || (cursorLine >= 0 && cursorLine < view.lines.length), `the cursor on line ${cursorLine}`);
  must(rows.page >= 1 && rows.top >= 0, `page ${rows.page} from ${rows.top}`);
  must(rows.ids.length <= Math.max(rows.page, rows.count), `${rows.ids.length} ids`);
  must(new Set(rows.ids).size === rows.ids.length, "ids repeat");
  return found;
}

describe.each(PANES.map((pane) => [pane.id, pane] as const))("pane %s", (id, pane) => {
  it("stays inside any screen whatever the log holds", () => {
    for (const context of contexts(id))
      expect(faults(pane.view(context, hostileAnswers(pane.asks(context))), context)).toEqual([]);
  });

  it("stays inside any screen before, without and instead of an answer", () => {
    const few = SIZES.filter(([width]) => FEW.has(width));
    for (const context of contexts(id, few)) {
      expect(faults(pane.view(context, {}), context)).toEqual([]);
      const failed = Object.keys(pane.asks(context)).map((key) => [
        key,
        { value: undefined, stale: false, error: HOSTILE.join("") },
      ]);
      expect(faults(pane.view(context, Object.fromEntries(failed)), context)).toEqual([]);
    }
  });

  it("looks the same for the same context", () => {
    for (const context of [...contexts(id, SIZES.slice(0, 1))].slice(0, 4)) {
      const answers = hostileAnswers(pane.asks(context));
      expect(pane.view(context, answers)).toEqual(pane.view(context, answers));
      expect(pane.asks(context)).toEqual(pane.asks(context));
    }
  });

  it("offers terms the filter language understands", () => {
    const misunderstood: string[] = [];
    for (const params of [{}, ...(VARIANTS[id] ?? [])]) {
      const first = contextFor({ width: 120, height: 36, frame: { pane: id, params } });
      const answers = hostileAnswers(pane.asks(first));
      for (let index = 0; index < 3 * HOSTILE.length; index += 1) {
        const context = contextFor({ width: 120, height: 36, frame: { pane: id, params, cursorIndex: index, top: 0 } });
        const { selection } = pane.view(context, answers);
        for (const term of [selection.term, ...(selection.enter?.chips ?? [])]) {
          if (term === undefined) continue;
          const parsed = parseFilter(term);
          if (!parsed.ok) misunderstood.push(`${term}: ${parsed.message}`);
        }
      }
    }
    expect(misunderstood).toEqual([]);
  });

  it("gives a command line without control characters that names hostile files safely", () => {
    const inputs = HOSTILE.filter((text) => text !== "").map((path) => input(path));
    const lines: string[] = [];
    for (const params of [{}, ...(VARIANTS[id] ?? [])]) {
      const context = contextFor({
        status: { inputs, named: inputs.map(({ path }) => path) },
        frame: { pane: id, params },
      });
      const { commandLine } = pane.view(context, hostileAnswers(pane.asks(context)));
      if (commandLine !== undefined) lines.push(commandLine);
    }
    const known =
      /^ktrail (top|compare|series|events|k8s-events|findings|object|trail|why|info|rbac|policy (lint|replay|suggest)) /;
    expect(lines.filter((line) => !known.test(line) || FORBIDDEN.test(line))).toEqual([]);
  });

  it("has commands of its own scope with distinct ids and keys", () => {
    expect(new Set(pane.commands.map((command) => command.id)).size).toBe(pane.commands.length);
    const keys = pane.commands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
    for (const command of pane.commands) {
      expect(command.scope).toBe(`pane:${id}`);
      expect(command.id).toMatch(/^[a-z-]+\.[a-z-]+$/);
      expect((command.short ?? "").length).toBeLessThanOrEqual(12);
      const context = contextFor({ frame: { pane: id } });
      const view = pane.view(context, {});
      expect(() => command.disabledReason?.({ app: context.app, pane: context, view })).not.toThrow();
      expect(Array.isArray(command.run({ app: context.app, pane: context, view }))).toBe(true);
    }
  });
});

describe("registry", () => {
  it("has every folder of src/panes exactly once, and no digit twice", () => {
    // What has no index.ts is a table that headless commands share with a pane of the shell.
    const panes = new URL("../../src/panes/", import.meta.url);
    const folders = readdirSync(panes).filter((name) => existsSync(new URL(`${name}/index.ts`, panes)));
    expect(PANES.map((pane) => pane.id).sort()).toEqual(folders.sort());
    const digits = PANES.flatMap((pane) => (pane.digit === undefined ? [] : [pane.digit]));
    expect(new Set(digits).size).toBe(digits.length);
  });
});

describe("shell words", () => {
  it("quotes for a POSIX shell", () => {
    expect(shellWord("audit.log")).toBe("audit.log");
    expect(shellWord("it's $(here)")).toBe(`'it'\\''s $(here)'`);
    expect(shellWord("")).toBe("''");
    expect(shellWord("a\udcff.log")).toBe(String.raw`$'a\xff.log'`);
    expect(shellWord("a\u001b[2J'\\")).toBe(String.raw`$'a\x1b[2J\'\\'`);
    expect(shellWord("\u202ex")).toBe(String.raw`$'\u202ex'`);
  });
});
