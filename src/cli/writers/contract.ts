import type { Answer, OutputFormat, Style } from "../output.ts";
import type { Sink } from "../sink.ts";

/** One output format. Writers pass batches on as they come and never hold more than one. */
export interface Writer {
  readonly id: OutputFormat;
  /** One clause for help and docs. */
  readonly about: string;
  write(answer: Answer, sink: Sink, style: Style): Promise<void>;
}
