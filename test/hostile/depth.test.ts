import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { filterLanguage } from "../../src/commands/filter-language.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { MAX_NESTING } from "../../src/events/json.ts";
import { PANES } from "../../src/panes/registry.ts";
import { openExplorer } from "../support/explorer.ts";
import { answered } from "../support/headless.ts";

/** Clients choose how deep their bodies are nested: no depth may end a command, a screen, or the reading of other lines. */

const folder = mkdtempSync(join(tmpdir(), "ktrail-depth-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lists = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

interface Parts {
  readonly annotation?: string;
  readonly request?: string;
  readonly response?: string;
  readonly extra?: string;
  readonly reference?: string;
  readonly details?: string;
}

const BODY = '{"kind":"ConfigMap","metadata":{"name":"x","uid":"u-1"},"data":{"a":"b"}}';

function line(at: number, parts: Parts = {}): string {
  const { annotation = '""', request = BODY, response = BODY, extra = "[]", reference = '""', details = "{}" } = parts;
  return (
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"id-${at}","stage":"ResponseComplete",` +
    `"requestURI":"/api/v1/namespaces/demo/configmaps/x","verb":"update","user":{"username":"alice","extra":{"k":${extra}}},` +
    `"sourceIPs":["10.0.0.1"],"userAgent":"curl","objectRef":{"resource":"configmaps","namespace":"demo","name":"x",` +
    `"apiVersion":"v1","more":${reference}},"responseStatus":{"metadata":{},"code":200,"details":${details}},` +
    `"requestObject":${request},"responseObject":${response},"requestReceivedTimestamp":"2026-11-21T00:00:0${at}.000000Z",` +
    `"stageTimestamp":"2026-11-21T00:00:0${at}.100000Z","annotations":{"authorization.k8s.io/decision":"allow","x":${annotation}}}`
  );
}

/** The sixth of ten lines, by where the nesting is. */
const PLACES: Readonly<Record<string, (levels: number) => string>> = {
  annotation: (levels) => line(5, { annotation: lists(levels) }),
  "annotation of objects": (levels) => line(5, { annotation: objects(levels) }),
  requestObject: (levels) => line(5, { request: objects(levels) }),
  responseObject: (levels) => line(5, { response: `{"kind":"ConfigMap","data":${lists(levels)}}` }),
  "both bodies": (levels) => line(5, { request: `{"a":${objects(levels)}}`, response: `{"a":${lists(levels)}}` }),
  "a string in a body": (levels) =>
    line(5, {
      response: `{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":${JSON.stringify(objects(levels))}}}}`,
    }),
  "user.extra": (levels) => line(5, { extra: lists(levels) }),
  objectRef: (levels) => line(5, { reference: objects(levels) }),
  "responseStatus.details": (levels) => line(5, { details: objects(levels) }),
  "an event with its keys in another order": (levels) =>
    line(5, { request: objects(levels) }).replace('{"kind":"Event",', '{"big":12345678901234567890,"kind":"Event",'),
};

const NO_EVENTS: typeof PLACES = {
  "a list in a line": (levels) => `[{"a":${lists(levels)}}]`,
  "a line of objects": objects,
  "an event in envelopes": (levels) => `${'{"message":'.repeat(levels)}${JSON.stringify(line(5))}${"}".repeat(levels)}`,
};

function logOf(place: (levels: number) => string, levels: number): string {
  const path = join(folder, "audit.log");
  const lines = Array.from({ length: 10 }, (_, at) => (at === 5 ? place(levels) : line(at)));
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const COMMANDS = [
  "info -o json",
  "top --by user -o json",
  "top --by annotation:x -o table",
  "series -o csv",
  "events -o jsonl",
  "events -o raw",
  "events -q body:data.a=b -o jsonl",
  "events -q -body:a=nothing -o jsonl",
  "events -q id:id-* -o table",
  "trail configmaps/x -n demo",
  "why configmaps/x -n demo -o json",
  "k8s-events",
];

describe.each([MAX_NESTING - 10, 5_000, 100_000])("%i levels", (levels) => {
  test.each(Object.keys(PLACES))("of %s: the event and all others are answered", async (name) => {
    const path = logOf(PLACES[name] as (levels: number) => string, levels);
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await answered([...command.split(" "), path, "--tz", "utc"]);
      expect([command, code, stderr]).toEqual([command, 0, ""]);
      if (command.startsWith("top") && command.endsWith("json"))
        expect(JSON.parse(stdout)).toMatchObject({ requests: 10 });
      if (command === "events -o jsonl") expect(stdout.split("\n")).toHaveLength(11);
    }
  });

  test.each(Object.keys(NO_EVENTS))("of %s: one bad line", async (name) => {
    const path = logOf(NO_EVENTS[name] as (levels: number) => string, levels);
    const { code, stdout } = await answered(["info", path, "-o", "json"]);
    const info = JSON.parse(stdout) as { requests: number; inputs: { skipped: Record<string, number> }[] };
    expect([code, info.requests]).toEqual([0, 9]);
    const { bad = 0, foreign = 0, truncated = 0 } = info.inputs[0]?.skipped ?? {};
    expect(bad + foreign + truncated).toBe(1);
  });

  test("the screen shows them", async () => {
    const path = join(folder, "all.log");
    const lines = Object.values(PLACES).map((place, at) => place(levels).replace("id-5", `id-${at}`));
    writeFileSync(path, `${lines.join("\n")}\n`);
    const engine = createEngine({ inputs: [path] });
    await engine.loaded();
    const explorer = await openExplorer({ engine, panes: PANES, language: filterLanguage, columns: 120, rows: 40 });
    await explorer.press("6", "g", "g");
    for (const _ of lines) {
      await explorer.press("enter", "G", "g", "g", "y", "M", "G", "q", "D", "q", "A", "q", "q", "j");
    }
    await explorer.press("o", "q", "W", "q", "1", "/");
    await explorer.paste("body:a=x");
    await explorer.press("enter", "2", "7", "0");
    expect(explorer.text()).not.toMatch(/RangeError|call stack/);
    expect(await explorer.close()).toBe(0);
    await engine.close();
  });
});
