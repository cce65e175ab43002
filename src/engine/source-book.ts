import type { FileGeneration, RawStore } from "../bytes/contract.ts";
import type { InputReport } from "../ingest/contract.ts";
import type { RequestRing } from "../index/ring.ts";
import { HEAD_BYTES, logFingerprint } from "./log-fingerprint.ts";
import { InputTally } from "./input-tally.ts";

const MOST_SERVERS = 100;

/** All inputs of one engine: their counts by path, and which input each source number of the ring belongs to. */
export class SourceBook {
  /** See ResolvedInputs. */
  untold: readonly string[] = [];
  private readonly ring: RequestRing;
  private readonly raw: RawStore;
  private readonly tallies = new Map<string, InputTally>();
  private readonly bySource: InputTally[] = [];
  private readonly contexts: string[] = [];
  private readonly servers = new Set<string>();
  private readonly byGeneration = new WeakMap<FileGeneration, readonly number[]>();
  private readonly generations: (FileGeneration | null)[] = [];
  /** The first bytes of streams. */
  private readonly streamHeads = new Map<InputTally, Uint8Array>();
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
    if (apiserver !== "" && this.servers.size < MOST_SERVERS) this.servers.add(apiserver);
    this.contexts[number] = context;
    this.generations[number] = generation;
    if (generation !== null) {
      this.raw.addFile(number, generation);
      this.byGeneration.set(generation, [...(this.byGeneration.get(generation) ?? []), number]);
    }
    return number;
  }

  /** API servers whose names the inputs tell, at most `MOST_SERVERS`. */
  get apiservers(): number {
    return this.servers.size;
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
    const head = this.streamHeads.get(tally) ?? new Uint8Array(0);
    if (head.length < HEAD_BYTES) {
      this.streamHeads.set(tally, Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]));
    }
    this.raw.append(number, chunk);
  }

  /** Where the bytes of a source are kept: streams with several API servers share one copy. */
  rawSource(source: number): number {
    const tally = this.bySource[source];
    return tally === undefined ? source : (this.streams.get(tally) ?? source);
  }

  /** The log a source's events come from; null while too little of it was read. */
  fingerprint(source: number): string | null {
    const head = this.head(source);
    return head === undefined ? null : logFingerprint(head);
  }

  /** The first bytes of every log that is read. */
  heads(): ReadonlySet<Uint8Array> {
    return new Set(this.bySource.flatMap((_, source) => this.head(source) ?? []));
  }

  private head(source: number): Uint8Array | undefined {
    const tally = this.bySource[source];
    return this.generations[source]?.head ?? (tally === undefined ? undefined : this.streamHeads.get(tally));
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
