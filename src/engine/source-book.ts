import type { FileGeneration, RawStore } from "../bytes/contract.ts";
import type { InputReport } from "../ingest/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { InputTally } from "./input-tally.ts";

/** All inputs of one engine: their counts by path, and which input each source number of the ring belongs to. */
export class SourceBook {
  private readonly ring: RequestRing;
  private readonly raw: RawStore;
  private readonly tallies = new Map<string, InputTally>();
  private readonly bySource: InputTally[] = [];
  private readonly contexts: string[] = [];
  private readonly byGeneration = new WeakMap<FileGeneration, readonly number[]>();
  /** Source numbers under which a stream's bytes are kept. */
  private readonly streams = new Map<InputTally, number>();

  constructor(ring: RequestRing, raw: RawStore) {
    this.ring = ring;
    this.raw = raw;
  }

  tally(path: string): InputTally {
    let tally = this.tallies.get(path);
    if (tally === undefined) {
      tally = new InputTally(path);
      this.tallies.set(path, tally);
    }
    return tally;
  }

  /**
   * A source of the ring for events of this input as seen by one API server; `generation` null for streams. `context`: see
   * Origin.
   */
  register(tally: InputTally, apiserver: string, generation: FileGeneration | null, context = ""): number {
    const number = this.ring.registerSource(tally.path, apiserver, generation?.path ?? tally.path);
    this.bySource[number] = tally;
    this.contexts[number] = context;
    if (generation !== null) {
      this.raw.addFile(number, generation);
      this.byGeneration.set(generation, [...(this.byGeneration.get(generation) ?? []), number]);
    }
    return number;
  }

  /** What was written as one generation lies under another name now. */
  moved(generation: FileGeneration, path: string): void {
    for (const number of this.byGeneration.get(generation) ?? []) this.ring.moveSource(number, path);
  }

  /** Keeps a stream's bytes for re-reading; call before the chunk is scanned. */
  keep(tally: InputTally, chunk: Uint8Array): void {
    let number = this.streams.get(tally);
    if (number === undefined) {
      number = this.register(tally, "", null);
      this.raw.addStream(number);
      this.streams.set(tally, number);
    }
    this.raw.append(number, chunk);
  }

  /** Where the bytes of a source are kept: streams with several API servers share one copy. */
  rawSource(source: number): number {
    const tally = this.bySource[source];
    return tally === undefined ? source : (this.streams.get(tally) ?? source);
  }

  /** What is needed besides an event's bytes to read it again. */
  context(source: number): string {
    return this.contexts[source] ?? "";
  }

  reports(): InputReport[] {
    const { sources } = this.ring.counters;
    for (const tally of this.tallies.values()) {
      tally.events = 0;
      tally.duplicate = 0;
    }
    this.bySource.forEach((tally, number) => {
      tally.events += sources[number]?.events ?? 0;
      tally.duplicate += sources[number]?.duplicates ?? 0;
    });
    return [...this.tallies.values()].map((tally) => tally.report());
  }
}
