import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { text, type JsonObject } from "../../src/lineage/json.ts";
import { Lineage } from "../../src/lineage/lineage.ts";
import { ROWS } from "./ground-truth.ts";
import { atMetadataLevel } from "./metadata-level.ts";
import { assemble, DEMO, lineageEvent, readEvents } from "./read-log.ts";

const events = assemble(readEvents(DEMO));
const TRAILS = [
  ["deploy/nginx", "demo"],
  ["sts/db", "demo"],
  ["ds/log-agent", "demo"],
  ["cj/nightly-report", "demo"],
  ["deploy/web", "scratch"],
] as const;

/** Row ids stay those of the original order, as they would for the same rows. */
function observeAll(log: readonly JsonObject[], order: readonly number[]): Lineage {
  const lineage = new Lineage();
  for (const at of order) {
    const event = log[at];
    if (event !== undefined) lineage.observe(lineageEvent(event, at));
  }
  return lineage;
}

function answers(lineage: Lineage): unknown {
  return [
    TRAILS.map(([object, namespace]) => lineage.trail(object, namespace)),
    ROWS.map(([object, namespace]) => lineage.why(object, namespace === "" ? undefined : namespace)),
  ];
}

/** What does not depend on whose clock stamped an event. */
function clocklessAnswers(lineage: Lineage): unknown {
  return [
    TRAILS.map(([object, namespace]) =>
      lineage
        .trail(object, namespace)
        ?.nodes.map((node) => [node.id, node.owner, node.createdBy, node.deletedBy, node.node, node.incarnation])
        .sort((left, right) => (String(left) < String(right) ? -1 : 1)),
    ),
    ROWS.map(([object, namespace]) => {
      const why = lineage.why(object, namespace === "" ? undefined : namespace);
      return [why?.verdict, why?.chain.map((link) => [link.object, link.by])];
    }),
  ];
}

const inOrder = events.map((_, at) => at);

describe.each([
  ["RequestResponse", events],
  ["Metadata", atMetadataLevel(events)],
] as const)("%s level: the order of arrival", (level, log) => {
  const expected = answers(observeAll(log, inOrder));

  it("does not matter when a flush window arrives shuffled", () => {
    assert(
      property(integer(), integer({ min: 2, max: 400 }), (seed, window) => {
        const random = mulberry(seed);
        const keyed = inOrder.map((at) => [Math.floor(at / window), random(), at] as const);
        keyed.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
        expect(
          answers(
            observeAll(
              log,
              keyed.map(([, , at]) => at),
            ),
          ),
        ).toEqual(expected);
      }),
      { seed: 7, numRuns: 8 },
    );
  });

  it("does not matter even when it is backwards", () => {
    expect(answers(observeAll(log, inOrder.toReversed()))).toEqual(expected);
  });

  it("gives the same tree and causes when two API servers' clocks differ by 200 ms", () => {
    const plain = clocklessAnswers(observeAll(log, inOrder));
    assert(
      property(integer(), (seed) => {
        const random = mulberry(seed);
        // Every client talks to one API server; where versions are logged, even that need not be so.
        const servers = new Map<string, boolean>();
        const skewed = log.map((event) => {
          const client = `${text(event, "user", "username")} ${text(event, "userAgent")}`;
          if (!servers.has(client)) servers.set(client, random() < 0.5);
          const second = level === "Metadata" ? servers.get(client) === true : random() < 0.5;
          return second ? later(event, 200) : event;
        });
        expect(clocklessAnswers(observeAll(skewed, inOrder))).toEqual(plain);
      }),
      { seed: 11, numRuns: 8 },
    );
  });
});

function later(event: JsonObject, ms: number): JsonObject {
  const shift = (name: string): string => {
    const time = text(event, name);
    return time === "" ? "" : new Date(Date.parse(time) + ms).toISOString().replace("Z", `${time.slice(23, 26)}Z`);
  };
  return {
    ...event,
    requestReceivedTimestamp: shift("requestReceivedTimestamp"),
    stageTimestamp: shift("stageTimestamp"),
  };
}

/** Small seeded generator: the same noise in every run. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
