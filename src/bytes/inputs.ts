import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { KtrailError } from "../errors.ts";
import { apiserverOf, distinguishingNames } from "./apiserver-name.ts";
import { isArchiveFault } from "./archives/member.ts";
import { archiveKindOf } from "./archives/kind.ts";
import { walkArchive, type FoundMember } from "./archives/walk.ts";
import { binaryReason, withoutLeadingNuls } from "./binary-reason.ts";
import type { FileInput, InputFile, PassedOver, ResolvedInput, ResolvedInputs } from "./contract.ts";
import { HEAD_BYTES, openFile, peekFile, readHead } from "./generation.ts";
import { printable, readError, reasonOf } from "./read-error.ts";
import { compareRotated, isLiveName, parseRotatedName, type RotatedName } from "./rotated-set.ts";
import { type LogContent, toldServers } from "./told-servers.ts";
import { looksLikeLogName, walkDirectory } from "./walk-directory.ts";
import { pathOf, realName } from "../files/file-names.ts";

export interface ResolveOptions {
  /** A file that does not exist yet is awaited, and an empty one kept. */
  readonly follow: boolean;
  /**
   * For files found in a directory: why these first decompressed bytes (up to 64 KiB, leading NULs removed) are no audit
   * log, as one clause; null when they may be one.
   */
  readonly sniff: (head: Uint8Array, path: string) => string | null;
  /** When the first event in these first decompressed bytes was written, µs; NaN when they do not tell. Default: NaN. */
  readonly timeOf?: (head: Uint8Array) => number;
  /** Whose logs they are by what is in them; absent: only paths tell. */
  readonly content?: LogContent;
}

const SNIFF_BYTES = 64 * 1024;
/** Files inspected before others get their turn. */
const FILES_A_TURN = 64;

/** Of a file that was found: null when taken (or taken already), why it is passed over, or why a log cannot be read. */
type Outcome = string | KtrailError | null;

/** What is seen of a file before it is read; the head is its first decompressed bytes. */
type Beginning = Omit<InputFile, "firstUs"> & { readonly head: Uint8Array };

interface Tally {
  logs: number;
  others: number;
}

interface Candidate {
  /** Directory with symbolic links resolved, and the name: what one server's files share. */
  readonly set: string;
  readonly file: InputFile;
  readonly name: RotatedName;
  /** Its first decompressed bytes, at most 1 KiB. */
  readonly beginning: Uint8Array;
  readonly isArchive: boolean;
  /** Why it is no log by these and the following bytes; null when it may be one. */
  readonly refusal: string | null;
}

/**
 * Turns arguments (files, directories, `-`, pipes) into inputs, one per API server: the files of a rotated set, given or
 * found, are one input. What cannot be read is a failure and does not stop the rest; a file named twice is read once.
 */
export async function resolveInputs(paths: readonly string[], options: ResolveOptions): Promise<ResolvedInputs> {
  return new Resolver(options).resolve(paths);
}

class Resolver {
  private readonly options: ResolveOptions;
  /** By directory and base name, in order of appearance. */
  private readonly sets = new Map<string, Candidate[]>();
  private readonly streams = new Map<string, ResolvedInput>();
  private readonly awaited: FileInput[] = [];
  private readonly passedOver: PassedOver[] = [];
  private readonly failures: { path: string; error: KtrailError }[] = [];
  private readonly known = new Set<string>();
  private readonly directories = new Map<string, string>();
  private inspected = 0;

  constructor(options: ResolveOptions) {
    this.options = options;
  }

  async resolve(paths: readonly string[]): Promise<ResolvedInputs> {
    for (const path of paths) {
      try {
        await this.argument(path);
      } catch (error) {
        this.failures.push({ path, error: await readError(path, error) });
      }
    }
    const { files, untold } = await this.fileInputs();
    const inputs = [...this.streams.values(), ...files, ...this.awaited];
    return { inputs, passedOver: this.passedOver, failures: this.failures, untold };
  }

  private async argument(path: string): Promise<void> {
    if (path === "-") {
      this.streams.set("-", { kind: "stream", apiserver: "", path });
      return;
    }
    const stats = await stat(pathOf(path)).catch((error: unknown) => {
      if (this.options.follow && error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    });
    if (stats === null) {
      this.awaited.push({ kind: "files", apiserver: apiserverOf(path), files: [], live: path });
    } else if (stats.isDirectory()) await this.directory(path);
    else if (stats.isFIFO() || stats.isCharacterDevice()) {
      this.streams.set(path, { kind: "stream", apiserver: "", path });
    } else if (stats.isFile()) await this.namedFile(path);
    else throw refusal(path, "it is neither a file nor a pipe");
  }

  private async namedFile(path: string): Promise<void> {
    const real = await realName(path);
    if (this.known.has(real)) return;
    const candidate = await this.inspect(path, () => null);
    if (candidate.isArchive) {
      this.known.add(real);
      await this.namedArchive(path);
      return;
    }
    if (candidate.refusal !== null) throw refusal(path, candidate.refusal);
    this.known.add(real);
    this.add(candidate);
  }

  private async namedArchive(path: string): Promise<void> {
    const { logs, others } = await this.archive(path);
    if (logs === 0) throw noLogIn(path, others);
  }

  /** Takes the logs in an archive, as if it were a directory; what is behind damage is a failure. */
  private async archive(path: string): Promise<Tally> {
    const tally = { logs: 0, others: 0 };
    const handle = await open(pathOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      for await (const found of walkArchive(path, handle, SNIFF_BYTES)) {
        this.note(tally, found.path, await this.foundMember(found));
      }
    } catch (error) {
      if (!isArchiveFault(error)) throw error;
      this.note(tally, path, await readError(tally.logs === 0 ? path : `the rest of ${path}`, error));
    } finally {
      await handle.close();
    }
    return tally;
  }

  private async directory(root: string): Promise<void> {
    const tally = { logs: 0, others: 0 };
    for await (const found of walkDirectory(root)) {
      this.note(tally, found.path, "reason" in found ? found.reason : await this.foundFile(found.path));
    }
    // Followed, it is awaited.
    if (tally.logs === 0 && !this.options.follow) throw noLogIn(root, tally.others);
  }

  private note(tally: Tally, path: string, outcome: Outcome): void {
    if (outcome === null) tally.logs += 1;
    else if (outcome instanceof KtrailError) {
      tally.logs += 1;
      this.failures.push({ path, error: outcome });
    } else {
      tally.others += 1;
      this.passedOver.push({ path, reason: outcome });
    }
  }

  private async foundFile(path: string): Promise<Outcome> {
    try {
      const real = await realName(path);
      if (this.known.has(real)) return null;
      const candidate = await this.inspect(path, this.options.sniff);
      if (candidate.isArchive) {
        this.known.add(real);
        const { logs } = await this.archive(path);
        return logs > 0 ? null : "an archive without audit logs";
      }
      const reason = this.reasonAgainst(candidate);
      if (reason !== null) return reason;
      this.known.add(real);
      this.add(candidate);
      return null;
    } catch (error) {
      return looksLikeLogName(basename(path)) ? readError(path, error) : reasonOf(path, error);
    }
  }

  private async foundMember(found: FoundMember): Promise<Outcome> {
    if ("reason" in found) {
      const { path, reason, isUnreadable } = found;
      return isUnreadable && looksLikeLogName(basename(path)) ? readError(path, new Error(reason)) : reason;
    }
    const candidate = this.candidate(found, this.options.sniff);
    const reason = this.reasonAgainst(candidate);
    if (reason === null) this.add(candidate);
    return reason;
  }

  private reasonAgainst({ file, name, refusal: reason }: Candidate): string | null {
    if (file.bytes > 0) return reason;
    const mayBeLive = this.options.follow && isLiveName(name) && looksLikeLogName(basename(file.path));
    return mayBeLive ? null : "it is empty";
  }

  private async inspect(path: string, sniff: ResolveOptions["sniff"]): Promise<Candidate> {
    if (++this.inspected % FILES_A_TURN === 0) await nextTurn();
    return this.candidate(await headOf(path), sniff, await this.realDirectory(dirname(path)));
  }

  private candidate(
    beginning: Beginning,
    sniff: ResolveOptions["sniff"],
    directory = dirname(beginning.path),
  ): Candidate {
    const { head, ...found } = beginning;
    const { path, bytes } = found;
    const name = parseRotatedName(basename(path));
    return {
      set: `${directory}\0${name.base}`,
      file: { ...found, firstUs: this.options.timeOf?.(head) ?? Number.NaN },
      name,
      beginning: new Uint8Array(head.subarray(0, HEAD_BYTES)),
      isArchive: archiveKindOf(head) !== null,
      refusal: bytes === 0 ? null : refusalOf(head, path, sniff),
    };
  }

  private async realDirectory(path: string): Promise<string> {
    const known = this.directories.get(path) ?? (await realName(path));
    this.directories.set(path, known);
    return known;
  }

  private add(candidate: Candidate): void {
    const members = this.sets.get(candidate.set);
    if (members === undefined) this.sets.set(candidate.set, [candidate]);
    else members.push(candidate);
  }

  private async fileInputs(): Promise<{ readonly files: FileInput[]; readonly untold: readonly string[] }> {
    const sets = [...this.sets.values()].map((members) => this.ordered(members).map(({ file }) => file));
    const byPath = distinguishingNames(sets.map((files) => files[0]?.path ?? ""));
    const { content } = this.options;
    const { names, untold } =
      content === undefined ? { names: byPath, untold: [] } : await toldServers(sets, byPath, content);
    const inputs = sets.map((files, index): FileInput => {
      const last = files.at(-1);
      const live = last !== undefined && last.compression === "none" ? last.path : null;
      return { kind: "files", apiserver: names[index] ?? "", files, live };
    });
    return { files: inputs, untold };
  }

  /** Oldest first; without the compressed copy of a file that is being compressed right now. */
  private ordered(members: readonly Candidate[]): readonly Candidate[] {
    const plain = new Map<string, Candidate>();
    for (const member of members) {
      if (member.file.compression === "none") plain.set(member.name.plainName, member);
    }
    const kept = members.filter((member) => {
      const original = plain.get(member.name.plainName);
      if (original === undefined || original === member || !startsAlike(original.beginning, member.beginning))
        return true;
      const reason = `it is the compressed copy of ${basename(original.file.path)}`;
      this.passedOver.push({ path: member.file.path, reason });
      return false;
    });
    return kept.sort((a, b) => compareRotated(a.name, b.name));
  }
}

function startsAlike(a: Uint8Array, b: Uint8Array): boolean {
  const common = Math.min(a.length, b.length);
  return Buffer.compare(a.subarray(0, common), b.subarray(0, common)) === 0;
}

function refusal(path: string, reason: string): KtrailError {
  return new KtrailError("KT201", `${printable(path)} is no audit log: ${reason}`);
}

/** Why these first bytes are no log's. */
function refusalOf(head: Uint8Array, path: string, sniff: ResolveOptions["sniff"]): string | null {
  const start = withoutLeadingNuls(head);
  // Padding may be longer than what is looked at.
  if (start.length === 0 && looksLikeLogName(basename(path))) return null;
  return binaryReason(head) ?? sniff(start, path);
}

function noLogIn(path: string, others: number): KtrailError {
  const what = others === 0 ? "it is empty" : `${others} other ${others === 1 ? "file was" : "files were"} passed over`;
  return new KtrailError("KT201", `there is no audit log in ${printable(path)}: ${what}`);
}

/**
 * The first decompressed bytes of a file, valid until the next call. At once, where it is not compressed: of ten thousand
 * files each trip through the thread pool is noticed.
 */
async function headOf(path: string): Promise<Beginning> {
  const { bytes, layer, head, mtimeMs: writtenMs } = peekFile(path, scratch);
  if (layer === null) return { path, bytes, compression: "none", writtenMs, head };
  const file = await openFile(path);
  try {
    return { path, bytes, compression: file.compression, writtenMs, head: await readHead(file, SNIFF_BYTES) };
  } finally {
    await file.handle.close();
  }
}

const scratch = Buffer.allocUnsafeSlow(SNIFF_BYTES);
