/** A file in an archive, as its bytes are stored there. */
export interface Member {
  /** Without anything that leads out of the archive, unlike any other's. */
  readonly name: string;
  /** Position among the archive's members, from 0. */
  readonly ordinal: number;
  /** Size of what is stored under the name. */
  readonly bytes: number;
  /** Where its bytes lie in the archive, where they lie in one piece as they are; otherwise null. */
  readonly offset: number | null;
  /** To be pulled before the next member is asked for; what is left of it then is skipped. */
  readonly chunks: () => AsyncGenerator<Uint8Array, void, void>;
}

const NAME = "ArchiveFault";

/** A damaged archive: one clause. Members before the damage were given. */
export class ArchiveFault extends Error {
  override readonly name = NAME;
}

/** By name: what reads archives is a bundle of its own, with a class of its own. */
export function isArchiveFault(error: unknown): error is ArchiveFault {
  return error instanceof Error && error.name === NAME;
}

/** More members than any cluster's logs have. */
const MAX_MEMBERS = 200_000;

/** Names as they may stand in a path: strangers choose them. */
export class MemberNames {
  private readonly counts = new Map<string, number>();

  /** Throws an ArchiveFault when there are too many. */
  next(raw: string): string {
    if (this.counts.size >= MAX_MEMBERS) throw new ArchiveFault(`it holds more than ${MAX_MEMBERS} files`);
    const parts = raw.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
    const name = parts.map((part) => (part === ".." ? "__" : part)).join("/") || "unnamed";
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  }
}
