import type { FeedingEngine } from "../engine/contract.ts";
import type { Dimension, Selection } from "../queries/contract.ts";
import type { PassedOriginal } from "../engine/originals-pass.ts";
import type { ToolBox } from "./mcp/contract.ts";
import type { Options } from "./options.ts";
import type { Answer, OutputFormat, Style } from "./output.ts";
import type { Sink } from "./sink.ts";

/** A command line understood: which command, on which inputs, how. */
export interface Invocation {
  readonly command: CliCommand;
  /** Operands before the files, by name (`OBJECT`). */
  readonly operands: Readonly<Record<string, string>>;
  /** Files, directories and `-`. */
  readonly inputs: readonly string[];
  readonly options: Options;
  /** What stands on the command line itself: it wins over the config file. */
  readonly given: Partial<Options>;
}

/** What a headless command works with once its inputs are read (or, when following, once what was there is read). */
export interface CommandContext {
  readonly engine: FeedingEngine;
  readonly invocation: Invocation;
  /** --query, -n, --since and --until as one. */
  readonly selection: Selection;
  /** Whether people read stdout. */
  readonly isTerminal: boolean;
  /** Fires when the user interrupts a follow: the answer ends where it is. */
  readonly stop: AbortSignal;
}

/** What a command works with that answers from the original events themselves. */
export interface OriginalsContext {
  readonly invocation: Invocation;
  /** Shows every event of the inputs once; a step is what was read at a time. */
  pass(see: (original: PassedOriginal) => void): AsyncGenerator<void>;
}

/** What a command works with that does its work by itself. */
export interface JobContext {
  readonly invocation: Invocation;
  readonly sink: Sink;
  readonly style: Style;
  /** Fires when the user interrupts. */
  readonly stop: AbortSignal;
}

/** A command of the command line: parser, --help, docs and dispatch read the same object. */
export interface CliCommand {
  /** "" is the explorer, which has no name on the command line. */
  readonly name: string;
  /** One clause, as in a list of commands. */
  readonly about: string;
  /** Operands before FILE…: names in capitals. */
  readonly operands: readonly string[];
  readonly options: readonly (keyof Options)[];
  /** What options are when not given, for help; where it differs from the option's own default. */
  readonly defaults?: Partial<Readonly<Record<keyof Options, string>>>;
  /** What `--sort` takes; the first is the default. */
  readonly sorts?: readonly string[];
  /** The first is the default. */
  readonly outputs: readonly OutputFormat[];
  /** Whole command lines with what they answer. */
  readonly examples: readonly (readonly [line: string, answers: string])[];
  /** Asks for a trail: lineage is taken in while the inputs are read. */
  readonly needsLineage?: boolean;
  /** FILE… may be left away, has no place, or an address is taken in its place. */
  readonly files?: "optional" | "none" | "address";
  /** Answers from the program alone. Instead of `answer`; throws KT100. */
  readonly text?: (operands: Readonly<Record<string, string>>) => Promise<string>;
  /** Answers from one pass over the original events, without an engine; instead of `answer`. */
  readonly originals?: (context: OriginalsContext) => Promise<Answer>;
  /** Dimensions that the answer is of, where it looks at nothing else of requests but times, codes and sizes. */
  readonly dimensions?: (options: Options) => readonly Dimension[];
  /** Does its work by itself, and returns the exit code. Instead of `answer`. */
  readonly job?: (context: JobContext) => Promise<number>;
  /** Speaks over stdin and stdout until they end, and returns the exit code. Instead of `answer`. */
  readonly serve?: (invocation: Invocation, box: ToolBox) => Promise<number>;
  /** Refuses options that make no question together: throws KT100. Before anything is read. */
  readonly check?: (options: Options) => void;
  /** Absent for the explorer. */
  readonly answer?: (context: CommandContext) => Promise<Answer>;
}
