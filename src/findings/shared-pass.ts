import type { Detector, Draft, Sequence, SequenceDetector, Sighting } from "./contract.ts";

/** The sequences of one pass: they share it, so that a request is decoded, and its event read, once for all. */
export class SharedPass {
  readonly detectors: readonly SequenceDetector[];
  private readonly sequences: readonly Sequence[];

  constructor(detectors: readonly Detector[]) {
    this.detectors = detectors.filter((detector) => detector.kind === "sequence");
    this.sequences = this.detectors.map((detector) => detector.start());
  }

  /** To the detectors at these positions. */
  see(sighting: Sighting, positions: readonly number[]): void {
    for (const at of positions) this.sequences[at]?.see(sighting);
  }

  found(): readonly { readonly detector: SequenceDetector; readonly drafts: readonly Draft[] }[] {
    return this.detectors.map((detector, at) => ({ detector, drafts: this.sequences[at]?.found() ?? [] }));
  }
}
