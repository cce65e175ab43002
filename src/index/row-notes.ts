const FIRST_SLOTS = 16;

/** Numbers for the few rows that don't fit their column (outliers), by row. Open addressing, 12 bytes a slot. */
export class RowNotes {
  size = 0;
  private keys = new Uint32Array(0);
  private values = new Float64Array(0);

  get memoryBytes(): number {
    return this.keys.length * 12;
  }

  /** The value noted under the key; NaN when there is none. */
  get(key: number): number {
    const slots = this.keys.length;
    if (slots === 0) return Number.NaN;
    for (let slot = home(key, slots); ; slot = (slot + 1) & (slots - 1)) {
      const found = this.keys[slot] as number;
      if (found === 0) return Number.NaN;
      if (found === key + 1) return this.values[slot] as number;
    }
  }

  /** Replaces the value of the key. */
  set(key: number, value: number): void {
    this.reserve();
    const slots = this.keys.length;
    let slot = home(key, slots);
    while (this.keys[slot] !== 0 && this.keys[slot] !== key + 1) slot = (slot + 1) & (slots - 1);
    if (this.keys[slot] === 0) this.size++;
    this.keys[slot] = key + 1;
    this.values[slot] = value;
  }

  private reserve(): void {
    if (this.keys.length > 0 && this.size * 4 < this.keys.length * 3) return;
    const { keys, values } = this;
    this.keys = new Uint32Array(Math.max(FIRST_SLOTS, keys.length * 2));
    this.values = new Float64Array(this.keys.length);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] !== 0) this.place(keys[i] as number, values[i] as number);
    }
  }

  private place(stored: number, value: number): void {
    const slots = this.keys.length;
    let slot = home(stored - 1, slots);
    while (this.keys[slot] !== 0) slot = (slot + 1) & (slots - 1);
    this.keys[slot] = stored;
    this.values[slot] = value;
  }
}

function home(key: number, slots: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 12) & (slots - 1);
}
