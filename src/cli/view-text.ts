/** A view of the explorer as a file: what its command line prints, of the engine that is open. */
import { extname } from "node:path";
import type { Engine } from "../engine/contract.ts";
import { KtrailError } from "../errors.ts";
import type { TimeZone } from "../models/times.ts";
import { yamlText } from "../yaml/write-yaml.ts";
import type { Parsed } from "./arguments.ts";
import { answerTo, contextOf } from "./asked.ts";
import type { Answer, OutputFormat } from "./output.ts";
import { htmlPage } from "./report/html.ts";
import type { Sink } from "./sink.ts";
import { WRITERS } from "./writers/registry.ts";

const FORMATS: Readonly<Record<string, OutputFormat>> = {
  ".jsonl": "jsonl",
  ".json": "json",
  ".csv": "csv",
  ".md": "md",
};

/** Masked where people read it (.md, .html); .jsonl, .json, .csv and .yaml are data. Throws KT100 with a sentence. */
export async function viewText(
  engine: Engine,
  parsed: Parsed,
  line: string,
  path: string,
  zone: TimeZone,
): Promise<string> {
  if (parsed.kind !== "run") throw new KtrailError("KT100", "its command line prints no table");
  const { command } = parsed.invocation;
  if (command.answer === undefined && command.name !== "")
    throw new KtrailError("KT100", `ktrail ${command.name} reads the original events: C copies its line for a shell`);
  const suffix = extname(path).toLowerCase();
  const format = FORMATS[suffix];
  // A command that prints tables has all forms of them; others say which they have.
  if (format !== undefined && !command.outputs.includes(format))
    throw new KtrailError(
      "KT100",
      `ktrail ${command.name} cannot be printed as ${format}: ${command.outputs.join(", ")}`,
    );
  const options = {
    ...parsed.invocation.options,
    tz: zone,
    follow: false,
    ...(format === undefined ? {} : { output: format }),
    ...(suffix === ".html" ? { output: "table" as const } : {}),
  };
  const feeding = { ...bound(engine), requests: refuseFeed };
  const stop = new AbortController().signal;
  const answer = await answerTo(
    await contextOf(feeding, { ...parsed.invocation, options }, { isTerminal: false, stop }),
  );
  if (suffix === ".html") return htmlPage(line, answer.people ?? [answer.data]);
  if (format === undefined)
    return answer.yaml === undefined ? yamlText(await valueOf(answer)) : [...answer.yaml].join("");
  return written((sink) => WRITERS[format].write(answer, sink, { width: null, tones: new Map(), ascii: false }));
}

function bound(engine: Engine): Engine {
  return {
    get status() {
      return engine.status;
    },
    subscribe: (listener) => engine.subscribe(listener),
    ask: (kind, ask, signal, onPartial) => engine.ask(kind, ask, signal, onPartial),
    loaded: () => engine.loaded(),
    close: () => engine.close(),
  };
}

function refuseFeed(): never {
  throw new KtrailError("KT100", "its command line follows the log: C copies it for a shell");
}

async function valueOf(answer: Answer): Promise<unknown> {
  return JSON.parse(
    await written((sink) => WRITERS.json.write(answer, sink, { width: null, tones: new Map(), ascii: false })),
  ) as unknown;
}

async function written(write: (sink: Sink) => Promise<void>): Promise<string> {
  const pieces: string[] = [];
  await write({
    isTerminal: false,
    write: async (chunk) => {
      pieces.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    },
    flush: async () => undefined,
  });
  return pieces.join("");
}
