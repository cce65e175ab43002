import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FedRequest, WantedOfEvents } from "../../src/engine/contract.ts";
import type { RawEvents } from "../../src/engine/raw-events.ts";
import type { RowPlace } from "../../src/queries/settle.ts";
import { RequestFeed } from "../../src/engine/request-feed.ts";
import { type Filter, MATCH_ALL } from "../../src/queries/contract.ts";
import { IndexQueries } from "../../src/queries/index-queries.ts";
import { eventLine, Feeder } from "../index/feeder.ts";
import { runs } from "../support/runs.ts";

/** One request: when it arrives, when it gets its answer, and whether that comes in two stages. */
interface Life {
  readonly arrives: number;
  /** Steps until it has its answer; null: never. */
  readonly answeredAfter: number | null;
  readonly isLong: boolean;
  readonly code: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  arrives: fc.nat(30),
  answeredAfter: fc.option(fc.nat(30), { freq: 8 }),
  isLong: fc.boolean(),
  code: fc.constantFrom(200, 403),
});

const CODE_403: Filter = { op: "match", field: "code", tests: [{ kind: "exact", text: "403" }] };
const BODY: Filter = { op: "match", field: "body", key: "kind", tests: [{ kind: "literal", text: "Pod" }] };

interface Log {
  readonly feeder: Feeder;
  readonly feed: RequestFeed;
  append(...lines: Buffer[]): void;
}

function logOf(filter: Filter, wanted: WantedOfEvents, capacity = Number.POSITIVE_INFINITY): Log {
  const feeder = new Feeder({ capacity });
  const passing = new Map<number, Uint8Array>();
  const events = {
    readNow: ({ block, row }: RowPlace) => {
      const bytes = passing.get(block.offset(row));
      return bytes === undefined ? { missing: "gone" } : { bytes };
    },
  } as unknown as RawEvents;
  const feed = new RequestFeed(feeder.ring, new IndexQueries(feeder.ring), events, { filter }, wanted);
  return {
    feeder,
    feed,
    append: (...lines) => {
      const batch = feeder.batch(lines);
      // Only what passes is in memory.
      passing.clear();
      for (let i = 0; i < batch.count; i++) passing.set(batch.offset[i] as number, lines[i] as Buffer);
      feeder.ring.append(batch);
      feed.takeIn();
    },
  };
}

async function rest(feed: RequestFeed): Promise<readonly FedRequest[]> {
  const found: FedRequest[] = [];
  for await (const page of feed.pages(AbortSignal.abort())) found.push(...page);
  return found;
}

function stagesOf({ arrives, answeredAfter, isLong, code }: Life, id: number): readonly (readonly [number, Buffer])[] {
  const event = (stage: string, step: number, more: object = {}): readonly [number, Buffer] => [
    step,
    eventLine({ auditID: `id-${id}`, received: id, staged: id + step, stage, responseStatus: {}, ...more }),
  ];
  const done = { responseStatus: { metadata: {}, code } };
  if (answeredAfter === 0) return [event("ResponseComplete", arrives, done)];
  const stages = [event("RequestReceived", arrives)];
  if (answeredAfter !== null && isLong) stages.push(event("ResponseStarted", arrives + answeredAfter, done));
  if (answeredAfter !== null) stages.push(event("ResponseComplete", arrives + answeredAfter + (isLong ? 2 : 0), done));
  return stages;
}

async function fed(lives: readonly Life[], filter: Filter, capacity?: number): Promise<readonly FedRequest[]> {
  const log = logOf(filter, "auditIDs", capacity);
  const stages = lives.flatMap((one, id) => stagesOf(one, id));
  for (let step = 0; step <= 70; step++) log.append(...stages.filter(([at]) => at === step).map(([, line]) => line));
  return rest(log.feed);
}

const idsOf = (requests: readonly FedRequest[]): number[] =>
  requests.map(({ facts }) => Number(facts.auditID.slice(3))).sort((a, b) => a - b);

describe("requests as they come", () => {
  it("are given once each, with their answer where there is one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 60 }), async (lives) => {
        const found = await fed(lives, MATCH_ALL);
        // What waits until the end is read again, and here gone: its id is not known, its number is.
        expect(found).toHaveLength(lives.length);
        for (const { facts } of found) {
          const { answeredAfter, code } = lives[(facts.receivedUs / 1_000) % 60_000] as Life;
          expect(facts.code).toBe(answeredAfter === null ? null : code);
          if (answeredAfter !== null) expect(facts.auditID).toMatch(/^id-/);
        }
        expect(new Set(found.map(({ facts }) => facts.receivedUs)).size).toBe(lives.length);
      }),
      { numRuns: runs(150), seed: 7 },
    );
  });

  it("are found by their answer although they had none when they arrived", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 60 }), async (lives) => {
        const expected = lives.flatMap(({ code, answeredAfter }, id) =>
          code === 403 && answeredAfter !== null ? [id] : [],
        );
        expect(idsOf(await fed(lives, CODE_403))).toEqual(expected);
      }),
      { numRuns: runs(150), seed: 8 },
    );
  });

  it("are given before a small ring lets go of them, answered or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { minLength: 30, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (lives, most) => {
          const found = await fed(lives, MATCH_ALL, most);
          expect(new Set(found.map(({ facts }) => facts.receivedUs)).size).toBe(lives.length);
          expect(found).toHaveLength(lives.length);
        },
      ),
      { numRuns: runs(150), seed: 9 },
    );
  });

  it("are decided by their bodies while these pass", async () => {
    const log = logOf(BODY, "bytes");
    const lines = ["Pod", "Node", "Pod"].map((kind, i) =>
      eventLine({ auditID: `b${i}`, received: i, requestObject: { kind } }),
    );
    for (const line of lines) log.append(line);
    const found = await rest(log.feed);
    expect(found.map(({ bytes }) => Buffer.from(bytes ?? []).toString())).toEqual([String(lines[0]), String(lines[2])]);
    expect(log.feed.remainder).toEqual({ unreadable: 0, why: "", leftOut: 0 });
  });

  it("that are not taken keep the reader waiting, without end when nobody takes them, and not beyond their end", async () => {
    const log = logOf(MATCH_ALL, "nothing");
    for (let i = 0; i < 20_000; i += 1_000) {
      log.append(...Array.from({ length: 1_000 }, (_, k) => eventLine({ auditID: `m${i + k}`, received: i + k })));
    }
    const room = log.feed.room();
    expect(room).toBeInstanceOf(Promise);
    const stop = new AbortController();
    const pages = log.feed.pages(stop.signal);
    const first = await pages[Symbol.asyncIterator]().next();
    expect(first.value).toHaveLength(20_000);
    await room;
    expect(log.feed.room()).toBeUndefined();
    await pages.return(undefined);
    for (let i = 0; i < 20; i++) log.append(eventLine({ auditID: `n${i}`, received: 1e6 + i }));
    expect(log.feed.room()).toBeUndefined();
  });

  it("whose event cannot be read any more are given and counted", async () => {
    const log = logOf(MATCH_ALL, "auditIDs");
    log.append(eventLine({ auditID: "waits", stage: "RequestReceived" }));
    log.append(eventLine({ auditID: "other", received: 1 }));
    const found = await rest(log.feed);
    expect(found.map(({ facts }) => facts.auditID)).toEqual(["other", ""]);
    expect(log.feed.remainder).toEqual({ unreadable: 1, why: "gone", leftOut: 0 });
  });
});
