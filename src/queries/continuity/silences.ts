import { LEAST_SILENCE_US, type Runs } from "./activity.ts";
import { lowerBound } from "./lower-bound.ts";

/** Nothing received between the two. µs since the epoch. */
export interface Silence {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Traffic this near a silence, or as near as it is long, tells how long it may be. */
const WINDOW_US = 300e6;
/** Shorter ones are normal on the busiest cluster: an API server rests while it collects garbage or elects a leader. */
const LEAST_GAP_US = 2e6;
/** Chance alone makes silences of (mean distance × ln n) among n requests; clients that ask in step make them longer. */
const CHANCE = 4;
/** Times the longest silence there was lately: a job that runs once a minute makes one of a minute. */
const LONGER = 2;
/** Fewer tell no rate, nor do any that were seen for less than a quarter of the silence. */
const LEAST_BEFORE = 20;
const SEEN = 0.25;
/** Fewer are the end of the log. */
const LEAST_AFTER = 5;

/** Silences of 500 ms and more, in time order. `runs` are sorted. */
export function silencesOf(runs: Runs): Silence[] {
  const found: Silence[] = [];
  let last = Number.POSITIVE_INFINITY;
  for (let at = 0; at < runs.length; at++) {
    const from = runs.fromUs(at);
    if (from - last >= LEAST_SILENCE_US) found.push({ fromUs: last, toUs: from });
    last = at === 0 ? runs.toUs(0) : Math.max(last, runs.toUs(at));
  }
  return found;
}

/** Those that are too long for the traffic before them and after them. */
export function gapsAmong(silences: readonly Silence[], runs: Runs): Silence[] {
  const rates = new Rates(runs);
  return silences.filter((silence, at) => {
    const length = silence.toUs - silence.fromUs;
    if (length < LEAST_GAP_US) return false;
    const window = Math.max(WINDOW_US, length);
    const before = rates.between(silence.fromUs - window, silence.fromUs);
    const after = rates.between(silence.toUs, silence.toUs + window);
    if (before.requests < LEAST_BEFORE || before.us < SEEN * length || after.requests < LEAST_AFTER) return false;
    return (
      length > byChance(before) &&
      length > byChance(after) &&
      length > LONGER * longestBefore(silences, at, silence.fromUs - window)
    );
  });
}

interface Traffic {
  readonly requests: number;
  readonly us: number;
}

function byChance({ requests, us }: Traffic): number {
  return CHANCE * (us / requests) * Math.log(requests + 1);
}

function longestBefore(silences: readonly Silence[], at: number, sinceUs: number): number {
  let longest = 0;
  for (let i = at - 1; i >= 0; i--) {
    const { fromUs, toUs } = silences[i] as Silence;
    if (toUs < sinceUs) break;
    longest = Math.max(longest, toUs - fromUs);
  }
  return longest;
}

/** How many requests came between two moments, give or take those of a run of ten seconds. */
class Rates {
  private readonly runs: Runs;
  /** Requests of all runs before each. */
  private readonly sums: Float64Array;

  constructor(runs: Runs) {
    this.runs = runs;
    this.sums = new Float64Array(runs.length + 1);
    for (let at = 0; at < runs.length; at++) this.sums[at + 1] = (this.sums[at] as number) + runs.requestsOf(at);
  }

  between(fromUs: number, toUs: number): Traffic {
    const { runs, sums } = this;
    const first = this.firstFrom(fromUs);
    // A run that starts with the silence's end belongs to what is after it.
    const end = this.firstFrom(toUs + 1);
    const requests = (sums[end] as number) - (sums[first] as number);
    const start = Math.max(fromUs, runs.fromUs(0));
    return { requests, us: Math.max(0, Math.min(toUs, runs.toUs(runs.length - 1)) - start) };
  }

  /** The first run that starts at `us` or later. */
  private firstFrom(us: number): number {
    return lowerBound(this.runs.length, (at) => this.runs.fromUs(at) < us);
  }
}
