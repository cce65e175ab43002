import { describe, expect, test } from "vitest";
import { THEMES } from "../../src/terminal/themes.ts";
import { openExplorer, type OpenExplorer } from "../support/explorer.ts";
import type { ExplorerOptions } from "../../src/ui/explorer.tsx";
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
