import { stripVTControlCharacters } from "node:util";
import { Box } from "ink";
import { render } from "ink-testing-library";
import type { ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { createCommands } from "../../src/commands/registry.ts";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { PANES } from "../../src/panes/registry.ts";
import { frameOf, initialState } from "../../src/state/initial-state.ts";
import { themeNamed, THEMES, toneCodes } from "../../src/terminal/themes.ts";
import { createHelpPane } from "../../src/ui/help-pane.ts";
import { infoPane } from "../../src/ui/info-pane.ts";
import { createPainter } from "../../src/ui/paint.ts";
import { Body } from "../../src/ui/regions/body.tsx";
import { Context } from "../../src/ui/regions/context.tsx";
import { type Drawing, DrawingContext, LayoutContext } from "../../src/ui/regions/drawing.ts";
import { Finder } from "../../src/ui/regions/finder.tsx";
import { Footer } from "../../src/ui/regions/footer.tsx";
import { Message } from "../../src/ui/regions/message.tsx";
import { Prompt } from "../../src/ui/regions/prompt.tsx";
import { Region } from "../../src/ui/regions/region.tsx";
import { Screen } from "../../src/ui/regions/screen.tsx";
import { Status } from "../../src/ui/regions/status.tsx";
import { Shell } from "../../src/ui/shell.ts";
import { type DisplayStream, Surface } from "../../src/ui/surface.ts";
import { layoutFor } from "../../src/ui/layout.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";
import { FakeTerminal } from "../support/terminal.ts";

/** ink-testing-library's terminal is as wide. */
const SIZE = { columns: 100, rows: 24 };
const panes = [...PANES, infoPane];
const commands = createCommands(panes, filterLanguage);
const allPanes = [...panes, createHelpPane(panes, commands)];
const paint = createPainter({ unicode: true }, toneCodes(themeNamed("dark", THEMES, {}), "none"));

const NOTHING = {};

interface Stage {
  readonly shell: Shell;
  press(...names: readonly string[]): Promise<void>;
  /** `component` as Ink alone draws it. */
  drawn(component: ReactNode): string[];
}

async function staged(run: (stage: Stage) => Promise<void>): Promise<void> {
  const shell = new Shell({
    engine: new SampleEngine(Array.from({ length: 40 }, (_, seq) => request(seq, { user: seq % 3 ? "bob" : "alice" }))),
    panes: allPanes,
    commands,
    language: filterLanguage,
    initial: initialState({ frame: frameOf("requests"), size: SIZE, timeZone: "utc" }),
    unicode: true,
    now: () => 0,
    perform: () => {},
  });
  const settled = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (!shell.isIdle);
  };
  shell.start();
  try {
    await settled();
    await run({
      shell,
      async press(...names) {
        shell.press(names.map((name) => ({ name, text: name.length === 1 ? name : null })));
        await settled();
      },
      drawn(component) {
        const { lastFrame, unmount } = render(<OnScreen drawing={drawingOf(shell, null)}>{component}</OnScreen>);
        const frame = stripVTControlCharacters(lastFrame() ?? "");
        unmount();
        const lines = frame.split("\n").map((line) => line.trimEnd());
        const isShown = (line: string): boolean => line !== "";
        return lines.slice(lines.findIndex(isShown), lines.findLastIndex(isShown) + 1);
      },
    });
  } finally {
    shell.stop();
  }
}

function drawingOf(shell: Shell, surface: Surface | null): Drawing {
  return { shown: shell, paint, paneOf: (id) => allPanes.find((pane) => pane.id === id), unicode: true, surface };
}

function OnScreen({ drawing, children }: { readonly drawing: Drawing; readonly children: ReactNode }): ReactNode {
  const layout = layoutFor(SIZE, false);
  if (layout === null) throw new Error("room enough");
  return (
    <DrawingContext value={drawing}>
      <LayoutContext value={layout}>
        <Box width={SIZE.columns} minHeight={SIZE.rows}>
          {children}
        </Box>
      </LayoutContext>
    </DrawingContext>
  );
}

describe("a region, drawn by Ink itself", () => {
  test("<Status> and <Context> say what is loaded, where we are and what narrows it", () =>
    staged(async ({ press, drawn }) => {
      expect(drawn(<Status />)).toEqual(["audit.log · 40 requests · 2026-11-21 00:05:00–00:05:39 UTC"]);
      await press("/", ..."user:alice", "enter");
      const [breadcrumb, chips] = drawn(<Context />);
      expect(breadcrumb).toMatch(/^ requests .*14/);
      expect(chips).toMatch(/^ \[user:alice\] .*1 over/);
    }));

  test("<Body> shows the pane's rows and follows them without being rendered anew", () =>
    staged(async ({ shell, press }) => {
      const { lastFrame, unmount } = render(
        <OnScreen drawing={drawingOf(shell, null)}>
          <Body />
        </OnScreen>,
      );
      expect(lastFrame()?.match(/ bob /g)?.length).toBeGreaterThan(5);
      await press("/", ..."user:alice", "enter");
      expect(lastFrame()).not.toContain(" bob ");
      expect(lastFrame()?.match(/00:05:\d\d\.\d{3} .* alice /g)).toHaveLength(14);
      unmount();
    }));

  test("<Footer> names the keys, <Message> answers one in its place, whole", () =>
    staged(async ({ shell, press, drawn }) => {
      expect(drawn(<Footer />).join("\n")).toMatch(/\/ filter {2}\? help$/);
      expect(drawn(<Message />)).toEqual([]);
      await press("Y");
      const said = shell.snapshot().state.message?.text ?? "";
      expect(said).not.toBe("");
      expect(drawn(<Message />).join(" ")).toContain(said);
      expect(drawn(<Footer />)).toEqual([]);
      shell.dispatch([{ type: "message", text: "word ".repeat(60), tone: "info" }]);
      expect(
        drawn(<Screen />)
          .slice(-4)
          .join(" ")
          .match(/word/g),
      ).toHaveLength(60);
    }));

  test("<Prompt> shows what is typed over a hint, <Finder> what it finds", () =>
    staged(async ({ press, drawn }) => {
      await press("/", ..."user:al");
      expect(drawn(<Prompt />).slice(-2)).toEqual(["/user:al", expect.stringMatching(/tab: .*alice/)]);
      await press("esc", "ctrl-k", ..."alice");
      expect(drawn(<Finder />)[0]).toMatch(/^ user +alice/);
      await press(..."zzzz");
      expect(drawn(<Finder />)[0]).toBe(" nothing fits");
    }));

  test("rows take their place empty too, are cut instead of wrapped, and keep their colours", () => {
    const rows = [[{ text: "first", sgr: "" }], [], [{ text: "x".repeat(150), sgr: "" }]];
    const drawing: Drawing = {
      ...drawingOf({ subscribe: () => () => {}, snapshot: () => NOTHING } as unknown as Shell, null),
    };
    const { lastFrame, unmount } = render(
      <OnScreen drawing={drawing}>
        <Region height={4} draw={() => rows} />
      </OnScreen>,
    );
    expect(lastFrame()?.split("\n").slice(0, 4)).toEqual(["first", "", `${"x".repeat(99)}…`, ""]);
    unmount();
  });
});

describe("a screen", () => {
  test.each([
    [":help", [":", ..."help", "enter"]],
    ["a pane below another", ["2", "j", "enter"]],
    ["a prompt with a mistake", ["/", ..."nonsense:", "enter"]],
    ["the finder", ["ctrl-k", ..."alice"]],
    ["a message", ["Y"]],
  ])("is the same drawn by Ink alone and by the surface: %s", (_, keys) =>
    staged(async ({ shell, press, drawn }) => {
      const terminal = new FakeTerminal(SIZE.columns, SIZE.rows);
      const drawing = drawingOf(shell, new Surface(terminal.stdout as unknown as DisplayStream));
      const { lastFrame, frames, unmount } = render(
        <OnScreen drawing={drawing}>
          <Screen />
        </OnScreen>,
      );
      await press(...keys);
      await new Promise<void>((resolve) => terminal.stdout.write("", undefined, resolve));
      expect(terminal.screen()).toEqual(drawn(<Screen />));
      expect(terminal.screen().at(-1)).not.toBe("");
      // Boxes Ink leaves blank, whatever is in them.
      expect(new Set(frames.map((frame) => frame.trim()))).toEqual(new Set([""]));
      expect(lastFrame()?.split("\n")).toHaveLength(SIZE.rows);
      unmount();
      terminal.close();
    }),
  );

  test("moving the cursor renders nothing, and draws no status line", () =>
    staged(async ({ shell, press }) => {
      const terminal = new FakeTerminal(SIZE.columns, SIZE.rows);
      const surface = new Surface(terminal.stdout as unknown as DisplayStream);
      const { frames, unmount } = render(
        <OnScreen drawing={drawingOf(shell, surface)}>
          <Screen />
        </OnScreen>,
      );
      await press("j");
      const before = { frames: frames.length, status: terminal.screen()[0] };
      terminal.stdout.writes.length = 0;
      for (let moves = 0; moves < 5; moves += 1) await press("j");
      expect(terminal.stdout.writes).toHaveLength(5);
      expect(terminal.stdout.writes.join("")).not.toContain("\u001b[1H");
      expect(frames).toHaveLength(before.frames);
      unmount();
      terminal.close();
    }));
});
