import type { FileHandle } from "node:fs/promises";
import { peek } from "../peek.ts";
import { unpack } from "../unpack.ts";
import { isOtherName } from "../walk-directory.ts";
import { ARCHIVE_BYTES, archiveKindOf } from "./kind.ts";
import { knownArchive, learnMember } from "./known-archives.ts";
import { isArchiveFault, type Member } from "./member.ts";
import { fileMembers, streamMembers } from "./members.ts";

/** A file found in an archive: what it begins with, or why it need not be looked at. */
export type FoundMember =
  | {
      /** Leads through the archive: `must-gather.tar.gz/audit_logs/audit.log`. */
      readonly path: string;
      readonly bytes: number;
      /** All packing, the outermost first: `gzip+tar+gzip`. */
      readonly compression: string;
      /** When the archive was last written, ms since the epoch. */
      readonly writtenMs: number;
      /** First decompressed bytes. */
      readonly head: Uint8Array;
    }
  | {
      readonly path: string;
      /** One clause. */
      readonly reason: string;
      /** It may be a log, and cannot be read. */
      readonly isUnreadable: boolean;
    };

/**
 * All files of an open archive, in its order, each once and as far as `headBytes`; archives in it included. Throws an
 * ArchiveFault where it is cut or damaged, after the members before that.
 */
export async function* walkArchive(
  path: string,
  handle: FileHandle,
  headBytes: number,
): AsyncGenerator<FoundMember, void, void> {
  const archive = await knownArchive(path, handle);
  const packing = [...archive.layers, archive.kind].join("+");
  const { mtimeMs: writtenMs } = await handle.stat();
  for await (const member of fileMembers(archive)) {
    learnMember(archive, member);
    yield* look(`${path}/${member.name}`, member, { packing, writtenMs, headBytes, depth: 1 });
  }
}

/** What a member lies in. */
interface Around {
  /** All packing outside of it. */
  readonly packing: string;
  readonly writtenMs: number;
  readonly headBytes: number;
  readonly depth: number;
}

async function* look(
  path: string,
  member: Member,
  { packing, writtenMs, headBytes, depth }: Around,
): AsyncGenerator<FoundMember, void, void> {
  const passedOver = (reason: string): FoundMember => ({ path, reason, isUnreadable: false });
  if (isOtherName(member.name)) {
    yield passedOver("not a log by its name");
    return;
  }
  if (member.bytes === 0) {
    yield passedOver("it is empty");
    return;
  }
  try {
    const { layers, stream } = await unpack(member.chunks(), { onFault: () => {} });
    const peeked = await peek(stream, Math.max(headBytes, ARCHIVE_BYTES));
    const kind = archiveKindOf(peeked.head);
    const compression = [packing, ...layers].join("+");
    try {
      if (kind === null) {
        yield { path, bytes: member.bytes, compression, writtenMs, head: peeked.head };
        return;
      }
      for await (const inner of streamMembers(peeked.stream, depth)) {
        const within = { packing: `${compression}+${kind}`, writtenMs, headBytes, depth: depth + 1 };
        yield* look(`${path}/${inner.name}`, inner, within);
      }
    } finally {
      await peeked.stream.return();
    }
  } catch (error) {
    // What is wrong with the archive around it shows at the next member.
    if (!isArchiveFault(error)) throw error;
    yield { path, reason: error.message, isUnreadable: true };
  }
}
