import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PassedOriginal } from "../../engine/originals-pass.ts";
import { KtrailError } from "../../errors.ts";
import { parseExact } from "../../events/exact-json.ts";
import { objectOf } from "../../events/json-values.ts";
import { pathOf } from "../../files/file-names.ts";
import { statOf } from "../../files/read-once.ts";
import { WholeFile } from "../../files/whole-file.ts";
import { writeErrorReason } from "../../files/write-error.ts";
import { byteSize, count, counted } from "../../models/numbers.ts";
import { LOST_FINDINGS } from "../../redaction/lost-findings.ts";
import { Redactor } from "../../redaction/redactor.ts";
import { column, numeric, textCell } from "../cells.ts";
import type { Invocation, OriginalsContext } from "../contract.ts";
import { note } from "../notes.ts";
import { type Answer, type DataSection, fields, type Section } from "../output.ts";

/** One API server's log, as it is written. */
interface Written {
  readonly file: WholeFile;
  events: number;
}

export async function redactAnswer({ invocation, pass }: OriginalsContext): Promise<Answer> {
  const { options } = invocation;
  const folder = emptyFolder(options.out ?? "");
  const mapping = options.mapping === undefined ? null : mappingFile(options.mapping);
  const redactor = new Redactor({
    key: keyOf(options.key),
    keep: options.keep,
    ...(mapping === null
      ? {}
      : { onName: (original, pseudonym) => mapping.write(`${JSON.stringify({ original, pseudonym })}\n`) }),
  });
  const logs = new Map<string, Written>();
  try {
    const isTwice = canBeReadTwice(invocation);
    if (isTwice) for await (const _ of pass((original) => redactor.learn(eventOf(original))));
    for await (const _ of pass((original) => {
      const event = eventOf(original);
      if (!isTwice) redactor.learn(event);
      const log = logOf(logs, original, folder);
      log.file.write(`${JSON.stringify(redactor.redact(event))}\n`);
      log.events += 1;
    }));
    const written = [...logs.values()].map(({ file, events }, at) => {
      const path = logs.size === 1 ? join(folder, "audit.log") : join(folder, `server-${at + 1}`, "audit.log");
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      file.finish(path);
      return { path, events, bytes: file.bytes };
    });
    mapping?.finish(options.mapping ?? "");
    if (redactor.overflowed > 0)
      note(`${counted(redactor.overflowed, "name")} of what was to be kept became pseudonyms: there are too many`);
    return answerOf(written);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new KtrailError("KT100", `${options.out ?? ""} was not written: ${writeErrorReason(error)}`);
  } finally {
    for (const { file } of logs.values()) file.abandon();
    mapping?.abandon();
  }
}

function eventOf({ bytes, start, end }: PassedOriginal): Readonly<Record<string, unknown>> {
  return objectOf(parseExact(bytes.toString("utf8", start, end)));
}

/** Files are one for each API server, as they were. */
function logOf(logs: Map<string, Written>, { input, apiserver }: PassedOriginal, folder: string): Written {
  const id = `${input} ${apiserver}`;
  let log = logs.get(id);
  if (log === undefined) {
    log = { file: new WholeFile(folder), events: 0 };
    logs.set(id, log);
  }
  return log;
}

/** Throws KT100 unless the directory can be made, or is there and empty: whatever is in one, logs too, stays. */
function emptyFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (readdirSync(path).length > 0) throw new Error("it is not empty, and nothing in it is overwritten");
    return path;
  } catch (error) {
    throw new KtrailError("KT100", `${path} was not written: ${writeErrorReason(error)}`);
  }
}

function mappingFile(path: string): WholeFile {
  try {
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) throw new Error("it is there already");
    return new WholeFile(dirname(path));
  } catch (error) {
    throw new KtrailError("KT100", `${path} was not written: ${writeErrorReason(error)}`);
  }
}

const LEAST_KEY = 16;

/** What pseudonyms are made with: a file of the user's, or of this run alone. */
function keyOf(path: string | undefined): Buffer {
  if (path === undefined) return randomBytes(32);
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw new KtrailError("KT100", `--key ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (content.length < LEAST_KEY)
    throw new KtrailError("KT100", `--key ${path} is too short to keep a secret: head -c 32 /dev/urandom > ${path}`);
  return createHash("sha256").update(content).digest();
}

/** What comes through a pipe comes once: a name is known from its first request on. */
function canBeReadTwice({ inputs, options }: Invocation): boolean {
  return (
    options.exec.length === 0 &&
    inputs.every((input) => {
      const there = input === "-" ? undefined : statOf(pathOf(input));
      return there !== undefined && (there.isFile() || there.isDirectory());
    })
  );
}

function answerOf(
  written: readonly { readonly path: string; readonly events: number; readonly bytes: number }[],
): Answer {
  const files: DataSection = {
    columns: [column("path", "written"), numeric("events", "events"), numeric("bytes", "size")],
    fields: fields("path", "events", "bytes"),
    empty: "nothing written",
    batches: [
      written.map((record) => ({
        record,
        cells: () => [textCell(record.path), textCell(count(record.events)), textCell(byteSize(record.bytes))],
      })),
    ],
  };
  const lost: Section = {
    title: "Findings that a redacted log does not give, or not all of them",
    columns: [column("id", "finding"), column("because", "because", { grow: 1 })],
    batches: [
      LOST_FINDINGS.map((record) => ({
        record: { ...record },
        cells: () => [textCell(record.id), textCell(record.because)],
      })),
    ],
  };
  return { document: { files: written, lost: LOST_FINDINGS }, data: files, people: [files, lost] };
}
