/** Neighbouring events are asked for together: files are read again in windows of this size. */
export const WINDOW_BYTES = 1024 * 1024;

/** Windows of decompressed bytes, the least recently used dropped first. */
export class WindowCache {
  private readonly capacity: number;
  private readonly windows = new Map<number, Uint8Array>();
  private bytes = 0;
  /** The window asked for last: a pass asks for it hundreds of times. */
  private lastKey = -1;
  private lastWindow: Uint8Array | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get(source: number, window: number): Uint8Array | undefined {
    const key = keyOf(source, window);
    if (key === this.lastKey) return this.lastWindow;
    const found = this.windows.get(key);
    if (found === undefined) return undefined;
    this.windows.delete(key);
    this.windows.set(key, found);
    this.lastKey = key;
    this.lastWindow = found;
    return found;
  }

  set(source: number, window: number, bytes: Uint8Array): void {
    const key = keyOf(source, window);
    this.bytes += bytes.length - (this.windows.get(key)?.length ?? 0);
    this.windows.delete(key);
    this.windows.set(key, bytes);
    this.lastKey = key;
    this.lastWindow = bytes;
    for (const [oldest, old] of this.windows) {
      if (this.bytes <= this.capacity || oldest === key) break;
      this.windows.delete(oldest);
      this.bytes -= old.length;
    }
  }

  clear(): void {
    this.windows.clear();
    this.bytes = 0;
    this.lastKey = -1;
    this.lastWindow = undefined;
  }
}

/** 2^25 windows are 32 TiB of one source. */
function keyOf(source: number, window: number): number {
  return source * 2 ** 25 + window;
}

/** Puts a span together from windows as they come; a span inside one window is not copied. */
export class SpanAssembly {
  readonly offset: number;
  readonly bytes: number;
  private filled = 0;
  private result: Uint8Array | null = null;

  constructor(offset: number, bytes: number) {
    this.offset = offset;
    this.bytes = bytes;
  }

  /** The window that holds the next missing byte. */
  get nextWindow(): number {
    return Math.floor((this.offset + this.filled) / WINDOW_BYTES);
  }

  /** Takes what the next window has; returns the span when it is whole, false when the window ends too early. */
  take(window: Uint8Array): Uint8Array | boolean {
    const from = (this.offset + this.filled) % WINDOW_BYTES;
    const part = window.subarray(from, Math.min(window.length, from + this.bytes - this.filled));
    if (part.length === this.bytes) return part;
    if (part.length === 0) return false;
    this.result ??= new Uint8Array(this.bytes);
    this.result.set(part, this.filled);
    this.filled += part.length;
    if (this.filled === this.bytes) return this.result;
    return window.length === WINDOW_BYTES;
  }
}
