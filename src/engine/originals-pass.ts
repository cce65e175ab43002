import type { ByteSource, ResolvedInput } from "../bytes/contract.ts";
import { fileSource } from "../bytes/file-source.ts";
import { resolveInputs } from "../bytes/inputs.ts";
import { pipeSource } from "../bytes/stdin-source.ts";
import { KtrailError } from "../errors.ts";
import { AuditIdHasher } from "../index/audit-id.ts";
import type { InputReport } from "../ingest/contract.ts";
import { InputTally } from "./input-tally.ts";
import { RecentIds } from "./recent-ids.ts";
import { LOG_CONTENT } from "./log-content.ts";
import { type Original, OriginalScanner } from "./original-scanner.ts";
import { RecordIntake, refusalOf } from "./record-intake.ts";

/** Of which input. */
export interface PassedOriginal extends Original {
  /** Number of the input it came from: a rotated set is one. */
  readonly input: number;
  /** Where the input tells; else "". */
  readonly apiserver: string;
}

export interface PassOptions {
  readonly inputs: readonly string[];
  /** "auto" or a format's id. */
  readonly format: string;
  readonly signal: AbortSignal;
  /** Called with each event, in the order of the inputs and of what is in them. */
  readonly see: (original: PassedOriginal) => void;
}

export interface PassProgress {
  readonly events: number;
  /** 0…1; null when the size is unknown. */
  readonly share: number | null;
}

/**
 * Every event of the inputs once, stage by stage, without keeping any: for what an index of requests can't answer. Exact
 * duplicates are left out and counted, as far back as the last million events go. Inputs are read one after the other.
 * Yields after each chunk, so that what was seen may be passed on before more is; returns what became of the inputs.
 */
export async function* passOriginals(options: PassOptions): AsyncGenerator<PassProgress, readonly InputReport[], void> {
  const resolved = await resolveInputs(options.inputs, {
    sniff: refusalOf,
    follow: false,
    content: LOG_CONTENT,
  });
  const tallies: InputTally[] = [];
  const tallyOf = (path: string): InputTally => {
    const tally = new InputTally(path);
    tallies.push(tally);
    return tally;
  };
  for (const { path, reason } of resolved.passedOver) tallyOf(path).passedOver = reason;
  for (const { path, error } of resolved.failures) tallyOf(path).error = error.message;
  const sources = resolved.inputs.flatMap((input, number) => sourcesOf(input, number, tallyOf));
  const seen = new RecentIds();
  const ids = new AuditIdHasher([Math.random() * 2 ** 32, Math.random() * 2 ** 32]);
  const progress = { events: 0, bytes: 0 };
  const totalBytes = sources.every(({ tally }) => tally.totalBytes !== null)
    ? sources.reduce((sum, { tally }) => sum + (tally.totalBytes ?? 0), 0)
    : null;
  for (const given of sources) {
    const { tally } = given;
    const scanner = new OriginalScanner({
      tally,
      ids,
      isNew: (low, high) => seen.add(low, high),
      see: (original, { apiserver }) => {
        progress.events += 1;
        options.see({ ...original, input: given.input, apiserver });
      },
    });
    for await (const bytes of readSource(given, scanner, options)) {
      const share = totalBytes === null || totalBytes === 0 ? null : (progress.bytes + bytes) / totalBytes;
      yield { events: progress.events, share };
    }
    progress.bytes += tally.bytes;
    tally.state = "done";
  }
  return tallies.map((tally) => tally.report());
}

interface TalliedSource {
  readonly source: ByteSource;
  readonly tally: InputTally;
  readonly input: number;
  readonly apiserver: string;
}

function sourcesOf(
  input: ResolvedInput,
  number: number,
  tallyOf: (path: string) => InputTally,
): readonly TalliedSource[] {
  const { apiserver } = input;
  if (input.kind === "stream") {
    return [{ source: pipeSource(input.path, refusalOf), tally: tallyOf(input.path), input: number, apiserver }];
  }
  return input.files.map(({ path, bytes }) => {
    const tally = tallyOf(path);
    tally.totalBytes = bytes;
    return { source: fileSource(path), tally, input: number, apiserver };
  });
}

/** Yields how many bytes were read after each chunk. What can't be read is told in the tally. */
async function* readSource(
  { source, tally, apiserver }: TalliedSource,
  scanner: OriginalScanner,
  { format, signal }: PassOptions,
): AsyncGenerator<number> {
  tally.state = "reading";
  const registerSource = (name: string): number => scanner.apiserver(name);
  const intake = new RecordIntake({ tally, scanner, format, baseOffset: 0, apiserver, registerSource });
  try {
    for await (const chunk of source.chunks(signal)) {
      tally.compression = source.compression;
      tally.bytes = source.bytesRead;
      intake.push(chunk);
      yield source.bytesRead;
      if (intake.refused !== null) break;
    }
    intake.end();
    if (intake.refused !== null) tally.error = `${tally.path} ${intake.refused}`;
    else if (source.fault !== null) tally.error = source.fault;
  } catch (error) {
    if (!(error instanceof KtrailError)) throw error;
    tally.error = error.message;
  }
  yield source.bytesRead;
}
