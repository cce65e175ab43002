import { Runs } from "./activity.ts";
import type { LaneActivity } from "./block-activity.ts";
import { burstsOf, type Burst } from "./bursts-of-signs.ts";
import { lowerBound } from "./lower-bound.ts";
import type { SeenSign } from "./sign-reader.ts";
import { gapsAmong, type Silence, silencesOf } from "./silences.ts";

/** A new process of an API server; µs since the epoch. */
export interface Start {
  readonly apiserver: string;
  /** Last request the process before received; NaN where the log begins with the start or others' requests hide the break. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly confidence: "certain" | "likely";
}

/** One API server's silences and starts, each in time order. */
export interface LaneStory {
  readonly apiserver: string;
  readonly gaps: readonly Silence[];
  readonly starts: readonly Start[];
}

/** A process listens a moment before its own requests come, rarely longer. */
const NEAR_US = 3e6;
const FAR_US = 10e6;
/** Without a sign by the process itself a break is at least this long. */
const LEAST_BREAK_US = 1e6;
const MOST_STARTS = 500;
/** Looked at behind a break, and before it to know what is usual. */
const AFTER_US = 15e6;
const BEFORE_US = 60e6;
/** A process that was started needs no longer until it runs as ever. */
const SETTLED_US = 60e6;

/** Puts together what the blocks tell of one API server. */
export function storyOf(apiserver: string, parts: readonly LaneActivity[]): LaneStory {
  const runs = new Runs();
  for (const part of parts) runs.addAll(part.runs);
  runs.sort();
  const silences = silencesOf(runs);
  const gaps = gapsAmong(silences, runs);
  const spans = parts.map((part) => part.spans);
  const marks = parts.flatMap((part) => part.marks).sort((a, b) => a.us - b.us);
  const isOutlived = outlived(silences, spans);
  const breaks = new Map<Silence, Start>();
  const others: Start[] = [];
  const firstUs = runs.length === 0 ? Number.NaN : runs.fromUs(0);
  for (const burst of burstsOf(marks)) {
    const silence = breakBefore(silences, isOutlived, burst);
    if (silence !== null) breaks.set(silence, { apiserver, ...silence, confidence: "certain" });
    else {
      const toUs = burst.fromUs - firstUs <= NEAR_US ? firstUs : burst.fromUs;
      others.push({ apiserver, fromUs: Number.NaN, toUs, confidence: "certain" });
    }
  }
  const isGap = new Set(gaps);
  const signs = new Surroundings(marks, spans);
  const isApart = ({ fromUs, toUs }: Silence): boolean =>
    [...breaks.values(), ...others].every(
      (start) => start.toUs <= fromUs - SETTLED_US || start.toUs >= toUs + AFTER_US,
    );
  const candidates = silences
    .filter(({ fromUs, toUs }, at) => isOutlived[at] === 0 && toUs - fromUs >= LEAST_BREAK_US)
    .filter((silence) => signs.tellOfStart(silence, isGap.has(silence)))
    .sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
  // The longest first: what a start does is no sign of another one near it.
  for (const silence of candidates.slice(0, MOST_STARTS)) {
    if (isApart(silence)) breaks.set(silence, { apiserver, ...silence, confidence: "likely" });
  }
  const starts = [...breaks.values(), ...others].sort((a, b) => a.toUs - b.toUs);
  return { apiserver, gaps, starts: starts.slice(-MOST_STARTS) };
}

/**
 * By silence, 1: something received before it was answered after it. Then a process lived through it: no start, or the one
 * of another API server in the same log.
 */
function outlived(silences: readonly Silence[], spans: readonly (readonly number[])[]): Uint8Array {
  const steps = new Int32Array(silences.length + 1);
  for (const part of spans) {
    for (let i = 0; i < part.length; i += 2) {
      const ended = part[i + 1] as number;
      if (ended === Number.POSITIVE_INFINITY) continue;
      const first = firstFrom(silences, part[i] as number);
      const end = lowerBound(silences.length, (at) => (silences[at] as Silence).toUs <= ended);
      if (end <= first) continue;
      steps[first] = (steps[first] as number) + 1;
      steps[end] = (steps[end] as number) - 1;
    }
  }
  const result = new Uint8Array(silences.length);
  let open = 0;
  for (let at = 0; at < silences.length; at++) {
    open += steps[at] as number;
    result[at] = open > 0 ? 1 : 0;
  }
  return result;
}

/** The first silence that starts at `us` or later. */
function firstFrom(silences: readonly Silence[], us: number): number {
  return lowerBound(silences.length, (at) => (silences[at] as Silence).fromUs < us);
}

/** The silence the new process ended: the longest right before its signs that no process lived through. */
function breakBefore(silences: readonly Silence[], isOutlived: Uint8Array, { fromUs, toUs }: Burst): Silence | null {
  for (const reachUs of [NEAR_US, FAR_US]) {
    let longest: Silence | null = null;
    for (let at = firstFrom(silences, toUs) - 1; at >= 0; at--) {
      const silence = silences[at] as Silence;
      if (silence.toUs < fromUs - reachUs) break;
      const length = silence.toUs - silence.fromUs;
      if (silence.toUs > toUs || isOutlived[at] === 1) continue;
      if (longest === null || length > longest.toUs - longest.fromUs) longest = silence;
    }
    if (longest !== null) return longest;
  }
  return null;
}

/** The cluster's own clients refused so often, and thrice as often as before: a node is refused now and then. */
const REFUSED = 5;
/** So many long requests opened, and four times as many as before: all clients watch anew. */
const WAVE = 10;
const LOST = 5;

/** What happened around a silence, for a start that no request of the process itself tells. */
class Surroundings {
  private readonly notReady: readonly number[];
  private readonly refused: readonly number[];
  /** When long requests were received; and when those ended that did, or were received those that did not. */
  private readonly opened: Float64Array;
  private readonly ended: Float64Array;
  private readonly unended: Float64Array;

  constructor(marks: readonly SeenSign[], spans: readonly (readonly number[])[]) {
    this.notReady = marks.filter(({ sign }) => sign === "notReady").map(({ us }) => us);
    this.refused = marks.filter(({ sign }) => sign === "refused").map(({ us }) => us);
    const opened: number[] = [];
    const ended: number[] = [];
    const unended: number[] = [];
    for (const part of spans) {
      for (let i = 0; i < part.length; i += 2) {
        const [from, to] = [part[i] as number, part[i + 1] as number];
        opened.push(from);
        if (to === Number.POSITIVE_INFINITY) unended.push(from);
        else ended.push(to);
      }
    }
    this.opened = Float64Array.from(opened).sort();
    this.ended = Float64Array.from(ended).sort();
    this.unended = Float64Array.from(unended).sort();
  }

  /** Two kinds of evidence, one of them of what a start does. */
  tellOfStart({ fromUs, toUs }: Silence, isGap: boolean): boolean {
    const notReady =
      within(this.notReady, toUs, toUs + AFTER_US) > 0 && within(this.notReady, fromUs - BEFORE_US, fromUs + 1) === 0;
    const refusedBefore = within(this.refused, fromUs - BEFORE_US, fromUs + 1);
    const refused = within(this.refused, toUs, toUs + AFTER_US);
    const isRefused = refused >= REFUSED && refused > 3 * refusedBefore;
    const openedBefore = within(this.opened, fromUs - AFTER_US, fromUs + 1);
    const opened = within(this.opened, toUs, toUs + AFTER_US);
    const unended = within(this.unended, Number.NEGATIVE_INFINITY, fromUs + 1);
    const lost = unended + within(this.ended, fromUs - AFTER_US, toUs);
    const isWave = opened >= WAVE && opened > 4 * openedBefore && lost >= LOST;
    const ofStart = Number(notReady) + Number(isRefused) + Number(isWave);
    return ofStart > 0 && ofStart + Number(isGap) + Number(unended > 0) >= 2;
  }
}

/** How many of the sorted times lie in [from, to). */
function within(times: ArrayLike<number>, from: number, to: number): number {
  const below = (us: number): number => lowerBound(times.length, (at) => (times[at] as number) < us);
  return Math.max(0, below(to) - below(from));
}
