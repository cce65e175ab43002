/** Ids of a generation: two words each, at most three quarters of the slots taken. 8 MiB. */
const SLOTS = 1 << 20;
const MOST = SLOTS * 0.75;

/** The last ids that were added, at least 786,432 of them: half of what is kept is forgotten at a time. */
export class RecentIds {
  private young = new Generation();
  private old: Generation | null = null;

  /** False when the id is there already. Ids are 64-bit hashes; 0, 0 counts as new every time. */
  add(low: number, high: number): boolean {
    if (this.old?.has(low, high) === true || !this.young.add(low, high)) return false;
    if (this.young.size >= MOST) {
      const spare = this.old;
      this.old = this.young;
      this.young = spare === null ? new Generation() : spare.cleared();
    }
    return true;
  }
}

class Generation {
  size = 0;
  private readonly words = new Uint32Array(SLOTS * 2);

  has(low: number, high: number): boolean {
    return this.isAt(this.slot(low, high), low, high);
  }

  add(low: number, high: number): boolean {
    const slot = this.slot(low, high);
    if ((low | high) === 0) return true;
    if (this.isAt(slot, low, high)) return false;
    this.words[slot * 2] = low;
    this.words[slot * 2 + 1] = high;
    this.size += 1;
    return true;
  }

  cleared(): this {
    this.words.fill(0);
    this.size = 0;
    return this;
  }

  private isAt(slot: number, low: number, high: number): boolean {
    return (low | high) !== 0 && this.words[slot * 2] === low >>> 0 && this.words[slot * 2 + 1] === high >>> 0;
  }

  /** Where the id is, or would be put. */
  private slot(low: number, high: number): number {
    const { words } = this;
    let slot = (high >>> 0) % SLOTS;
    while ((words[slot * 2] as number | 0) !== 0 || words[slot * 2 + 1] !== 0) {
      if (this.isAt(slot, low, high)) break;
      slot = (slot + 1) % SLOTS;
    }
    return slot;
  }
}
