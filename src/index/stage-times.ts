import { scramble } from "./request-key.ts";

const FIRST_SLOTS = 16;

/**
 * Pairs of row and stage time: which events of a request were there before the one its facts come from. Open addressing by
 * both, 12 bytes a slot: one request may have any number of them.
 */
export class StageTimes {
  size = 0;
  private keys = new Uint32Array(0);
  private times = new Float64Array(0);
  private readonly most: number;

  /** Beyond `most` pairs no more are taken in: an event that comes again is then not known for a duplicate. */
  constructor(most: number) {
    this.most = most;
  }

  get memoryBytes(): number {
    return this.keys.length * 12;
  }

  /** `us` may be NaN. */
  add(key: number, us: number): void {
    if (this.size >= this.most) return;
    if (this.size * 4 >= this.keys.length * 3) this.grow();
    this.place(key + 1, us);
    this.size++;
  }

  has(key: number, us: number): boolean {
    const slots = this.keys.length;
    if (slots === 0) return false;
    for (let slot = home(key + 1, us, slots); ; slot = (slot + 1) & (slots - 1)) {
      const found = this.keys[slot] as number;
      if (found === 0) return false;
      if (found === key + 1 && Object.is(this.times[slot], us)) return true;
    }
  }

  private grow(): void {
    const { keys, times } = this;
    this.keys = new Uint32Array(Math.max(FIRST_SLOTS, keys.length * 2));
    this.times = new Float64Array(this.keys.length);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] !== 0) this.place(keys[i] as number, times[i] as number);
    }
  }

  private place(stored: number, us: number): void {
    const slots = this.keys.length;
    let slot = home(stored, us, slots);
    while (this.keys[slot] !== 0) slot = (slot + 1) & (slots - 1);
    this.keys[slot] = stored;
    this.times[slot] = us;
  }
}

/** Whoever makes a log chooses both. */
const SEED = (Math.random() * 0x1_0000_0000) | 0;

function home(stored: number, us: number, slots: number): number {
  const time = us === us ? (us | 0) ^ Math.floor(us / 0x1_0000_0000) : 0;
  return scramble(scramble(time ^ SEED) + stored) & (slots - 1);
}
