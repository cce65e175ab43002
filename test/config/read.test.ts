import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig, problemTexts, SETTINGS, type Config } from "../../src/cli/config.ts";
import { configFolder } from "../../src/config/config-file.ts";
import { problemText } from "../../src/config/located.ts";
import { readSettings } from "../../src/config/read-settings.ts";
import { yamlTree } from "../../src/yaml/yaml-tree.ts";
import { sgrOf } from "../../src/terminal/tone-style.ts";

function read(text: string) {
  const { root, problems } = yamlTree(text);
  const { values, problems: misfits } = readSettings(root, SETTINGS);
  return { values, problems: [...problems, ...misfits].map((problem) => problemText("c.yaml", problem)) };
}

describe("a config file", () => {
  test("every setting's example is accepted as it stands", () => {
    for (const setting of Object.values(SETTINGS)) {
      const { values, problems } = read(setting.example);
      expect(problems).toEqual([]);
      expect(Object.keys(values)).toHaveLength(1);
    }
    const all = read(
      Object.values(SETTINGS)
        .map(({ example }) => example)
        .join("\n"),
    );
    expect(all.problems).toEqual([]);
    expect(all.values).toMatchObject({ capacity: 250_000, memory: 1024 ** 3, tail: 3_600_000, ascii: true, tz: "utc" });
  });

  test("a mistake is told with line, column and what would fit; the rest counts", () => {
    const { values, problems } = read(
      "tz: utc\nthem: light\ncapacity: lots\ntime: realtive\nascii: maybe\ncolor: [never]\n",
    );
    expect(values).toEqual({ tz: "utc" });
    expect(problems).toEqual([
      "c.yaml:2:1: “them” is no setting; did you mean theme?",
      'c.yaml:3:11: capacity: "lots" is no number of at least 1; expected like 100, 250k or 2M',
      "c.yaml:4:7: time: “realtive” is none of absolute, relative, delta; did you mean relative?",
      "c.yaml:5:8: ascii: “maybe” is neither true nor false",
      "c.yaml:6:8: color: expected one value, not a list",
    ]);
  });

  test("broken YAML is told, and what stands before it still counts", () => {
    const { values, problems } = read("tz: utc\nkeys: {w: top\n");
    expect(values).toMatchObject({ tz: "utc" });
    expect(problems.join()).toMatch(/^c\.yaml:[23]:\d+: /);
  });

  test("twice the same setting, aliases, other things than settings", () => {
    expect(read("tz: utc\ntz: local\n").problems).toEqual([expect.stringMatching(/^c\.yaml:2:1: .*unique/)]);
    expect(read("theme: &a light\ncolor: *a\n").problems).toEqual([
      expect.stringContaining("c.yaml:2:8: aliases (*a)"),
    ]);
    expect(read("just words").problems).toEqual([expect.stringContaining("expected settings")]);
    expect(read("").problems).toEqual([]);
    expect(read("# nothing set\n").values).toEqual({});
    expect(read("tz:\n")).toEqual({ values: {}, problems: [] });
  });

  test("names of JavaScript's own are names like others", () => {
    const { values, problems } = read(
      "__proto__: {a: b}\nconstructor: x\nthemes:\n  t: {__proto__: red, toString: red}\n",
    );
    expect(problems).toHaveLength(4);
    expect(Object.keys(values)).toEqual(["themes"]);
    expect(Object.prototype).not.toHaveProperty("a");
  });

  test("keys are kept in order, none takes one away", () => {
    const { values } = read(
      "keys:\n  ctrl-t: ':theme light'\n  w:\n  x: none\n  '1': top verb\n  ':': filter.toggle\n",
    );
    expect(values.keys?.map(({ key, line }) => [key, line])).toEqual([
      ["ctrl-t", "theme light"],
      ["w", null],
      ["x", null],
      ["1", "top verb"],
      [":", "filter.toggle"],
    ]);
  });

  test("a theme of one's own differs from its base where it says so, and mistakes in it cost only themselves", () => {
    const { values, problems } = read(
      'themes:\n  mine:\n    base: light\n    danger: "bold #ff0000"\n    mutd: 245\n    warn: orange\n  other: {base: mine, muted: 7}\n  bad: {base: nope}\n',
    );
    const [mine, other] = values.themes ?? [];
    expect(mine).toMatchObject({ name: "mine", background: "light" });
    expect(sgrOf(mine!.tones.danger, "true")).toBe("1;38;2;255;0;0");
    expect(other?.tones.danger).toEqual(mine?.tones.danger);
    expect(problems).toEqual([
      expect.stringContaining("c.yaml:5:5: themes: mine: “mutd” is no tone; did you mean muted?"),
      expect.stringContaining("c.yaml:6:11: themes: mine: “orange” is no colour or style"),
      expect.stringContaining("c.yaml:8:15: themes: bad: there is no theme “nope”"),
    ]);
  });

  test("anything at all is read without a crash, and every mistake has a place", () => {
    const words = fc.constantFrom(
      "theme",
      "keys",
      ":",
      " ",
      "\n",
      "- ",
      "{",
      "[",
      "&a",
      "*a",
      "|",
      "'",
      '"',
      "x",
      "\t",
      "!!",
      "? ",
      "\u001b[2J",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(words, { maxLength: 40 }).map((parts) => parts.join("")),
        ),
        (text) => {
          for (const problem of read(text).problems)
            expect(problem).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        },
      ),
      { seed: 11, numRuns: 500 },
    );
    expect(read("[".repeat(100_000)).problems.length).toBeGreaterThan(0);
  });
});

describe("where it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-config-"));
  const home = (name: string, make: (path: string) => void): Promise<Config> => {
    const base = join(folder, name);
    mkdirSync(join(base, "ktrail"), { recursive: true });
    make(join(base, "ktrail", "config.yaml"));
    return loadConfig(undefined, { XDG_CONFIG_HOME: base });
  };

  test("$XDG_CONFIG_HOME, else ~/.config; a relative one is ignored", () => {
    expect(configFolder({ XDG_CONFIG_HOME: "/x", HOME: "/home/a" })).toBe("/x/ktrail");
    expect(configFolder({ HOME: "/home/a" })).toBe("/home/a/.config/ktrail");
    expect(configFolder({ XDG_CONFIG_HOME: "rel", HOME: "/home/a" })).toBe("/home/a/.config/ktrail");
    expect(configFolder({})).toBeNull();
  });

  test("none is fine", async () => {
    expect(await loadConfig(undefined, { HOME: "/nonexistent" })).toMatchObject({
      exists: false,
      values: {},
      problems: [],
    });
    expect(await loadConfig(undefined, {})).toMatchObject({ path: null, problems: [] });
    expect(await loadConfig("/dev/null", {})).toMatchObject({ values: {}, problems: [] });
  });

  test("a directory, a pipe, a device, a link to itself and a huge file are told and don't stop the start", async () => {
    const reasons: readonly (readonly [string, (path: string) => void, RegExp])[] = [
      ["directory", (path) => mkdirSync(path), /is a directory/],
      ["pipe", (path) => void execFileSync("mkfifo", [path]), /is no regular file/],
      ["device", (path) => symlinkSync("/dev/zero", path), /is no regular file/],
      ["loop", (path) => symlinkSync(path, path), /is a link to itself/],
      ["huge", (path) => writeFileSync(path, "#".repeat(300_000)), /larger than 256 KiB/],
    ];
    for (const [name, make, reason] of reasons) {
      const config = await home(name, make);
      expect(config.values).toEqual({});
      expect(problemTexts(config)).toEqual([expect.stringMatching(reason)]);
    }
  });

  test("a link to a file is followed", async () => {
    const target = join(folder, "dotfiles.yaml");
    writeFileSync(target, "\ufefftz: utc\r\ntheme: light\r\n");
    expect((await home("link", (path) => symlinkSync(target, path))).values).toEqual({ tz: "utc", theme: "light" });
  });

  test("asked for by name it must be there", async () => {
    await expect(loadConfig(join(folder, "missing.yaml"), {})).rejects.toThrow(
      /--config: .*missing\.yaml does not exist/,
    );
    await expect(loadConfig(folder, {})).rejects.toThrow(/is a directory/);
  });

  test("a theme that is nowhere is told, and the default taken", async () => {
    const config = await home("theme", (path) => writeFileSync(path, "theme: lihgt\n"));
    expect(config.values).toEqual({});
    expect(problemTexts(config).join()).toMatch(
      /config\.yaml:1:1: theme: there is no theme "lihgt"; did you mean light\?/,
    );
  });
});
