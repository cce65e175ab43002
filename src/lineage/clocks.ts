/**
 * The cluster's store had counted to `version` at some time between `fromUs` and `toUs` of one API server's clock: a write
 * that led to it was received and answered then, or a version was used that had not been there before.
 */
export interface ClockSample {
  readonly version: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** How far an API server's clock is ahead of the one most was heard from. */
export interface ServerSkew {
  readonly apiserver: string;
  /** The one it is compared with. */
  readonly of: string;
  readonly us: number;
  /** Either way. */
  readonly errorUs: number;
}

/** A skew as answers tell it. */
export interface ClockNote {
  readonly apiserver: string;
  /** The one it is compared with: its own times are left as they are. */
  readonly of: string;
  readonly aheadMs: number;
  readonly plusMinusMs: number;
}

export function clockNotes(skews: readonly ServerSkew[]): ClockNote[] {
  return skews.map(({ apiserver, of, us, errorUs }) => ({
    apiserver,
    of,
    aheadMs: us / 1_000,
    plusMinusMs: errorUs / 1_000,
  }));
}

/** Kept per API server; beyond it every other one is dropped. */
const MAX_SAMPLES = 16_384;

/**
 * Clocks of API servers against each other, from the one count of writes they share: what has a lower version was earlier.
 * Events may be in a store of their own; samples of them must not be given.
 */
export class ServerClocks {
  private readonly samples = new Map<string, ClockSample[]>();
  private found: readonly ServerSkew[] = [];
  private added = 0;
  private addedThen = -1;

  add(apiserver: string, sample: ClockSample): void {
    if (!(sample.toUs >= sample.fromUs) || !(sample.version > 0)) return;
    let own = this.samples.get(apiserver);
    if (own === undefined) this.samples.set(apiserver, (own = []));
    own.push(sample);
    this.added += 1;
    if (own.length > MAX_SAMPLES) {
      this.samples.set(
        apiserver,
        own.filter((_, at) => at % 2 === 0),
      );
    }
  }

  /** Of those whose clocks differ provably. Worked out anew when there is much more to go by. */
  skews(): readonly ServerSkew[] {
    if (this.added > this.addedThen * 1.02) {
      this.found = this.estimate();
      this.addedThen = this.added;
    }
    return this.found;
  }

  private estimate(): ServerSkew[] {
    const servers = [...this.samples]
      .map(([apiserver, samples]) => ({ apiserver, samples: samples.toSorted((a, b) => a.version - b.version) }))
      .sort((a, b) => b.samples.length - a.samples.length || (a.apiserver < b.apiserver ? -1 : 1));
    const [reference, ...others] = servers;
    if (reference === undefined) return [];
    return others.flatMap(({ apiserver, samples }): ServerSkew[] => {
      const bounds = boundsOf(reference.samples, samples);
      if (bounds === null) return [];
      const [least, most] = bounds;
      // What may be no difference is none.
      if (least <= 0 && most >= 0) return [];
      return [{ apiserver, of: reference.apiserver, us: (least + most) / 2, errorUs: (most - least) / 2 }];
    });
  }
}

type Bounds = readonly [least: number, most: number];

/** How far clock b is ahead of clock a at least and at most; null when they do not overlap. Both by version. */
function boundsOf(a: readonly ClockSample[], b: readonly ClockSample[]): Bounds | null {
  const mosts = upperBounds(a, b);
  // The other way round with the signs changed.
  const leasts = upperBounds(b, a).map((bound) => -bound);
  if (mosts.length === 0 || leasts.length === 0) return null;
  const [least, most] = [Math.max(...strict(leasts)), Math.min(...strict(mosts))];
  if (least <= most) return [least, most];
  // Clocks drift a little against each other. What contradicts itself by more is of two clusters, or of a clock that was set.
  return least - most <= DRIFT_US ? [most, least] : null;
}

const DRIFT_US = 100_000;

/** For each sample of b: it came after the latest of a with a lower or the same version, so b is at most so far ahead. */
function upperBounds(a: readonly ClockSample[], b: readonly ClockSample[]): number[] {
  const bounds: number[] = [];
  let at = 0;
  let latestUs = Number.NEGATIVE_INFINITY;
  for (const { version, toUs } of b) {
    for (; at < a.length && (a[at] as ClockSample).version <= version; at += 1)
      latestUs = Math.max(latestUs, (a[at] as ClockSample).fromUs);
    if (Number.isFinite(latestUs)) bounds.push(toUs - latestUs);
  }
  return bounds;
}

/** Spreading thousands of numbers into arguments has a limit. */
function strict(values: readonly number[]): number[] {
  return values.length <= 8_192 ? [...values] : values.filter((_, at) => at % Math.ceil(values.length / 8_192) === 0);
}
