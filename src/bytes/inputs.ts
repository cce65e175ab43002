import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { KtrailError } from "../errors.ts";
import { apiserverOf, distinguishingNames } from "./apiserver-name.ts";
import { binaryReason } from "./compression.ts";
import type { FileInput, InputFile, PassedOver, ResolvedInput, ResolvedInputs } from "./contract.ts";
import { openFile, readHead } from "./generation.ts";
import { printable, readError, reasonOf } from "./read-error.ts";
import { compareRotated, isLiveName, parseRotatedName, type RotatedName } from "./rotated-set.ts";
import { looksLikeLogName, walkDirectory } from "./walk-directory.ts";

export interface ResolveOptions {
  /** A file that does not exist yet is awaited, and an empty one kept. */
  readonly follow: boolean;
  /**
   * For files found in a directory: why these first decompressed bytes (up to 64 KiB, leading NULs removed) are no audit
   * log, as one clause; null when they may be one.
   */
  readonly sniff: (head: Uint8Array, path: string) => string | null;
}

const SNIFF_BYTES = 64 * 1024;

interface Candidate {
  /** Directory with symbolic links resolved, and the name: what one server's files share. */
  readonly set: string;
  readonly file: InputFile;
  readonly name: RotatedName;
  readonly head: Uint8Array;
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
    const inputs = [...this.streams.values(), ...this.fileInputs(), ...this.awaited];
    return { inputs, passedOver: this.passedOver, failures: this.failures };
  }

  private async argument(path: string): Promise<void> {
    if (path === "-") {
      this.streams.set("-", { kind: "stream", apiserver: "", path });
      return;
    }
    const stats = await stat(path).catch((error: unknown) => {
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
    const real = await realpath(path);
    if (this.known.has(real)) return;
    const candidate = await inspect(path);
    const reason = binaryReason(candidate.head);
    if (reason !== null) throw refusal(path, reason);
    this.known.add(real);
    this.add(candidate);
  }

  private async directory(root: string): Promise<void> {
    let logs = 0;
    let others = 0;
    for await (const found of walkDirectory(root)) {
      const reason = "reason" in found ? found.reason : await this.foundFile(found.path);
      if (reason === null) logs += 1;
      else if (reason instanceof KtrailError) {
        logs += 1;
        this.failures.push({ path: found.path, error: reason });
      } else {
        others += 1;
        this.passedOver.push({ path: found.path, reason });
      }
    }
    if (logs > 0) return;
    const what =
      others === 0 ? "it is empty" : `${others} other ${others === 1 ? "file was" : "files were"} passed over`;
    throw new KtrailError("KT201", `there is no audit log in ${printable(root)}: ${what}`);
  }

  /** Null when taken (or taken already); otherwise why it is passed over, or cannot be read although it looks like a log. */
  private async foundFile(path: string): Promise<string | KtrailError | null> {
    try {
      const real = await realpath(path);
      if (this.known.has(real)) return null;
      const candidate = await inspect(path);
      const reason = this.reasonAgainst(candidate);
      if (reason !== null) return reason;
      this.known.add(real);
      this.add(candidate);
      return null;
    } catch (error) {
      return looksLikeLogName(basename(path)) ? readError(path, error) : reasonOf(path, error);
    }
  }

  private reasonAgainst({ file, head, name }: Candidate): string | null {
    if (file.bytes === 0) {
      const mayBeLive = this.options.follow && isLiveName(name) && looksLikeLogName(basename(file.path));
      return mayBeLive ? null : "it is empty";
    }
    return binaryReason(head) ?? this.options.sniff(withoutLeadingNuls(head), file.path);
  }

  private add(candidate: Candidate): void {
    const members = this.sets.get(candidate.set);
    if (members === undefined) this.sets.set(candidate.set, [candidate]);
    else members.push(candidate);
  }

  private fileInputs(): FileInput[] {
    const sets = [...this.sets.values()].map((members) => this.ordered(members));
    const names = distinguishingNames(sets.map((members) => members[0]?.file.path ?? ""));
    return sets.map((members, index) => {
      const files = members.map(({ file }) => file);
      const last = files.at(-1);
      const live = last !== undefined && last.compression === "none" ? last.path : null;
      return { kind: "files", apiserver: names[index] ?? "", files, live };
    });
  }

  /** Oldest first; without the compressed copy of a file that is being compressed right now. */
  private ordered(members: readonly Candidate[]): readonly Candidate[] {
    const plain = new Map<string, Candidate>();
    for (const member of members) {
      if (member.file.compression === "none") plain.set(member.name.plainName, member);
    }
    const kept = members.filter((member) => {
      const original = plain.get(member.name.plainName);
      if (original === undefined || original === member || !startsAlike(original.head, member.head)) return true;
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

async function inspect(path: string): Promise<Candidate> {
  const { handle, compression, bytes } = await openFile(path);
  try {
    const head = await readHead(handle, compression, SNIFF_BYTES);
    const name = parseRotatedName(basename(path));
    const set = `${await realpath(dirname(path))}\0${name.base}`;
    return { set, file: { path, bytes, compression }, name, head };
  } finally {
    await handle.close();
  }
}

function withoutLeadingNuls(head: Uint8Array): Uint8Array {
  const start = head.findIndex((byte) => byte !== 0);
  return start < 0 ? head.subarray(head.length) : head.subarray(start);
}
