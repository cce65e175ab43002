import { partsToKeep, type TrimFacts } from "../lineage/scan/trim.ts";

const SLAB_BYTES = 1024 * 1024;

export interface HeldEvent {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** Where events of one namespace lie: four numbers each, since an object for every event would cost more than its bytes. */
type Places = number[];
const PLACE = 4;

/** Events kept until it is known which of them matter: by namespace, cut down to what lineage reads. */
export class HeldEvents {
  private readonly held = new Map<string, Places>();
  private slabs: Buffer[] = [];
  private used = 0;
  bytes = 0;

  get namespaces(): Iterable<string> {
    return this.held.keys();
  }

  add(namespace: string, seq: number, facts: TrimFacts, raw: Buffer): void {
    let places = this.held.get(namespace);
    if (places === undefined) this.held.set(namespace, (places = []));
    const parts = partsToKeep(raw, facts);
    let length = 0;
    for (const [start, end] of parts) length += end - start;
    const slab = this.room(length);
    places.push(seq, this.slabs.length - 1, this.used, this.used + length);
    for (const [start, end] of parts) this.used += raw.copy(slab, this.used, start, end);
    this.bytes += length;
  }

  of(namespace: string): readonly HeldEvent[] {
    const places = this.held.get(namespace) ?? [];
    const events: HeldEvent[] = [];
    for (let at = 0; at < places.length; at += PLACE) {
      const [seq = 0, slab = 0, start = 0, end = 0] = places.slice(at, at + PLACE);
      const bytes = this.slabs[slab]?.subarray(start, end);
      if (bytes !== undefined) events.push({ seq, bytes });
    }
    return events;
  }

  letGo(): void {
    this.held.clear();
    this.slabs = [];
    this.used = 0;
    this.bytes = 0;
  }

  private room(length: number): Buffer {
    const last = this.slabs.at(-1);
    if (last !== undefined && this.used + length <= last.length) return last;
    const slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
    this.slabs.push(slab);
    this.used = 0;
    return slab;
  }
}
