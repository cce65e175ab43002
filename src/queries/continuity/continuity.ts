import { isoTime } from "../../events/time.ts";
import type { RequestBlock, RequestIndex } from "../../index/contract.ts";
import type { MaskCache } from "../filter-plan.ts";
import type { Pauses } from "../scan.ts";
import { activityOf, type BlockActivity, type LaneActivity } from "./block-activity.ts";
import type { Continuity, Gap, Restart } from "./contract.ts";
import { restartOf } from "./restart.ts";
import { SignReader } from "./sign-reader.ts";
import { type LaneStory, type Start, storyOf } from "./starts.ts";

const MOST_GAPS = 100;

/** Silences and starts of the API servers behind an index, kept up to date block by block. About 15 ns a row that is new. */
export class ContinuityWatch {
  private readonly index: RequestIndex;
  private generation: number;
  /** Of what is evidence. */
  private readonly masks: MaskCache = new Map();
  private signs: SignReader;
  private parts = new WeakMap<RequestBlock, BlockActivity>();
  private reported: { readonly revision: number; readonly continuity: Continuity } | null = null;
  private stories: { readonly revision: number; readonly lanes: readonly LaneStory[] } | null = null;

  constructor(index: RequestIndex) {
    this.index = index;
    this.generation = index.generation;
    this.signs = new SignReader(index);
  }

  /** By API server: when its latest process started, if the log tells, and all before had ended: µs since the epoch. */
  *endings(): Pauses<ReadonlyMap<string, number>> {
    const endings = new Map<string, number>();
    for (const { apiserver, starts } of yield* this.lanes()) {
      const last = starts.findLast(({ fromUs }) => !Number.isNaN(fromUs));
      if (last !== undefined) endings.set(apiserver, last.toUs);
    }
    return endings;
  }

  *report(): Pauses<Continuity> {
    for (;;) {
      const { generation, revision } = this.index;
      if (this.reported?.revision === revision) return this.reported.continuity;
      const lanes = yield* this.lanes();
      const restarts = yield* this.restarts(lanes);
      if (this.index.generation !== generation) continue;
      const continuity = { gaps: gapsOf(lanes), restarts };
      this.reported = { revision, continuity };
      return continuity;
    }
  }

  private *restarts(lanes: readonly LaneStory[]): Pauses<readonly Restart[]> {
    const restarts: Restart[] = [];
    for (const { starts } of lanes) {
      let before: Start | undefined;
      for (const [at, start] of starts.entries()) {
        restarts.push(yield* restartOf(this.index, this.masks, start, before, starts[at + 1]));
        if (!Number.isNaN(start.fromUs)) before = start;
      }
    }
    return restarts.sort((a, b) => (a.to < b.to ? -1 : 1));
  }

  private *lanes(): Pauses<readonly LaneStory[]> {
    for (;;) {
      const { revision, generation } = this.index;
      if (this.stories?.revision === revision) return this.stories.lanes;
      const parts = yield* this.activities();
      if (parts === null || this.index.generation !== generation) continue;
      const byLane = new Map<string, LaneActivity[]>();
      for (const { lanes } of parts) {
        for (const [apiserver, lane] of lanes) {
          const known = byLane.get(apiserver);
          if (known === undefined) byLane.set(apiserver, [lane]);
          else known.push(lane);
        }
      }
      const lanes = [...byLane].map(([apiserver, own]) => storyOf(apiserver, own));
      this.stories = { revision, lanes };
      return lanes;
    }
  }

  /** Null when codes were renumbered on the way. */
  private *activities(): Pauses<readonly BlockActivity[] | null> {
    const { index } = this;
    const { generation } = index;
    if (generation !== this.generation) {
      this.generation = generation;
      this.masks.clear();
      this.parts = new WeakMap();
      this.signs = new SignReader(index);
    }
    const all: BlockActivity[] = [];
    for (const block of index.blocks) {
      let part = this.parts.get(block);
      if (part === undefined || part.revision !== block.revision || part.rows !== block.count) {
        part = yield* activityOf(index, block, this.signs);
        if (index.generation !== generation) return null;
        this.parts.set(block, part);
      }
      all.push(part);
      yield;
    }
    return all;
  }
}

function gapsOf(lanes: readonly LaneStory[]): readonly Gap[] {
  return lanes
    .flatMap(({ apiserver, gaps }) => gaps.map((gap) => ({ apiserver, ...gap })))
    .sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs))
    .slice(0, MOST_GAPS)
    .map(({ apiserver, fromUs, toUs }) => ({
      apiserver,
      from: isoTime(fromUs) ?? "",
      to: isoTime(toUs) ?? "",
      seconds: (toUs - fromUs) / 1e6,
    }));
}
