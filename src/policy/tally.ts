/** Events and their bytes. */
export interface Volume {
  events: number;
  bytes: number;
}

/** What a log has, and what a policy would have kept of it. */
export interface Kept {
  readonly in: Volume;
  readonly kept: Volume;
}

export interface KeptRow extends Kept {
  readonly key: string;
}

export function noVolume(): Volume {
  return { events: 0, bytes: 0 };
}

export function addTo(volume: Volume, bytes: number): void {
  volume.events += 1;
  volume.bytes += bytes;
}

/** Strangers choose users and paths: more are counted together. */
const MOST_KEYS = 20_000;
const LONGEST_KEY = 512;

/** Volumes by a word of the events. */
export class KeptBy {
  private readonly rows = new Map<string, Kept>();
  private others: Kept | null = null;

  add(key: string, bytes: number, keptBytes: number): void {
    const { in: whole, kept } = this.row(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key);
    addTo(whole, bytes);
    if (keptBytes > 0) addTo(kept, keptBytes);
  }

  /** Most bytes in the log first; the uncounted rest last, under `others`. */
  ranked(others: string): KeptRow[] {
    const rows = [...this.rows].map(([key, row]): KeptRow => ({ key, ...row }));
    rows.sort((a, b) => b.in.bytes - a.in.bytes || (a.key < b.key ? -1 : 1));
    return this.others === null ? rows : [...rows, { key: others, ...this.others }];
  }

  private row(key: string): Kept {
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const row = { in: noVolume(), kept: noVolume() };
    if (this.rows.size >= MOST_KEYS) return (this.others ??= row);
    this.rows.set(key, row);
    return row;
  }
}
