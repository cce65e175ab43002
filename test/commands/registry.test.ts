import { describe, expect, test } from "vitest";
import { createKeymap } from "../../src/commands/keymap.ts";
import { createCommands } from "../../src/commands/registry.ts";
import { commandContext } from "../support/command-context.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const { all } = createCommands(samplePanes, sampleLanguage);

describe("the list of commands", () => {
  test("ids are unique and of the form area.verb", () => {
    const ids = all.map((command) => command.id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z]+\.[a-z-]+$/.test(id))).toEqual([]);
  });

  test("no key means two things in one scope, and every command has a key", () => {
    const taken = new Set<string>();
    const clashes: string[] = [];
    for (const command of all) {
      for (const key of command.keys) {
        const place = `${command.scope} ${key}`;
        if (taken.has(place)) clashes.push(`${command.id}: ${place}`);
        taken.add(place);
      }
    }
    expect(clashes).toEqual([]);
    expect(all.filter((command) => command.keys.length === 0 || command.keys.includes(""))).toEqual([]);
  });

  test("footer texts are short", () => {
    expect(all.filter((command) => (command.short ?? "").length > 12).map((command) => command.id)).toEqual([]);
  });

  test("nothing throws on an empty screen, and what is disabled says why", () => {
    for (const command of all) {
      const reason = command.disabledReason?.(commandContext()) ?? null;
      expect(reason === null || reason.length > 5, command.id).toBe(true);
      if (reason === null) expect(Array.isArray(command.run(commandContext())), command.id).toBe(true);
    }
  });
});

describe("the keymap", () => {
  const keymap = createKeymap(all);

  test("inner scopes win", () => {
    const own = { ...all[0]!, id: "top.own", keys: ["x"], scope: "pane:top" as const };
    const map = createKeymap([own, ...all]);
    expect(map.find("x", "top", false)?.id).toBe("top.own");
    expect(map.find("x", "requests", false)?.id).toBe("filter.toggle");
    expect(map.inReach("top", false).map((command) => command.id)).not.toContain("filter.toggle");
  });

  test("a prompt takes all keys but the program's own", () => {
    expect(keymap.find("q", "top", true)).toBeUndefined();
    expect(keymap.find("enter", "top", true)?.id).toBe("prompt.accept");
    expect(keymap.find("ctrl-k", "top", true)?.id).toBe("prompt.delete-rest");
    expect(keymap.find("ctrl-c", "top", true)?.id).toBe("program.quit");
    expect(keymap.find("ctrl-d", "top", true)?.id).toBe("prompt.delete");
  });

  test("every key of the interface that these panes can serve is there", () => {
    const wanted =
      "j k up down g G ctrl-d ctrl-u pageup pagedown home end enter esc q ctrl-c tab shift-tab / n N + - x X p F e E H t z Z { } O c C ctrl-k ? ctrl-l : 2 6";
    const missing = wanted.split(" ").filter((key) => keymap.find(key, "requests", false) === undefined);
    expect(missing).toEqual([]);
  });
});
