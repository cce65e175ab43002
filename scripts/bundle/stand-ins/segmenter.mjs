// Intl.Segmenter that loads ICU when something is segmented, not when a module declares that it may be.
export class LazySegmenter {
  constructor(...args) {
    this.args = args;
    this.real = null;
  }

  segment(text) {
    // By reflection: written plainly it would be replaced by this class too.
    this.real ??= Reflect.construct(Reflect.get(Intl, "Segmenter"), this.args);
    return this.real.segment(text);
  }
}
