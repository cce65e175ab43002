import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { displayWidth } from "../../src/models/display-width.ts";
import { createViewStore } from "../../src/config/view-store.ts";
import { PANES } from "../../src/panes/registry.ts";
import { THEMES } from "../../src/terminal/themes.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";
import type { ExplorerOptions } from "../../src/ui/explorer-input.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const ROWS = Array.from({ length: 30 }, (_, seq) => request(seq, { code: seq % 5 === 0 ? 403 : 200 }));

function open(options: ExplorerOptions, environment: Readonly<Record<string, string>> = {}): Promise<OpenExplorer> {
  return openExplorer({
    engine: new SampleEngine(ROWS),
    panes: samplePanes,
    language: sampleLanguage,
    columns: 100,
    options: { timeZone: "utc", ...options },
    environment: { TERM: "xterm-256color", LANG: "C.UTF-8", COLORTERM: "truecolor", ...environment },
  });
}
/** With the program's own panes and filter language. */
function openReal(options: ExplorerOptions): Promise<OpenExplorer> {
  return openExplorer({
    engine: new SampleEngine(ROWS),
    panes: PANES,
    language: filterLanguage,
    columns: 100,
    options: { timeZone: "utc", ...options },
  });
}
const footer = (explorer: OpenExplorer): string => explorer.screen().at(-1)?.trim() ?? "";
/** The colour of the status line's first fact and of footer keys: RRGGBB. */
const keyColor = (explorer: OpenExplorer): number | null => explorer.terminal.styleAt(1, 23).color;

describe("themes", () => {
  const colorOf = (name: string): number =>
    Number.parseInt(String(THEMES.find((theme) => theme.name === name)?.tones.key.color), 16);

  test("are chosen by name, by the terminal's background, and live", async () => {
    const dark = await open({});
    expect(keyColor(dark)).toBe(colorOf("dark"));
    await dark.press(":", "theme light", "enter");
    expect(footer(dark)).toBe("theme: light");
    await dark.press("j");
    expect(keyColor(dark)).toBe(colorOf("light"));
    await dark.close();

    const light = await open({}, { COLORFGBG: "0;15" });
    expect(keyColor(light)).toBe(colorOf("light"));
    await light.close();

    const chosen = await open({ theme: "colorblind" }, { COLORFGBG: "0;15" });
    expect(keyColor(chosen)).toBe(colorOf("colorblind"));
    await chosen.close();
  });
});

describe("settings", () => {
  test("the first pane, and keys in footer, help and use", async () => {
    const explorer = await open({
      pane: "requests",
      keys: [
        { key: "w", line: "theme mono", origin: "config.yaml:4:3" },
        { key: "j", line: "view.pause", origin: "config.yaml:5:3" },
      ],
    });
    expect(explorer.screen()[1]).toMatch(/^ requests/);
    expect(footer(explorer)).toContain("j pause");
    await explorer.press("w");
    expect(footer(explorer)).toBe("theme: mono");
    await explorer.press("j");
    expect(explorer.screen()[0]).toContain("PAUSED");
    await explorer.press("?");
    expect(explorer.screen().join("\n")).toMatch(/your keys\n {2}w +:theme mono/);
    await explorer.press("esc", ":", "config", "enter");
    expect(explorer.screen().join("\n")).toContain("j was “next row”, still down");
    expect(await explorer.close()).toBe(0);
  });

  test("mistakes are told at the start and in :config, and stop nothing", async () => {
    const explorer = await open({
      pane: "nosuch",
      keys: [{ key: "C-t", line: "theme light", origin: "config.yaml:4:3" }],
      settings: {
        path: "/home/a/.config/ktrail/config.yaml",
        exists: true,
        settings: [{ name: "theme", value: "auto", origin: "default" }],
        problems: ["config.yaml:2:1: “them” is no setting; did you mean theme?"],
      },
    });
    expect(footer(explorer)).toMatch(/^\(2 more: :config\) config\.yaml:2:1: “them” is no setting/);
    await explorer.press(":", "theme light", "enter", ":", "config", "enter");
    const screen = explorer.screen().join("\n");
    expect(screen).toContain("/home/a/.config/ktrail/config.yaml");
    expect(screen).toContain("config.yaml:4:3: keys: “C-t” is no key: write ctrl-t");
    expect(screen).toContain("pane: there is no “nosuch”");
    expect(screen).toMatch(/theme +light +changed here/);
    expect(await explorer.close()).toBe(0);
  });
});

describe("saved views", () => {
  const home = mkdtempSync(join(tmpdir(), "ktrail-screens-"));

  test("ctrl-s saves under a name; :view, :views and ctrl-k open it; it can be forgotten", async () => {
    const store = createViewStore(join(home, "ktrail"));
    const explorer = await openReal({ views: store });
    const settled = async (text: string): Promise<void> => {
      await expect.poll(() => footer(explorer)).toContain(text);
    };
    await explorer.press("/", "code:403", "enter", "6", "ctrl-s");
    expect(footer(explorer)).toContain("save NAME: save this view");
    await explorer.press("who is refused", "enter");
    await settled("saved “who is refused” in");
    await explorer.press("X", "1", ":", "view who", "tab", "enter");
    expect(explorer.screen()[1]).toMatch(/^ requests/);
    expect(explorer.screen()[2]).toMatch(/^ \[code:403\](?: |$)/);
    expect(footer(explorer)).toBe("view “who is refused”");
    await explorer.press("X", "1", ":", "views", "enter");
    expect(explorer.screen()[4]).toMatch(/who is refused +requests +code:403 +all/);
    await explorer.press("enter");
    expect(explorer.screen()[2]).toMatch(/^ \[code:403\](?: |$)/);
    await explorer.press("X", "ctrl-k", "refused", "enter");
    expect(explorer.screen()[2]).toMatch(/^ \[code:403\](?: |$)/);
    await explorer.press(":", "views", "enter", "delete", "enter");
    await settled("forgot “who is refused”");
    expect(explorer.screen()[3]).toContain("No view is saved");
    expect(await explorer.close()).toBe(0);
  });

  test("a team's views are opened, marked as theirs and not forgotten; what is wrong in their file is told", async () => {
    const team = join(home, "team.yaml");
    const bad = Array.from({ length: 3 }, (_, at) => `bad${at}: { panes: [{ pane: nosuch }] }\n`).join("");
    writeFileSync(team, `${bad}refused: { panes: [{ pane: requests }], filter: ["code:403"], columns: { requests: [code, ip] } }\n`);
    const explorer = await openReal({ views: createViewStore(join(home, "own"), [team]) });
    await expect.poll(() => explorer.text()).toMatch(/\(2 more: :views\) \S*team\.yaml:1:25: “bad0”/);
    await explorer.press(":", "view ref", "tab", "enter");
    expect(explorer.screen()[3]).toMatch(/^ +›?code +›?source IP$/);
    await explorer.press(":", "views", "enter");
    expect(explorer.screen()[4]).toMatch(/refused +requests +code:403 +all +\S*team\.yaml/);
    expect(explorer.screen().join("")).toMatch(/team\.yaml:3:25: “bad2”/);
    await explorer.press("delete");
    expect(footer(explorer)).toContain("only views of your own can be forgotten");
    await explorer.press(":", "delete-view refused", "enter");
    expect(explorer.screen().join(" ")).toContain("only views of your own");
    await explorer.press("esc", "enter");
    expect(explorer.screen()[2]).toContain("[code:403]");
    await explorer.close();
  });

  test("a view to start with; chips of the command line narrow it further", async () => {
    const view = {
      name: "x",
      frames: [{ pane: "requests", params: {}, added: [] }],
      chips: ["code:403"],
      humansOnly: true,
      window: null,
      timeMode: "absolute",
      columns: {},
    } as const;
    const explorer = await openReal({ view, chips: ["verb:get"] });
    expect(explorer.screen()[1]).toMatch(/^ requests/);
    expect(explorer.screen()[2]).toContain("[code:403] [verb:get]");
    await explorer.close();
  });
});

describe("right-to-left names", () => {
  const rtl = Array.from({ length: 30 }, (_, seq) => request(seq, { user: seq % 2 === 0 ? "שלום \u202eעולם\u202c" : "bob" }));
  const openRtl = (environment: Readonly<Record<string, string>>): Promise<OpenExplorer> =>
    openExplorer({ engine: new SampleEngine(rtl), panes: PANES, language: filterLanguage, environment });

  test("stay in their column: terminals are asked not to reorder, and overrides are shown, not sent", async () => {
    const explorer = await openRtl({ TERM: "xterm-256color", LANG: "C.UTF-8" });
    await explorer.press("6");
    const { raw } = explorer.terminal.stdout;
    expect(raw).toContain("\u001b[8l");
    expect(raw).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    const rows = explorer.screen().filter((row) => row.includes("demo/web-"));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => row.includes("לם\\u{202c}")).length).toBeGreaterThan(5);
    expect(new Set(rows.map(displayWidth)).size).toBe(1);
    await explorer.close();
    const { raw: whole } = explorer.terminal.stdout;
    expect(whole.lastIndexOf("\u001b[8h")).toBeGreaterThan(whole.lastIndexOf("\u001b[8l"));
  });

  test("and are escaped where the screen is ASCII: nothing to ask for", async () => {
    const explorer = await openRtl({ TERM: "xterm", LANG: "C" });
    await explorer.press("6");
    expect(explorer.terminal.stdout.raw).toMatch(/^[\x00-\x7f]*$/);
    expect(explorer.terminal.stdout.raw).not.toContain("\u001b[8l");
    await explorer.close();
  });
});
