/** What is on screen stays this long where nothing can stand in its place yet. */
const HOLD_MS = 80;

/**
 * Tells the drawing side that there is something new. Most answers come within milliseconds: an empty pane in between would
 * only flicker, and show new filters over old rows or none.
 */
export class Announcer {
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;
  private emptySinceMs: number | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Something is held back. */
  get isHolding(): boolean {
    return this.timer !== null;
  }

  /** `isEmpty`: the pane has nothing to show as yet. */
  announce(isEmpty: boolean): void {
    if (!isEmpty) this.emptySinceMs = null;
    else {
      this.emptySinceMs ??= this.now();
      const left = this.emptySinceMs + HOLD_MS - this.now();
      if (left > 0) {
        this.timer ??= setTimeout(() => this.tell(), left);
        return;
      }
    }
    this.tell();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private tell(): void {
    this.close();
    for (const listener of this.listeners) listener();
  }
}
