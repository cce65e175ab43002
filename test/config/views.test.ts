import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createViewStore, viewsBeside } from "../../src/config/view-store.ts";
import { reduce } from "../../src/state/reduce.ts";
import { frameOf, initialState } from "../../src/state/initial-state.ts";
import { openView, type SavedView, savedView } from "../../src/state/saved-view.ts";

const IDS = ["overview", "top", "codes", "requests", "trail"];
const COLUMNS = ["received", "code", "user"];
const PANES = IDS.map((id) => ({
  id,
  ...(id === "requests" ? { columns: COLUMNS.map((column) => ({ id: column })) } : {}),
}));
const folder = mkdtempSync(join(tmpdir(), "ktrail-views-"));
let made = 0;
/** A store in a folder that does not exist yet. */
function store(text?: string) {
  const home = join(folder, String((made += 1)), "ktrail");
  const views = createViewStore(home);
  if (text !== undefined) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "views.yaml"), text);
  }
  return { views, home, file: join(home, "views.yaml") };
}
const view = (change: Partial<SavedView> = {}): SavedView => ({
  name: "errors",
  frames: [{ pane: "codes", params: { code: "403" }, added: [] }],
  chips: ["code:4xx", "-group:system:nodes"],
  humansOnly: false,
  window: null,
  timeMode: "absolute",
  columns: {},
  ...change,
});

describe("a saved view", () => {
  const state = initialState({
    frame: frameOf("top", { by: "user,verb", sort: "p99" }),
    size: { columns: 80, rows: 24 },
  });

  test("is what is shown, without cursor and scroll, and comes back as it was", () => {
    let app = reduce(state, { type: "chips", chips: ["verb:list"] });
    app = reduce(app, { type: "push", frame: frameOf("requests", { column: "ip" }), chips: ["user:bob"] });
    app = reduce(app, { type: "cursor", id: "7", index: 7, top: 3 });
    app = reduce(app, { type: "window", window: { fromUs: 1_790_000_000_123_456, toUs: 1_790_000_100_000_000 } });
    app = reduce(app, { type: "time-mode", mode: "relative" });
    const saved = savedView(app, "x");
    const back = openView(saved!, { from: null, to: null }).reduce(reduce, state);
    expect(back).toMatchObject({ chips: app.chips, window: app.window, timeMode: "relative" });
    expect(back.stack.map(({ pane, params, added }) => ({ pane, params, added }))).toEqual([
      { pane: "top", params: { by: "user,verb", sort: "p99" } },
      { pane: "requests", params: { column: "ip" }, added: ["user:bob"] },
    ]);
    expect(back.stack.at(-1)).toMatchObject({ cursorId: null, top: 0 });
    expect(reduce(back, { type: "back" }).chips).toEqual([{ text: "verb:list" }]);
  });

  test("leaves out what is about one row of one log, the program's own panes, and what was unmasked", () => {
    const deep = reduce(state, { type: "push", frame: frameOf("request", { seq: "7" }), chips: ["user:bob"] });
    expect(savedView(deep, "x")).toMatchObject({ frames: [{ pane: "top" }], chips: [] });
    expect(savedView(reduce(state, { type: "open", frame: frameOf("help") }), "x")).toBeNull();
    const unmasked = reduce(state, { type: "params", params: { unmask: "1" } });
    expect(savedView(unmasked, "x")?.frames[0]?.params).toEqual({ by: "user,verb", sort: "p99" });
  });

  test("says when its time lies outside the log", () => {
    const saved = view({ window: { fromUs: 2e15, toUs: 2e15 + 1 } });
    const outside = openView(saved, { from: "2026-11-21T00:00:00.000Z", to: "2026-11-21T01:00:00.000Z" });
    expect(outside[1]).toMatchObject({ tone: "warn", text: expect.stringContaining("outside this log") });
    expect(openView(view(), { from: "2026-11-21T00:00:00.000Z", to: "2026-11-21T01:00:00.000Z" })[1]).toMatchObject({
      tone: "info",
    });
  });
});

describe("the file of views", () => {
  test("whatever is saved is read back the same", async () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc.constantFrom("__proto__", "- a", "*x", "#", "'\"", "null", "1e3", "a: b", "! |", 'user:"\u001b[2J"'),
    );
    const name = text.filter(
      (each) => each.trim() === each && each !== "" && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(each),
    );
    const params = fc.dictionary(
      text.filter((key) => !["seq", "unmask", "__proto__"].includes(key)),
      text,
      { maxKeys: 4 },
    );
    const saved = fc.record({
      name,
      frames: fc.array(fc.record({ pane: fc.constantFrom(...IDS), params, added: fc.array(text, { maxLength: 2 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      chips: fc.array(text, { maxLength: 3 }),
      humansOnly: fc.boolean(),
      window: fc.oneof(
        fc.constant(null),
        fc.integer({ min: 1, max: 4e15 }).map((fromUs) => ({ fromUs, toUs: fromUs + 12_345_678 })),
      ),
      timeMode: fc.constantFrom<SavedView["timeMode"]>("absolute", "relative", "delta"),
      columns: fc.oneof(
        fc.constant({}),
        fc.uniqueArray(fc.constantFrom(...COLUMNS), { minLength: 1 }).map((requests) => ({ requests })),
      ),
    });
    await fc.assert(
      fc.asyncProperty(saved, async (wanted) => {
        const { views } = store();
        await views.save(view({ name: "before" }));
        await views.save(wanted);
        const read = await views.list(PANES);
        expect(read.problems).toEqual([]);
        expect(read.views.find((each) => each.name === wanted.name)).toEqual({
          ...wanted,
          frames: wanted.frames.map((frame) => ({ ...frame, params: { ...frame.params } })),
        });
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test("is only readable by its owner; nothing else is left behind", async () => {
    const { views, home, file } = store();
    await views.save(view());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(["views.yaml"]);
    expect(readFileSync(file, "utf8")).toContain("# Views saved in ktrail");
  });

  test("keeps comments, order and the views of others; saving again replaces; forgetting removes", async () => {
    const { views, file } = store("# mine\none: { panes: [{ pane: top }] } # keep\ntwo:\n  panes: [{ pane: codes }]\n");
    await views.save(view({ name: "three" }));
    await views.save(view({ name: "two", chips: [] }));
    await views.remove("three");
    await views.remove("nothing");
    const read = await views.list(PANES);
    expect(read.views.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(readFileSync(file, "utf8")).toMatch(/# mine\none: .*# keep/s);
  });

  test("a link stays a link", async () => {
    const { views, home, file } = store();
    mkdirSync(home, { recursive: true });
    const target = join(folder, `target-${made}.yaml`);
    writeFileSync(target, "");
    symlinkSync(target, file);
    await views.save(view());
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toContain("errors:");
  });

  test("what can't be understood is told, and never overwritten", async () => {
    for (const text of ["- a list\n", "one: {panes: [\n", "just words"]) {
      const { views, file } = store(text);
      expect((await views.list(PANES)).problems).not.toEqual([]);
      await expect(views.save(view())).rejects.toThrow(/left as it is/);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  test("a view that doesn't fit is told with its place; the others can be opened", async () => {
    const { views } = store(
      [
        "good: { panes: [{ pane: top, with: { by: verb, unmask: '1' } }] }",
        "gone: { panes: [{ pane: nosuch }] }",
        "none: { panes: [] }",
        "odd: { panes: [{ pane: top }], run: rm }",
        "time: { panes: [{ pane: top }], from: yesterday }",
        "back: { panes: [{ pane: top }], from: 2026-01-02T00:00:00Z, to: 2026-01-01T00:00:00Z }",
        '"a\\nb": { panes: [{ pane: top }] }',
      ].join("\n"),
    );
    const { views: read, problems } = await views.list(PANES);
    expect(read).toMatchObject([{ name: "good", frames: [{ pane: "top", params: { by: "verb" } }] }]);
    expect(read[0]?.frames[0]?.params).not.toHaveProperty("unmask");
    expect(problems).toEqual([
      expect.stringContaining("views.yaml:2:25: “gone”: there is no pane “nosuch”"),
      expect.stringContaining("“none”: panes: expected at least one"),
      expect.stringContaining("“odd”: “run” is none of"),
      expect.stringContaining("“time”: “yesterday” is no time"),
      expect.stringContaining("“back”: to must be later than from"),
      expect.stringContaining("a name has 1 to 60 visible characters"),
    ]);
  });

  test("columns of a view are those the pane has; others are told with their place", async () => {
    const { views } = store(
      [
        "good: { panes: [{ pane: requests }], columns: { requests: [user, code, user] } }",
        "none: { panes: [{ pane: requests }], columns: { requests: [nosuch] } }",
        "where: { panes: [{ pane: requests }], columns: { trail: [code] } }",
        "proto: { panes: [{ pane: requests }], columns: { __proto__: [code] } }",
      ].join("\n"),
    );
    const { views: read, problems } = await views.list(PANES);
    expect(read.map(({ name, columns }) => [name, columns])).toEqual([["good", { requests: ["user", "code"] }]]);
    expect(problems).toEqual([
      expect.stringMatching(/views\.yaml:2:\d+: “none”: “nosuch” is no column of requests \(received, code, user\)/),
      expect.stringContaining("“where”: “trail” has no columns (requests have)"),
      expect.stringContaining("“proto”: “__proto__” has no columns"),
    ]);
  });

  test("views of a team stand behind one's own, are told apart and never written; what is wrong in them is told", async () => {
    const logs = join(folder, String((made += 1)));
    mkdirSync(logs, { recursive: true });
    expect(viewsBeside([logs, "-", join(logs, "audit.log"), join(logs, "nosuch", "audit.log")])).toEqual([]);
    const team = join(logs, "ktrail-views.yaml");
    const text = [
      "errors: { panes: [{ pane: codes }] }",
      "bad: { panes: [{ pane: nosuch }] }",
      `"x\\e[2J": { panes: [{ pane: top }] }`,
      "theirs: { panes: [{ pane: requests, with: { unmask: '1', seq: '7' } }], run: [rm, -rf] }",
      "fine: { panes: [{ pane: requests }] }",
    ].join("\n");
    writeFileSync(team, text);
    expect(viewsBeside([join(logs, "audit.log"), logs])).toEqual([team]);
    const home = join(logs, "home");
    const views = createViewStore(home, [team, join(logs, "missing.yaml"), logs]);
    await views.save(view({ name: "errors" }));
    const read = await views.list(PANES);
    expect(read.views.map(({ name, origin }) => [name, origin])).toEqual([
      ["errors", undefined],
      ["errors", team],
      ["fine", team],
    ]);
    expect(read.problems).toEqual([
      expect.stringContaining(`${team}:2:24: “bad”: there is no pane “nosuch”`),
      expect.stringContaining(`${team}:3:1: “x`),
      expect.stringContaining(`${team}:4:`),
      expect.stringContaining(`${logs} is a directory`),
    ]);
    expect(read.problems.join("")).not.toContain("\u001b");
    await views.remove("fine");
    expect(readFileSync(team, "utf8")).toBe(text);
  });

  test("a folder that can't be written is told", async () => {
    const { views, home } = store("");
    if (process.getuid?.() === 0) {
      // Root may write anywhere: a file in the folder's place stands for it.
      const blocked = createViewStore(join(home, "views.yaml", "ktrail"));
      await expect(blocked.save(view())).rejects.toThrow(/can't be written|ENOTDIR/);
      return;
    }
    chmodSync(home, 0o500);
    await expect(views.save(view())).rejects.toThrow(/can't be written \(EACCES\)/);
    await expect(createViewStore(null).save(view())).rejects.toThrow(/no HOME/);
  });
});
