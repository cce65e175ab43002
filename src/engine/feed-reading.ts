import type { FileGeneration } from "../bytes/contract.ts";
import type { AuditIdHasher } from "../index/audit-id.ts";
import type { ResumePoint } from "../ingest/contract.ts";
import type { InputTally } from "./input-tally.ts";
import { type Original, OriginalScanner, type RecordPlace } from "./original-scanner.ts";
import { RecordIntake } from "./record-intake.ts";

/** What events come from: one generation of a file, or a stream, which cannot be read again. */
export interface FedSource {
  readonly path: string;
  readonly generation: FileGeneration | null;
  /** Size on disk when it was opened; 0 for streams. */
  readonly bytes: number;
  readonly isPacked: boolean;
}

/** How far a source was seen when it was read before. */
export interface SourceState {
  readonly point: ResumePoint;
  /** It will not grow any more, and was seen to its end. */
  readonly isWhole: boolean;
}

export interface FeedHooks {
  /** Two words for what a hash is seeded with; kept by whoever keeps hashes. */
  readonly seed: readonly [number, number];
  /** Whether an event with this hash is the first of its kind. */
  readonly isNew: (low: number, high: number) => boolean;
  /** How far this source was seen before; null: not at all. */
  readonly before: (source: FedSource) => SourceState | null;
  /** Of the files that were in this path's place, the oldest of which not all was seen; else the newest that was. Null: none was. */
  readonly readOnFrom: (path: string) => (FileGeneration & { readonly isWhole: boolean }) | null;
  readonly see: (original: Original, place: RecordPlace, source: FedSource) => void;
  /** All before `point` has been seen. More comes once this resolves. */
  readonly passed: (source: FedSource, point: ResumePoint, isWhole: boolean) => Promise<void>;
  /** The same of what a sender waits for an answer to: resolves when it is safe. */
  readonly kept: (source: FedSource, point: ResumePoint) => Promise<void>;
  readonly note: (sentence: string) => void;
}

const START: ResumePoint = { from: 0, skip: 0, format: "" };

/** One source on its way from bytes to events, and how far it has come. */
export class Reading {
  readonly source: FedSource;
  readonly tally: InputTally;
  private readonly intake: RecordIntake;
  private readonly scanner: OriginalScanner;
  /** From here on the rest could be read by itself, but for so many of the events counted. */
  private from: number;
  private countedThere = 0;

  constructor(
    { format, hooks }: { readonly format: string; readonly hooks: FeedHooks },
    ids: AuditIdHasher,
    tally: InputTally,
    source: FedSource,
    apiserver: string,
    { from, skip, format: known }: ResumePoint = START,
  ) {
    this.source = source;
    this.tally = tally;
    this.from = from;
    const scanner = new OriginalScanner({
      tally,
      ids,
      skip,
      isNew: hooks.isNew,
      see: (original, place) => hooks.see(original, place, source),
    });
    this.scanner = scanner;
    this.intake = new RecordIntake({
      tally,
      scanner,
      format: format === "auto" && known !== "" ? known : format,
      baseOffset: from,
      apiserver,
      registerSource: (name) => scanner.apiserver(name),
    });
  }

  get point(): ResumePoint {
    return { from: this.from, skip: this.scanner.counted - this.countedThere, format: this.tally.format };
  }

  get refused(): string | null {
    return this.intake.refused;
  }

  get doubt(): string | null {
    return this.intake.doubt;
  }

  /** Whether all that came were lines that are an event each: nothing of them has a bearing on how the rest is read. */
  private get isPlain(): boolean {
    const { format, formats, foreign, fragment } = this.tally;
    return format === "jsonl" && formats.size === 0 && foreign + fragment === 0;
  }

  push(chunk: Uint8Array): void {
    this.intake.push(chunk);
    if (!this.isPlain) return;
    this.from = this.intake.consumedOffset;
    this.countedThere = this.scanner.counted;
  }

  end(): void {
    this.intake.end();
  }
}
