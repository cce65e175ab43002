import { binaryReason, withoutLeadingNuls } from "../binary-reason.ts";
import { peek } from "../peek.ts";
import { printable } from "../read-error.ts";
import { unpack } from "../unpack.ts";
import { isOtherName } from "../walk-directory.ts";
import { ARCHIVE_BYTES, archiveKindOf, type ArchiveKind } from "./kind.ts";
import { streamMembers } from "./members.ts";

const NEWLINE = Buffer.from("\n");
const SNIFF_BYTES = 64 * 1024;

/** Why these first bytes of a file (leading NULs removed) are no log, as one clause; null when they may be one. */
export type Sniff = (head: Uint8Array) => string | null;

export interface ConcatenateOptions {
  readonly sniff: Sniff;
  /** Called before the first chunk. */
  readonly onArchive: (kind: ArchiveKind) => void;
  readonly onFault: (sentence: string) => void;
}

/**
 * A stream as it is, or of an archive that is piped the logs in it, one behind the other. Throws an ArchiveFault where the
 * archive is cut or damaged.
 */
export async function* concatenated(
  stream: AsyncGenerator<Uint8Array, void, void>,
  options: ConcatenateOptions,
): AsyncGenerator<Uint8Array, void, void> {
  // Text shows at once: only an archive has NULs in its first bytes, or the letters of a zip.
  const peeked = await peek(stream, ARCHIVE_BYTES, (head) => !head.includes(0) && head[0] !== 0x50);
  const kind = archiveKindOf(peeked.head);
  if (kind === null) {
    yield* peeked.stream;
    return;
  }
  options.onArchive(kind);
  yield* logs(peeked.stream, 0, options);
}

async function* logs(
  archive: AsyncGenerator<Uint8Array, void, void>,
  depth: number,
  options: ConcatenateOptions,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const member of streamMembers(archive, depth)) {
    if (isOtherName(member.name)) continue;
    const { stream } = await unpack(member.chunks(), {
      onFault: (sentence) => options.onFault(`${printable(member.name)}: ${sentence}`),
    });
    const peeked = await peek(stream, SNIFF_BYTES);
    const head = peeked.head.subarray(0, SNIFF_BYTES);
    if (archiveKindOf(head) !== null) yield* logs(peeked.stream, depth + 1, options);
    else if ((binaryReason(head) ?? options.sniff(withoutLeadingNuls(head))) === null) {
      yield* peeked.stream;
      yield NEWLINE;
    } else await peeked.stream.return();
  }
}
