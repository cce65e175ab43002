import { describe, expect, test } from "vitest";
import { timeline } from "../../src/panes/marks/timeline.ts";
import { marksPane } from "../../src/panes/marks/index.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import type { AppState, Mark } from "../../src/state/app-state.ts";
import { initialState, frameOf } from "../../src/state/initial-state.ts";
import { markId, MOST_MARKS } from "../../src/state/marks.ts";
import { reduce } from "../../src/state/reduce.ts";
import { contextFor, drawn, facts, input, START_MS } from "./context.ts";
import { HOSTILE, hostileFacts } from "./hostile-answers.ts";

const CRAFTED = [
  "a|b",
  "`rm -rf`",
  "[x](javascript:alert(1))",
  "![i](http://evil.example/p.png)",
  "<script>alert(1)</script>",
  "line\n# heading\n| cell |",
  "https://evil.example www.evil.example",
  "\\|",
  "```\n",
  "    indented",
  "&lt;b&gt; **bold** ~~gone~~",
];

function mark(made: RequestFacts, note = ""): Mark {
  return { id: markId(made), facts: made, note, log: null };
}

function marked(texts: readonly string[]): Mark[] {
  return texts.map((text, seq) =>
    mark(
      facts({
        ...hostileFacts(seq),
        seq,
        receivedUs: (START_MS + seq) * 1_000,
        user: text,
        namespace: text,
        name: text,
        auditID: text,
        reason: text,
        source: { path: text, offset: 0, bytes: 1 },
      }),
      text,
    ),
  );
}

describe("the timeline", () => {
  test("tells when, who, what, how it ended, the note and how to see it again", () => {
    const marks: Mark[] = [
      mark(facts({ seq: 1, asFrom: "root" })),
      mark(facts({ seq: 2, receivedUs: (START_MS + 60_000) * 1_000, code: 403, reason: "Forbidden" }), "too late"),
    ];
    const text = timeline(contextFor({ app: { marks }, frame: { pane: "marks" } }));
    expect(text).toMatchInlineSnapshot(`
      "# Timeline

      2 requests of audit.log, marked in ktrail. Times are UTC.

      | time | who | what | code | note | auditID |
      | --- | --- | --- | --- | --- | --- |
      | 2026-11-21 00:02:26.760 | alice@example.com (really root) | patch deployments.apps/scale demo/nginx | 200 in 14.3 ms |  | 6b9e8b68-39e2-4833-ac46-6b0c55002d51 |
      | 2026-11-21 00:03:26.760 | alice@example.com | patch deployments.apps/scale demo/nginx | 403 Forbidden in 14.3 ms | too late | 6b9e8b68-39e2-4833-ac46-6b0c55002d51 |

      ## Show them again

          ktrail audit.log -q 'id:"6b9e8b68-39e2-4833-ac46-6b0c55002d51"'

      2026-11-21 00:02:26.760 patch deployments.apps/scale demo/nginx:

          ktrail events audit.log -q 'id:"6b9e8b68-39e2-4833-ac46-6b0c55002d51"' -o json

      2026-11-21 00:03:26.760 patch deployments.apps/scale demo/nginx:

          ktrail events audit.log -q 'id:"6b9e8b68-39e2-4833-ac46-6b0c55002d51"' -o json
      "
    `);
  });

  test.each([
    ["what the log holds", HOSTILE],
    ["Markdown", CRAFTED],
  ])("stays a table of text whatever it is made of: %s", (_title, texts) => {
    const marks = marked(texts);
    const inputs = texts.map((path) => input(path));
    const text = timeline(contextFor({ app: { marks }, status: { inputs }, frame: { pane: "marks" } }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
    const lines = text.split("\n");
    const rows = lines.filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(2 + marks.length);
    for (const row of rows) expect(row.replaceAll(/\\./g, "").match(/\|/g), row).toHaveLength(7);
    for (const line of lines) {
      if (line.startsWith("    ktrail")) continue;
      const bare = line.replaceAll(/\\./g, "");
      expect(bare, line).not.toMatch(/[`*[\]<~]|:\/\/|www\./);
      expect(line).not.toMatch(/^ {4}/);
    }
  });

  test("masks what looks like a secret", () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlc2lnbmF0dXJl";
    const marks = marked([`x?token=${token}`]);
    expect(
      timeline(contextFor({ app: { marks }, frame: { pane: "marks" } }))
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .join(),
    ).not.toContain(token);
  });
});

describe("marks", () => {
  const start = initialState({ frame: frameOf("requests"), size: { columns: 80, rows: 24 } });

  test("lie in the order of the log, keep their notes and have a bound", () => {
    let state = start;
    const own = (seq: number): RequestFacts => facts({ seq, auditID: `id-${seq}` });
    const add = (seq: number): AppState => reduce(state, { type: "mark", facts: own(seq), log: null });
    for (const seq of [5, 2, 9, 5]) state = add(seq);
    state = reduce(state, { type: "note", id: markId(own(5)), text: "here" });
    state = add(5);
    expect(state.marks.map(({ facts: { seq }, note }) => [seq, note])).toEqual([
      [2, ""],
      [5, "here"],
      [9, ""],
    ]);
    expect(reduce(state, { type: "unmark", id: markId(own(5)) }).marks).toHaveLength(2);
    for (let seq = 10; seq < 10 + 2 * MOST_MARKS; seq++) state = add(seq);
    expect(state.marks).toHaveLength(MOST_MARKS);
  });

  test("of an earlier run are found among the rows, keep what was noted since, and have no card before", () => {
    const again = { ...facts({ auditID: "a" }), seq: Number.NaN };
    const noted = reduce(start, { type: "mark", facts: facts({ seq: 4, auditID: "b" }), log: null });
    const earlier = [mark(again, "then"), mark(facts({ seq: 4, auditID: "b" }), "an older note")];
    const restored = reduce(noted, { type: "marks-restored", marks: earlier });
    expect(restored.marks.map(({ facts: { seq }, note }) => [seq, note])).toEqual([
      [4, ""],
      [Number.NaN, "then"],
    ]);
    const context = (app: AppState) =>
      contextFor({ app: { marks: app.marks }, frame: { pane: "marks", cursorIndex: 1 }, height: 8 });
    const lost = marksPane.view(context(restored), {}).selection;
    expect([lost.mark, lost.seq, lost.enter]).toEqual([markId(again), undefined, undefined]);
    const found = reduce(restored, { type: "marks-found", rows: [{ id: markId(again), seq: 7 }] });
    expect(marksPane.view(context(found), {}).selection).toMatchObject({
      mark: markId(again),
      seq: 7,
      enter: { frame: { params: { seq: "7" } } },
    });
  });

  test("keep no more of a stranger's text than a line needs", () => {
    const long = "x".repeat(1_000_000);
    const huge = facts({ name: long, uri: long, groups: [long], annotations: { [long]: long } });
    const { marks } = reduce(start, { type: "mark", facts: huge, log: null });
    expect(JSON.stringify(marks).length).toBeLessThan(10_000);
  });

  test("are a list with their notes, the note first", () => {
    const marks: Mark[] = [
      mark(facts({ seq: 1, auditID: "a" }), "it began here"),
      mark(facts({ seq: 2, auditID: "b", verb: "delete", code: 200 })),
    ];
    const context = contextFor({ width: 100, height: 6, app: { marks }, frame: { pane: "marks", cursorIndex: 1 } });
    const view = marksPane.view(context, {});
    expect(drawn(view)).toMatchInlineSnapshot(`
      "
      |Marked requests                                                              2 marked, 1 with a note
      |  received UTC  note           code   verb     resource      object         ›user            latency
      |  00:02:26.760  it began here  200    patch    deplo…/scale  demo/nginx     alice@exampl…    14.3 ms
      *▸ 00:02:26.760  -              200    delete   deplo…/scale  demo/nginx     alice@exampl…    14.3 ms
      "
    `);
    expect(view.selection).toMatchObject({ seq: 2, user: "alice@example.com" });
    expect(view.commandLine).toMatch(/^ktrail audit\.log -q /);
  });
});
