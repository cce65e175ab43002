import { describe, expect, test } from "vitest";
import type { Command } from "../../src/commands/contract.ts";
import type { CustomKey } from "../../src/commands/custom-keys.ts";
import { keyName } from "../../src/commands/key-name.ts";
import { createKeymap } from "../../src/commands/keymap.ts";
import { type Commands, createCommands } from "../../src/commands/registry.ts";
import { PANES } from "../../src/panes/registry.ts";
import { commandContext } from "../support/command-context.ts";
import { sampleLanguage } from "../support/sample-panes.ts";

function commandsWith(...keys: readonly (readonly [string, string | null])[]): Commands {
  const custom = keys.map(([key, line]): CustomKey => ({ key, line }));
  return createCommands(PANES, sampleLanguage, { keys: custom, themes: ["dark", "light"] });
}
const found = ({ all }: Commands, key: string, pane = "requests", inPrompt = false): Command | undefined =>
  createKeymap(all).find(key, pane, inPrompt);
const notes = ({ keyNotes }: Commands): readonly string[] => keyNotes.map(({ message }) => message);

describe("keys of one's own", () => {
  test("run a line as after :, on every pane, whatever the key was before", () => {
    const commands = commandsWith(["o", "codes 403"]);
    for (const { id } of PANES) {
      const command = found(commands, "o", id);
      expect(command?.run(commandContext())).toMatchObject([{ type: "open", frame: { pane: "codes" } }]);
      expect(command).toMatchObject({ title: ":codes 403", group: "your keys" });
    }
    expect(notes(commands)).toContain("o was “trail of this object: its whole life”, now only :object.trail");
  });

  test("bind a command by its id: shown first, the others still work", () => {
    const commands = commandsWith(["w", "view.pause"]);
    expect(commands.all.find(({ id }) => id === "view.pause")?.keys).toEqual(["w", "p"]);
    expect(found(commands, "p")?.id).toBe("view.pause");
  });

  test("a command of one pane leaves the key to the others", () => {
    const trail = PANES.find(({ id }) => id === "trail")?.commands[0];
    const commands = commandsWith(["g", trail?.id ?? ""]);
    expect(found(commands, "g", "trail")?.id).toBe(trail?.id);
    expect(found(commands, "g", "requests")?.id).toBe("move.first");
  });

  test("none takes a key away", () => {
    const commands = commandsWith(["X", null], ["ctrl-e", null]);
    expect(found(commands, "X")).toBeUndefined();
    expect(
      createKeymap(commands.all)
        .inReach("requests", false)
        .map(({ id }) => id),
    ).not.toContain("filter.clear");
    expect(notes(commands)).toEqual([
      "X was “no filters, no time window, everybody”, now only :filter.clear",
      "ctrl-e does nothing anyway",
    ]);
  });

  test("in a prompt only keys of prompts, and none that types a character", () => {
    const commands = commandsWith(["ctrl-t", "prompt.delete-line"], ["k", "prompt.left"]);
    expect(found(commands, "ctrl-t", "requests", true)?.id).toBe("prompt.delete-line");
    expect(found(commands, "ctrl-t")).toBeUndefined();
    expect(notes(commands)).toEqual(["k types itself in a prompt"]);
  });

  test("what can't be set is told and changes nothing", () => {
    const commands = commandsWith(
      ["ctrl-c", "top"],
      ["w", "nosuch"],
      ["w", "overview extra"],
      ["qq", "top"],
      ["ctrl-m", "top"],
    );
    expect(commands.keyNotes.every(({ isMistake }) => isMistake)).toBe(true);
    expect(notes(commands)).toEqual([
      "ctrl-c always leaves and can't be set",
      expect.stringContaining("there is no “nosuch”"),
      expect.stringContaining("overview takes no arguments"),
      expect.stringContaining("“qq” is no key"),
      "ctrl-m reaches programs as enter: write enter",
    ]);
    expect(found(commands, "ctrl-c")?.id).toBe("program.quit");
    expect(commands.all).toEqual(expect.arrayContaining([expect.objectContaining({ id: "program.quit" })]));
  });

  test("a line that fails when it is run says why", () => {
    const command = found(commandsWith(["w", "theme nosuch"]), "w");
    expect(command?.run(commandContext())).toMatchObject(
      [{ type: "message", tone: "warn", text: /no theme/ }].map((each) => ({
        ...each,
        text: expect.stringMatching(each.text),
      })),
    );
  });
});

describe("names of keys", () => {
  test("as footer and help write them, and as other programs do", () => {
    for (const key of [
      "w",
      "W",
      "é",
      "日",
      "/",
      "ctrl-t",
      "ctrl-space",
      "alt-x",
      "alt-X",
      "alt-left",
      "f12",
      "shift-tab",
      "pageup",
    ]) {
      expect(keyName(key)).toBe(key);
    }
    expect(keyName("Enter")).toBe("enter");
    expect(keyName("PgDn")).toBe("pagedown");
    expect(keyName("CTRL-T")).toBe("ctrl-t");
    expect(keyName(" ")).toBe("space");
    for (const [wrong, hint] of [
      ["C-t", "write ctrl-t"],
      ["ctrl+t", "write ctrl-t"],
      ["^t", "write ctrl-t"],
      ["M-x", "write alt-x"],
      ["shift-w", "write W"],
      ["f13", "is no key"],
      ["", "is no key"],
    ] as const) {
      expect(() => keyName(wrong)).toThrow(hint);
    }
  });
});

describe("after :", () => {
  test("theme and lo-fi, with what tab makes of them", () => {
    const { line } = commandsWith();
    expect(line.run("theme light", commandContext())).toMatchObject({
      ok: true,
      actions: [{ type: "theme", name: "light" }, {}],
    });
    expect(line.run("theme nosuch", commandContext())).toMatchObject({ ok: false, column: 7 });
    expect(line.place("theme l", commandContext().app)).toMatchObject({ from: 6, words: ["light"] });
    expect(line.place("the", commandContext().app)).toMatchObject({ from: 0, words: ["theme"] });
    expect(line.run("lo-fi", commandContext())).toMatchObject({ ok: true, actions: [{ type: "lo-fi", on: true }, {}] });
    expect(line.run("lo-fi off", commandContext())).toMatchObject({ actions: [{ on: false }, {}] });
    expect(line.run("lo-fi x", commandContext())).toMatchObject({ ok: false });
  });
});
