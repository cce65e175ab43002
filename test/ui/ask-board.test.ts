import { describe, expect, test } from "vitest";
import type { Ask } from "../../src/engine/contract.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { type AnswerNews, AskBoard } from "../../src/ui/ask-board.ts";
import { request, SampleEngine } from "../support/sample-engine.ts";

const ROWS = [request(1), request(2)];
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const page = (after: number): Readonly<Record<string, Ask>> => ({
  rows: { kind: "rows", filter: MATCH_ALL, anchor: "oldest", after },
});

function board(engine = new SampleEngine(ROWS)): { engine: SampleEngine; board: AskBoard; news: AnswerNews[] } {
  const news: AnswerNews[] = [];
  return { engine, news, board: new AskBoard(engine, (what) => news.push(what)) };
}

describe("asking", () => {
  test("the same question is asked once per revision", async () => {
    const { engine, board: asks, news } = board();
    asks.sync(0, "requests", page(5), 1, "");
    asks.sync(0, "requests", page(5), 1, "");
    await settled();
    asks.sync(0, "requests", page(5), 1, "");
    expect(engine.asked).toHaveLength(1);
    asks.sync(0, "requests", page(5), 2, "");
    await settled();
    expect(engine.asked).toHaveLength(2);
    expect(news).toEqual(["changed", "refreshed"]);
  });

  test("a new question cancels the older; its late answer changes nothing", async () => {
    const { engine, board: asks } = board();
    engine.held = [];
    asks.sync(0, "requests", page(1), 1, "");
    asks.sync(0, "requests", page(2), 1, "");
    expect(engine.asked[0]?.signal?.aborted).toBe(true);
    engine.release();
    await settled();
    expect(asks.answers(0)["rows"]).toMatchObject({ value: { rows: [{ seq: 1 }, { seq: 2 }] }, stale: false });
    expect(asks.isIdle).toBe(true);
  });

  test("a newer revision waits for the running question: a live tail can't starve it", async () => {
    const { engine, board: asks } = board();
    engine.held = [];
    for (let revision = 1; revision < 50; revision += 1) asks.sync(0, "requests", page(5), revision, "");
    expect(engine.asked).toHaveLength(1);
    engine.release();
    await settled();
    expect(asks.answers(0)["rows"]?.value).toMatchObject({ total: 2 });
    asks.sync(0, "requests", page(5), 50, "");
    expect(engine.asked).toHaveLength(2);
  });
});

describe("answers", () => {
  test("the last one stays, marked stale, until the new question is answered", async () => {
    const { engine, board: asks } = board();
    asks.sync(0, "requests", page(1), 1, "");
    await settled();
    engine.held = [];
    expect(asks.sync(0, "requests", page(2), 1, "")).toBe(true);
    expect(asks.answers(0)["rows"]).toMatchObject({ stale: true, value: { rows: [{ seq: 1 }] } });
    engine.release();
    await settled();
    expect(asks.answers(0)["rows"]?.stale).toBe(false);
  });

  test("what was asked under other filters is no answer, unless the question is the same", async () => {
    const { engine, board: asks } = board();
    const whole = { kind: "trail", object: "pods/x" } as const;
    const narrowed = (after: number): Readonly<Record<string, Ask>> => ({ ...page(after), whole });
    asks.sync(0, "requests", { ...page(1), other: page(9)["rows"] as Ask }, 1, "all");
    await settled();
    engine.held = [];
    asks.sync(0, "requests", { ...page(2), other: page(9)["rows"] as Ask }, 1, "ns:demo");
    expect(asks.answers(0)["rows"]).toBeUndefined();
    expect(asks.answers(0)["other"]).toMatchObject({ stale: false, value: { total: 2 } });
    expect(asks.isWaiting(0, true)).toBe(true);
    asks.sync(0, "requests", narrowed(1), 1, "all");
    expect(asks.answers(0)["rows"]).toMatchObject({ stale: false, value: { rows: [{ seq: 1 }] } });
    engine.release();
    await settled();
  });

  test("newer numbers for the same question are not stale", async () => {
    const { engine, board: asks } = board();
    asks.sync(0, "requests", page(1), 1, "");
    await settled();
    engine.held = [];
    asks.sync(0, "requests", page(1), 2, "");
    expect(asks.answers(0)["rows"]?.stale).toBe(false);
  });

  test("a partial answer is shown as such until the whole one comes; a whole one is never replaced by a part", async () => {
    const { engine, board: asks, news } = board();
    engine.held = [];
    asks.sync(0, "requests", page(1), 1, "");
    const tell = engine.asked[0]?.onPartial;
    tell?.({ rows: [], total: 0, first: 0, partial: { of: 8, done: 2 } });
    expect(asks.answers(0)["rows"]).toMatchObject({ stale: false, partial: 0.25, value: { total: 0 } });
    engine.release();
    await settled();
    expect(asks.answers(0)["rows"]).toEqual({
      value: expect.objectContaining({ total: 2 }),
      stale: false,
      error: null,
    });
    expect(news).toEqual(["changed", "changed"]);
    asks.sync(0, "requests", page(1), 2, "");
    engine.asked[1]?.onPartial?.({ rows: [], total: 0, first: 0, partial: { of: 8, done: 2 } });
    expect(asks.answers(0)["rows"]).toMatchObject({ value: { total: 2 } });
    expect(news).toHaveLength(2);
  });

  test("a partial answer that nobody completes is asked for again", async () => {
    const { engine, board: asks } = board();
    engine.held = [];
    asks.sync(0, "requests", page(1), 1, "");
    engine.asked[0]?.onPartial?.({ rows: [], total: 0, first: 0, partial: { of: 8, done: 2 } });
    asks.sync(1, "request", {}, 1, "");
    asks.sync(0, "requests", page(1), 1, "");
    expect(engine.asked).toHaveLength(2);
    expect(asks.answers(0)["rows"]).toBeUndefined();
  });

  test("a refused question is an error beside the last answer, not a rejection", async () => {
    const { board: asks } = board();
    asks.sync(0, "trail", { trail: { kind: "trail", object: "pods/x" } }, 1, "");
    await settled();
    expect(asks.answers(0)["trail"]).toMatchObject({
      value: undefined,
      error: "the sample engine does not know trail",
    });
  });

  test("a level keeps its answers while another lies over it, and loses them when it is left", async () => {
    const { board: asks } = board();
    asks.sync(0, "top", { groups: { kind: "groups", filter: MATCH_ALL, by: ["user"] } }, 1, "");
    await settled();
    asks.sync(1, "requests", page(1), 1, "");
    await settled();
    expect(asks.answers(0)["groups"]?.value).toMatchObject({ groups: 1 });
    asks.sync(0, "top", { groups: { kind: "groups", filter: MATCH_ALL, by: ["user"] } }, 1, "");
    expect(asks.answers(1)).toEqual({});
  });
});
