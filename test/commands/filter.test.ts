import { describe, expect, test } from "vitest";
import type { Command } from "../../src/commands/contract.ts";
import { negated } from "../../src/commands/filter.ts";
import { createCommands } from "../../src/commands/registry.ts";
import { zoomedIn, zoomedOut } from "../../src/commands/zoom.ts";
import { commandContext } from "../support/command-context.ts";
import { START_US } from "../support/sample-engine.ts";
import { sampleLanguage, samplePanes } from "../support/sample-panes.ts";

const { all } = createCommands(samplePanes, sampleLanguage);

function command(id: string): Command {
  const found = all.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no command ${id}`);
  return found;
}

describe("include and exclude", () => {
  test("the row's term becomes a chip, or its opposite does", () => {
    const context = commandContext({ chips: [{ text: "ns:demo" }] }, { selection: { term: "code:403" } });
    expect(command("filter.include").run(context)).toEqual([{ type: "chips", chips: ["ns:demo", "code:403"] }]);
    expect(command("filter.exclude").run(context)).toEqual([{ type: "chips", chips: ["ns:demo", "-code:403"] }]);
  });

  test("what is negated already is included again; several terms are negated as one", () => {
    expect(negated("-code:403", sampleLanguage)).toBe("code:403");
    expect(negated("!code:403", sampleLanguage)).toBe("code:403");
    expect(negated("user:bob verb:get", sampleLanguage)).toBe("-(user:bob verb:get)");
  });

  test("without a value under the cursor the key says so", () => {
    expect(command("filter.include").disabledReason?.(commandContext())).toMatch(/no value/);
  });
});

describe("zoom", () => {
  const { status } = commandContext().pane;

  test("in: half of what is shown, around the cursor, inside what was shown", () => {
    const first = zoomedIn(null, status, START_US + 1_000_000);
    expect(first).toEqual({ fromUs: START_US, toUs: START_US + 4_500_500 });
    const second = zoomedIn(first, status, START_US + 3_000_000);
    expect((second.toUs ?? 0) - (second.fromUs ?? 0)).toBeCloseTo(2_250_250, -1);
    expect(second.fromUs).toBeGreaterThanOrEqual(first.fromUs ?? 0);
    expect(second.toUs).toBeLessThanOrEqual(first.toUs ?? 0);
    expect(second.fromUs).toBeLessThanOrEqual(START_US + 3_000_000);
  });

  test("the newest request stays inside its window", () => {
    const newest = START_US + 9_000_000;
    const { toUs = 0 } = zoomedIn(null, status, newest);
    expect(toUs).toBeGreaterThan(newest);
  });

  test("out: twice as much, and no window once that is everything", () => {
    const window = { fromUs: START_US + 2_000_000, toUs: START_US + 3_000_000 };
    expect(zoomedOut(window, status)).toEqual({ fromUs: START_US + 1_500_000, toUs: START_US + 3_500_000 });
    expect(zoomedOut({ fromUs: START_US + 1_000_000, toUs: START_US + 8_000_000 }, status)).toBeNull();
  });
});

describe("clear", () => {
  test("takes away chips, window and humans-only", () => {
    const actions = command("filter.clear").run(commandContext({ humansOnly: true }));
    expect(actions.map((action) => action.type)).toEqual(["chips", "window", "humans-only"]);
    expect(command("filter.clear").disabledReason?.(commandContext())).toBe("no filter is set");
  });
});
