import { partsToKeep } from "../lineage/scan/trim.ts";
import type { LineageEvent } from "../lineage/event.ts";

const SLAB_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(0);

export interface HeldEvent {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** Events kept until it is known which of them matter: by namespace, cut down to what lineage reads. */
export class HeldEvents {
  private readonly held = new Map<string, HeldEvent[]>();
  private slab = NOTHING;
  private slabUsed = 0;
  bytes = 0;

  get namespaces(): Iterable<string> {
    return this.held.keys();
  }

  add(namespace: string, event: LineageEvent, raw: Buffer): void {
    const held = { seq: event.seq, bytes: this.copy(raw, partsToKeep(raw, event)) };
    const others = this.held.get(namespace);
    if (others === undefined) this.held.set(namespace, [held]);
    else others.push(held);
    this.bytes += held.bytes.length;
  }

  of(namespace: string): readonly HeldEvent[] {
    return this.held.get(namespace) ?? [];
  }

  letGo(): void {
    this.held.clear();
    this.slab = NOTHING;
    this.bytes = 0;
  }

  /** Thousands of small buffers would cost more than what is in them. */
  private copy(raw: Buffer, parts: ReturnType<typeof partsToKeep>): Uint8Array {
    const length = parts.reduce((sum, [start, end]) => sum + end - start, 0);
    if (this.slabUsed + length > this.slab.length) {
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      this.slabUsed = 0;
    }
    const from = this.slabUsed;
    for (const [start, end] of parts) this.slabUsed += raw.copy(this.slab, this.slabUsed, start, end);
    return this.slab.subarray(from, this.slabUsed);
  }
}
