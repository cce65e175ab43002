import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Ask, Engine } from "../../../src/engine/contract.ts";
import type { RequestFacts } from "../../../src/events/request.ts";
import { lineText } from "../../../src/models/line.ts";
import type { Answers, PaneContext } from "../../../src/panes/contract.ts";
import { timeline } from "../../../src/panes/marks/timeline.ts";
import { PANES } from "../../../src/panes/registry.ts";
import { MATCH_ALL } from "../../../src/queries/contract.ts";
import type { AppState, Frame } from "../../../src/state/app-state.ts";
import { frameOf, initialState } from "../../../src/state/initial-state.ts";

/** What people can get out of a log, as text: every pane, file and table, beside what would be in it without masking. */
export interface Output {
  readonly id: string;
  /** The event it is about; absent: all of the log. */
  readonly auditID?: string;
  readonly unmasked: string;
  readonly shown: string;
}

const SIZE = { columns: 400, rows: 8_000 } as const;

/** Parameters the panes are looked at with; those of one request come for every event. */
const LOOKS: readonly (readonly [pane: string, params: Readonly<Record<string, string>>])[] = [
  ["overview", {}],
  ...["user", "useragent", "path", "name", "object", "reason", "annotation:example.com/why"].map(
    (by) => ["top", { by }] as const,
  ),
  ["codes", { code: "422" }],
  ["objects", {}],
  ["objects", { search: "planted" }],
  ["trail", { object: "things/planted-1", namespace: "demo" }],
  ["trail", { object: "pods/planted-2", namespace: "demo", view: "story" }],
  ["why", { object: "pods/planted-2", namespace: "demo" }],
  ["requests", {}],
  ["latency", { by: "useragent" }],
  ["latency", { show: "slowest" }],
  ["kubernetes-events", {}],
  ["cadence", {}],
  ["compare", { a: "user:alice", b: "user:bob", by: "useragent" }],
  ["marks", {}],
];

const COMMANDS: readonly (readonly string[])[] = [
  ["events", "--limit", "all"],
  ...["user", "useragent", "path", "name", "object", "annotation:example.com/why"].map((by) => [
    "top",
    "--by",
    by,
    "--limit",
    "all",
  ]),
  ["series", "--by", "useragent"],
  ["k8s-events"],
  ["trail", "things/planted-1", "-n", "demo"],
  ["why", "pods/planted-2", "-n", "demo"],
  ["compare", "--a", "user:alice", "--b", "user:bob", "--by", "useragent"],
  ["info"],
];

/** On the screen and in files it writes. `log`: an audit log; `auditIDs`: the events looked at one by one, empty for all of them. */
export async function* seenOf(log: string, auditIDs: ReadonlySet<string>): AsyncGenerator<Output> {
  const engine = createEngine({ inputs: [log] });
  try {
    await engine.loaded();
    const { rows } = await engine.ask("rows", {
      filter: MATCH_ALL,
      anchor: "oldest",
      after: 1_000_000,
      auditIDs: true,
    });
    for (const facts of rows) if (auditIDs.size === 0 || auditIDs.has(facts.auditID)) yield* ofRequest(engine, facts);
    for (const [pane, params] of LOOKS) yield* ofPane(engine, pane, params, rows);
    yield {
      id: "timeline",
      unmasked: JSON.stringify(rows),
      shown: timeline(contextOf(engine, frameOf("marks"), rows)),
    };
  } finally {
    await engine.close();
  }
}

/** What a command line prints, on both streams. */
export type Run = (argv: readonly string[]) => Promise<string>;

/** Headless answers for people. */
export async function* printedOf(log: string, run: Run): AsyncGenerator<Output> {
  for (const [name = "", ...rest] of COMMANDS) {
    const print = (output: string): Promise<string> => run([name, ...rest, log, "-o", output, "--tz", "utc"]);
    const unmasked = await print("json");
    yield { id: "tables", unmasked, shown: await print("table") };
    yield { id: "Markdown", unmasked, shown: await print("md") };
  }
}

async function* ofRequest(engine: Engine, { seq, auditID }: RequestFacts): AsyncGenerator<Output> {
  const looks = [
    ["card", "request", {}],
    ["raw", "request", { part: "raw" }],
    ["diff", "diff", { all: "1" }],
  ] as const;
  for (const [id, pane, params] of looks) {
    const [shown, unmasked] = await Promise.all(
      ["", "1"].map((unmask) => paneText(engine, pane, { ...params, seq: String(seq), unmask }, [])),
    );
    yield { id, auditID, shown: shown?.text ?? "", unmasked: unmasked?.text ?? "" };
  }
}

async function* ofPane(
  engine: Engine,
  pane: string,
  params: Readonly<Record<string, string>>,
  marks: readonly RequestFacts[],
): AsyncGenerator<Output> {
  const { text, answers } = await paneText(engine, pane, params, marks);
  yield {
    id: "other panes",
    shown: text,
    unmasked: JSON.stringify(answers) + (pane === "marks" ? JSON.stringify(marks) : ""),
  };
}

async function paneText(
  engine: Engine,
  id: string,
  params: Readonly<Record<string, string>>,
  marks: readonly RequestFacts[],
): Promise<{ readonly text: string; readonly answers: Answers }> {
  const pane = PANES.find((candidate) => candidate.id === id);
  if (pane === undefined) throw new Error(`no pane ${id}`);
  const context = contextOf(engine, frameOf(id, params), marks);
  const asks = Object.entries(pane.asks(context));
  const answers: Answers = Object.fromEntries(
    await Promise.all(
      asks.map(async ([key, { kind, ...ask }]: [string, Ask]) => {
        const value: unknown = await engine.ask(kind, ask as never);
        return [key, { value, stale: false, error: null }] as const;
      }),
    ),
  );
  const { lines, selection, summary = "" } = pane.view(context, answers);
  return { text: [...lines.map(lineText), selection.copy ?? "", summary].join("\n"), answers };
}

function contextOf(engine: Engine, frame: Frame, marks: readonly RequestFacts[]): PaneContext {
  const base = initialState({ frame, timeZone: "utc", size: SIZE });
  const app: AppState = {
    ...base,
    marks: marks.slice(0, 1_000).map((facts, at) => ({ id: `${at}`, facts, note: "", log: null })),
  };
  return {
    app,
    frame,
    status: engine.status,
    filter: MATCH_ALL,
    window: null,
    width: SIZE.columns,
    height: SIZE.rows,
    unicode: true,
    nowMs: 0,
  };
}
