/** Arrays that are used and given back without a pause in between: making one costs more than most uses, and collecting it more. */
export class Scratch<A extends { readonly length: number }> {
  private readonly free: A[] = [];
  private readonly make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.make = make;
  }

  /** At least so long; what is in it is anything. */
  take(length: number): A {
    const array = this.free.pop();
    return array !== undefined && array.length >= length ? array : this.make(Math.max(length, LEAST));
  }

  give(array: A): void {
    if (this.free.length < MOST && array.length <= LONGEST) this.free.push(array);
  }
}

const LEAST = 8_192;
const LONGEST = 65_536;
const MOST = 16;

export const WORDS = new Scratch((length) => new Uint32Array(length));
export const BYTES = new Scratch((length) => new Uint8Array(length));
