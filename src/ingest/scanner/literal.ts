/** A fixed piece of JSON of at least eight ASCII bytes, compared eight bytes at a time. */
export class Literal {
  readonly length: number;
  /** Eight-byte words from the start; the last one overlaps so that it ends with the text. */
  private readonly words: Float64Array;

  constructor(text: string) {
    const bytes = Buffer.from(text, "latin1");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.length;
    this.words = new Float64Array(Math.ceil(bytes.length / 8));
    this.words.forEach((_, i) => (this.words[i] = view.getFloat64(Math.min(i * 8, bytes.length - 8), true)));
  }

  /** Whether the literal stands at `at`; up to `length` bytes from there must exist. */
  isAt(view: DataView, at: number): boolean {
    const { words, length } = this;
    const last = words.length - 1;
    for (let i = 0; i < last; i++) if (view.getFloat64(at + i * 8, true) !== words[i]) return false;
    return view.getFloat64(at + length - 8, true) === words[last];
  }
}
