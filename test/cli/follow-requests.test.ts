import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followRequests } from "../../src/cli/follow-requests.ts";
import type { AnswerFor, AskKind, Asks, Engine, EngineStatus } from "../../src/engine/contract.ts";
import { EMPTY_STATUS } from "../../src/engine/status.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import type { Filter, RowsQuery } from "../../src/queries/contract.ts";
import { request } from "../support/sample-engine.ts";

/** A growing log: rows are appended and answered later, as a script of batches says, one batch per question. */
class GrowingEngine implements Engine {
  status: EngineStatus = EMPTY_STATUS;
  readonly rows: RequestFacts[] = [];
  private readonly script: (() => void)[];
  private readonly listeners = new Set<(status: EngineStatus) => void>();
  private readonly onDone: () => void;

  constructor(script: (() => void)[], onDone: () => void) {
    this.script = script;
    this.onDone = onDone;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Each question finds the log a little further on: the follower must not depend on its questions being one moment. */
  ask<K extends AskKind>(_kind: K, ask: Asks[K]["ask"]): Promise<AnswerFor<K>> {
    this.advance();
    return Promise.resolve(this.page(ask as RowsQuery) as AnswerFor<K>);
  }

  advance(): void {
    const step = this.script.shift();
    step?.();
    this.status = { ...this.status, revision: this.status.revision + (step ? 1 : 0) };
    if (this.script.length === 0) this.onDone();
    for (const listener of this.listeners) listener(this.status);
  }

  loaded(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private page(query: RowsQuery): AnswerFor<"rows"> {
    const { anchor = "newest", after = 0, window = {} } = query;
    const matching = this.rows.filter(
      (row) =>
        matches(query.filter, row) &&
        row.receivedUs >= (window.fromUs ?? -Infinity) &&
        row.receivedUs < (window.toUs ?? Infinity),
    );
    const from =
      anchor === "oldest"
        ? 0
        : anchor === "newest"
          ? matching.length - 1
          : matching.findIndex(({ seq }) => seq >= anchor.seq);
    const first = from < 0 ? matching.length : from;
    return { total: matching.length, first, at: first, rows: matching.slice(first, first + after) };
  }
}

function matches(filter: Filter, row: RequestFacts): boolean {
  if (filter.op === "not") return !matches(filter.term, row);
  if (filter.op === "and") return filter.terms.every((term) => matches(term, row));
  if (filter.op !== "match") return filter.terms.some((term) => matches(term, row));
  const value = filter.field === "stage" ? row.stage : String(row.code);
  return filter.tests.some((test) => test.kind === "exact" && test.text === value);
}

const CODE_403: Filter = { op: "match", field: "code", tests: [{ kind: "exact", text: "403" }] };

interface Life {
  readonly arrives: number;
  /** Steps until it has its answer; null: never. */
  readonly answeredAfter: number | null;
  readonly code: number;
}

async function follow(lives: readonly Life[], filter: Filter, reread: number): Promise<readonly RequestFacts[]> {
  const last = Math.max(0, ...lives.map(({ arrives, answeredAfter }) => arrives + (answeredAfter ?? 0)));
  const stop = new AbortController();
  const engine: GrowingEngine = new GrowingEngine(
    Array.from({ length: last + 1 }, (_, step) => () => {
      lives.forEach(({ arrives, answeredAfter, code }, id) => {
        const waits = answeredAfter !== 0;
        const uri = String(id);
        if (arrives === step) {
          const facts = request(engine.rows.length, {
            uri,
            stage: waits ? "RequestReceived" : "ResponseComplete",
            code: waits ? null : code,
          });
          engine.rows.push(facts);
        } else if (answeredAfter !== null && arrives + answeredAfter === step) {
          const at = engine.rows.findIndex((row) => row.uri === uri);
          engine.rows[at] = { ...(engine.rows[at] as RequestFacts), stage: "ResponseComplete", code };
        }
      });
    }),
    () => stop.abort(),
  );
  const found: RequestFacts[] = [];
  const pages = followRequests(
    engine,
    { filter },
    { limit: Number.POSITIVE_INFINITY, withIDs: false },
    stop.signal,
    reread,
  );
  for await (const page of pages) found.push(...page);
  return found;
}

const life: fc.Arbitrary<Life> = fc.record({
  arrives: fc.integer({ min: 0, max: 30 }),
  answeredAfter: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 8 }),
  code: fc.constantFrom(200, 403),
});

/** How far back the follower looks at everything again: what answers later is asked for by itself. */
const reread = fc.constantFrom(0, 1, 3, 10, 100);

describe("following requests", () => {
  it("gives each request once, with its answer where there is one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 60 }), reread, async (lives, reread) => {
        const found = await follow(lives, { op: "and", terms: [] }, reread);
        expect(found.map(({ uri }) => Number(uri)).sort((a, b) => a - b)).toEqual(lives.map((_, id) => id));
        for (const { uri, code } of found) {
          const { answeredAfter, code: answer } = lives[Number(uri)] as Life;
          expect(code).toBe(answeredAfter === null ? null : answer);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("finds by their answer requests that had none when they arrived", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 60 }), reread, async (lives, reread) => {
        const found = await follow(lives, CODE_403, reread);
        const expected = lives.flatMap(({ code, answeredAfter }, id) =>
          code === 403 && answeredAfter !== null ? [id] : [],
        );
        expect(found.map(({ uri }) => Number(uri)).sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 200, seed: 8 },
    );
  });

  it("ends at the limit", async () => {
    const stop = new AbortController();
    const engine: GrowingEngine = new GrowingEngine(
      [() => engine.rows.push(request(0), request(1), request(2))],
      () => undefined,
    );
    engine.advance();
    const found: RequestFacts[] = [];
    for await (const page of followRequests(
      engine,
      { filter: { op: "and", terms: [] } },
      { limit: 2, withIDs: false },
      stop.signal,
    ))
      found.push(...page);
    expect(found.map(({ seq }) => seq)).toEqual([0, 1]);
  });
});
