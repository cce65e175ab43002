import * as fc from "fast-check";
import type { Key } from "ink";
import { afterEach, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { PANES } from "../../src/panes/registry.ts";
import { KeyInput } from "../../src/ui/terminal/key-input.ts";
import { type KeyPress, keyPresses } from "../../src/ui/terminal/key-names.ts";
import { MOUSE_OFF, MOUSE_ON, MouseInput } from "../../src/ui/terminal/mouse-input.ts";
import { type OpenExplorer, openExplorer } from "../support/explorer.ts";
import { FakeStdin } from "../support/terminal.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";

const none = {} as Key;
/** As an xterm reports it: columns and rows from 1. */
const report = (button: number, column: number, row: number, end = "M"): string =>
  `\u001b[<${button};${column};${row}${end}`;

/** What comes out of these chunks, as presses: text by its characters. */
function presses(chunks: readonly string[]): readonly KeyPress[] {
  const input = new MouseInput();
  const text = chunks.map((chunk) => input.take(chunk)).join("") + input.release();
  return keyPresses(text, none);
}
const names = (chunks: readonly string[]): readonly string[] =>
  presses(chunks).map(({ name, mouse }) => (mouse === undefined ? name : `${mouse.kind} ${mouse.column},${mouse.row}`));

describe("reports of a mouse", () => {
  test("clicks and the wheel become presses in their order among keys; everything else of a mouse nothing", () => {
    expect(names([`j${report(0, 1, 1)}k${report(64, 80, 24)}${report(65, 300, 200)}`])).toEqual([
      "j",
      "click 0,0",
      "k",
      "wheel-up 79,23",
      "wheel-down 299,199",
    ]);
    const others = [1, 2, 3, 4, 16, 32, 35, 66, 67, 68, 128, 9999].map((button) => report(button, 5, 5)).join("");
    expect(names([`${report(0, 5, 5, "m")}${others}x`])).toEqual(["x"]);
  });

  test("what is malformed, hostile or of another protocol is no key", () => {
    const hostile = [
      "\u001b[<M",
      "\u001b[<;;M",
      "\u001b[<0;0;5M",
      "\u001b[<0;5M",
      "\u001b[<0;5;5;5M",
      "\u001b[<-1;5;5M",
      "\u001b[<0;99999;99999M",
      `\u001b[<0;${"9".repeat(500)};1M`,
      "\u001b[<0;1;1q",
      "\u001b[<0:1:1M",
      "\u001b[M !!",
      "\u001b[Mq q",
      "\u001b[32;10;10M",
      String.fromCodePoint(0xf0000, 0x100005, 0x100005),
    ];
    for (const sequence of hostile) expect(names([`a${sequence}b`]), JSON.stringify(sequence)).toEqual(["a", "b"]);
  });

  test("wherever it is cut, nothing of a report becomes a key, and every other text stays itself", () => {
    const piece = fc.oneof(
      fc.constantFrom("q", "j", "é", "\u001bOP", "\u001b[A", "\u001b[5~", "\u001b[<", "\u001b[<0;", "\u001b[M", "日"),
      fc.tuple(fc.nat(300), fc.nat(300), fc.nat(100), fc.constantFrom("M", "m")).map((each) => report(...each)),
    );
    const cut = fc.tuple(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(40), { maxLength: 12 }));
    fc.assert(
      fc.property(cut, ([pieces, sizes]) => {
        const whole = pieces.join("");
        const chunks: string[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(whole.slice(at, (at += size)));
        chunks.push(whole.slice(at));
        expect(names(chunks)).toEqual(names([whole]));
      }),
      { seed: 5, numRuns: 300 },
    );
    expect(names([`${report(0, 3, 3).slice(0, 5)}`, `${report(0, 3, 3).slice(5)}q`])).toEqual(["click 2,2", "q"]);
  });

  test("pasted text is text", () => {
    const pasted = `\u001b[200~a${report(0, 1, 1)}b\u001b[201~`;
    for (let at = 0; at <= pasted.length; at += 1) {
      const input = new MouseInput();
      const through = input.take(pasted.slice(0, at)) + input.take(pasted.slice(at));
      expect(through, String(at)).toBe(pasted);
      expect(input.isHolding).toBe(false);
    }
  });

  test("without the option nothing is taken out, and no escape waits", async () => {
    const stdin = new FakeStdin();
    const input = new KeyInput(stdin);
    stdin.end(`${report(0, 1, 1)}\u001b`);
    let text = "";
    for await (const chunk of input) text += String(chunk);
    expect(text).toBe(`${report(0, 1, 1)}\u001b`);
  });
});

let open: OpenExplorer | null = null;
let engine: Engine | null = null;
afterEach(async () => {
  await open?.close();
  await engine?.close();
  [open, engine] = [null, null];
});

const ROWS = Array.from({ length: 100 }, (_, seq) => request(seq, { code: seq % 10 === 7 ? 403 : 200 }));

async function explore(options: { readonly mouse?: boolean; readonly demo?: true } = {}): Promise<OpenExplorer> {
  if (options.demo === true) {
    engine = createEngine({ inputs: ["fixtures/demo"] });
    await engine.loaded();
  }
  open = await openExplorer({
    engine: engine ?? new SampleEngine(ROWS),
    panes: PANES,
    language: filterLanguage,
    columns: options.demo === true ? 120 : 100,
    rows: options.demo === true ? 40 : 30,
    options: { timeZone: "utc", ...(options.mouse === false ? {} : { mouse: true }) },
  });
  return open;
}
/** The screen's row under the cursor. */
function chosen({ terminal, screen }: OpenExplorer): number {
  return screen().findIndex((_, row) => row > 2 && row < 29 && terminal.styleAt(0, row).reverse);
}

describe("with --mouse", () => {
  test("the wheel scrolls, a click chooses, another opens, the header leads to panes", async () => {
    const explorer = await explore();
    const header = explorer.screen()[2] ?? "";
    await explorer.press(report(0, header.indexOf("6 reqs") + 3, 3));
    expect(explorer.screen()[1]).toMatch(/^ requests/);
    await explorer.press(report(0, 20, 10));
    expect(chosen(explorer)).toBe(9);
    const first = explorer.screen()[4];
    await explorer.press(report(65, 20, 20));
    expect(explorer.screen()[4]).not.toBe(first);
    expect(chosen(explorer)).toBe(9);
    await explorer.press(report(64, 20, 20));
    expect(explorer.screen()[4]).toBe(first);
    // Titles, the preview and the footer choose nothing.
    for (const row of [1, 2, 4, 29, 30]) await explorer.press(report(0, 2, row));
    expect(chosen(explorer)).toBe(9);
    await explorer.press(report(0, 20, 10));
    expect(explorer.screen()[1]).toMatch(/requests › request/);
    await explorer.press("q", "/", report(0, 20, 12), report(65, 2, 2), "a");
    expect(explorer.screen().at(-2)).toMatch(/^\/a/);
  });

  test("a click finds the row of tables beside and below each other, and of folded texts", async () => {
    const explorer = await explore({ demo: true });
    const at = explorer.screen().findIndex((line) => /secrets .* load\/burst /.test(line));
    const marks = (): readonly string[] => explorer.screen()[at]?.match(/▸ \S+/g) ?? [];
    const right = (explorer.screen()[at]?.indexOf("load/burst") ?? 0) + 4;
    await explorer.press(report(0, right, at + 1));
    expect(marks()).toEqual(["▸ load/burst"]);
    await explorer.press(report(0, 4, at + 1));
    expect(marks()).toEqual(["▸ 403"]);
    await explorer.press(report(0, 4, at + 1));
    expect(explorer.screen()[2]).toContain('[resource:"secrets" sub:""]');
    await explorer.press("8");
    const second = explorer.screen().findIndex((line, at) => at > 5 && /^ {2}\S/.test(line));
    await explorer.press(report(0, 12, second + 1));
    expect(chosen(explorer)).toBe(second);
  });

  test("the terminal is asked for the mouse, and gets it back whatever ends or stops the program", async () => {
    const explorer = await explore();
    const { stdout } = explorer.terminal;
    const balance = (): number => stdout.raw.split(MOUSE_ON).length - stdout.raw.split(MOUSE_OFF).length;
    expect(balance()).toBe(1);
    await explorer.press("c");
    explorer.terminal.press(":", "copied", "enter");
    await expect.poll(() => explorer.text()).toContain("enter goes back");
    expect(balance()).toBe(0);
    explorer.terminal.press("enter");
    await expect.poll(() => explorer.terminal.isAlternate).toBe(true);
    await expect.poll(balance).toBe(1);
    await explorer.close();
    expect(balance()).toBe(0);
    open = null;
  });

  test("without it the terminal is asked for nothing, and its reports do nothing", async () => {
    const explorer = await explore({ mouse: false });
    await explorer.press("6");
    const before = explorer.screen();
    expect(explorer.terminal.stdout.raw).not.toContain("[?1000");
    expect(explorer.terminal.stdout.raw).not.toContain("[?1006");
    await explorer.press(report(0, 20, 10));
    expect(explorer.screen().slice(0, -1)).toEqual(before.slice(0, -1));
  });
});
