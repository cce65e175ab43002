/** Which parts of a JSON value are wanted: the rest is passed over without being read. */
export type Shape =
  /** The whole value. */
  | true
  | ObjectShape
  /** Every element of a list, each in this shape. */
  | { readonly each: ObjectShape };

export interface ShapeKey {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly shape: Shape;
}

export class ObjectShape {
  private readonly slots: (ShapeKey[] | undefined)[] = Array.from({ length: SLOTS });
  /** Adds `HASH_KEY` with a fingerprint of the value's bytes. */
  readonly hashed: boolean;
  /** A key after which nothing wanted follows in this object, as the API server orders fields. */
  readonly last: Uint8Array | null;
  /** The last wanted key: what follows its value is not looked at. */
  readonly final: string | null;
  /** Where the object that holds this one goes on after `last`: text to search for from there. */
  readonly resume: Buffer | null;

  constructor(
    keys: Readonly<Record<string, Shape>>,
    options: {
      readonly hashed?: boolean;
      readonly last?: string;
      readonly resume?: string;
      readonly final?: string;
    } = {},
  ) {
    this.hashed = options.hashed ?? false;
    this.final = options.final ?? null;
    this.last = options.last === undefined ? null : Buffer.from(options.last);
    this.resume = options.resume === undefined ? null : Buffer.from(options.resume);
    for (const [name, shape] of Object.entries(keys)) {
      const bytes = Buffer.from(name);
      const slot = slotOf(bytes[0] ?? 0, bytes.length);
      (this.slots[slot] ??= []).push({ name, bytes, shape });
    }
  }

  /** The wanted key at bytes[start, end), or null. */
  find(bytes: Uint8Array, start: number, end: number): ShapeKey | null {
    const keys = this.slots[slotOf(bytes[start] as number, end - start)];
    if (keys === undefined) return null;
    for (const key of keys) {
      if (sameBytes(key.bytes, bytes, start, end)) return key;
    }
    return null;
  }
}

/** Keys of one object rarely share both their first letter and their length. */
const SLOTS = 64;

function slotOf(first: number, length: number): number {
  return (first + length * 13) & (SLOTS - 1);
}

/** Node's Buffer has this method; its types leave it out. Half the cost of toString for short strings. */
export interface Latin1Bytes extends Buffer {
  latin1Slice(start: number, end: number): string;
}

/** Key under which a hashed object tells its fingerprint; no Kubernetes field is called so. */
export const HASH_KEY = "\0fingerprint";

export const HASH_START = 0x811c9dc5 | 0;

export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

export function sameBytes(wanted: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = wanted;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) {
    if (wanted[at] !== bytes[start + at]) return false;
  }
  return true;
}
