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
  private readonly byHash = new Map<number, ShapeKey>();
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
      this.byHash.set(hashOf(bytes), { name, bytes, shape });
    }
  }

  /** The wanted key at bytes[start, end) with this hash, or null. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): ShapeKey | null {
    const key = this.byHash.get(hash);
    return key !== undefined && sameBytes(key.bytes, bytes, start, end) ? key : null;
  }
}

/** Key under which a hashed object tells its fingerprint; no Kubernetes field is called so. */
export const HASH_KEY = "\0fingerprint";

export const HASH_START = 0x811c9dc5 | 0;

export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

function hashOf(bytes: Uint8Array): number {
  let hash = HASH_START;
  for (const byte of bytes) hash = hashStep(hash, byte);
  return hash;
}

export function sameBytes(wanted: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = wanted;
  if (length !== end - start) return false;
  for (let at = 0; at < length; at += 1) {
    if (wanted[at] !== bytes[start + at]) return false;
  }
  return true;
}
