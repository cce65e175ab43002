import { basename, dirname, join } from "node:path";
import { namesIn } from "../files/file-names.ts";

/** What a file's name says about its place in a rotated set. */
export interface RotatedName {
  /** Name of the file being written, without compression suffix: what the members of a set share. */
  readonly base: string;
  /** Sorts the set oldest first. */
  readonly order: readonly [rank: number, within: number, text: string];
  /** The name without compression suffix. */
  readonly plainName: string;
}

const PACKED = /\.(?:gz|zst|zstd|bz2|xz|lz4)$/;
/** `audit-2019-04-08T13-09-01.227.log`: what the API server's own rotation (lumberjack) makes. */
const LUMBERJACK = /^(.+)-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2}\.\d{3})(\.[^.]*)?$/;
/** logrotate's dateext: `audit.log-20240101`, `audit-20240101.log`, with hours or seconds behind. */
const DATED = /^(.+)-(\d{8}(?:-?\d{2,10})?)(\.[a-z]+)?$/;
/** The kubelet's container logs: `0.log.20240101-120000`. */
const KUBELET = /^(.+)\.(\d{8}-\d{6})$/;
/** logrotate: `audit.log.1`, higher is older. */
const NUMBERED = /^(.+\.[a-z]+)\.(\d{1,4})$/;

const [DATED_RANK, NUMBERED_RANK, LIVE_RANK] = [0, 1, 2];

export function parseRotatedName(name: string): RotatedName {
  const plainName = name.replace(PACKED, "");
  const lumberjack = LUMBERJACK.exec(plainName);
  if (lumberjack !== null) {
    const [, stem, day, hour, minute, second, extension = ""] = lumberjack;
    return { base: `${stem}${extension}`, order: [DATED_RANK, 0, `${day}T${hour}${minute}${second}`], plainName };
  }
  const dated = DATED.exec(plainName) ?? KUBELET.exec(plainName);
  if (dated !== null) {
    const [, stem, stamp = "", extension = ""] = dated;
    return { base: `${stem}${extension}`, order: [DATED_RANK, 0, stamp], plainName };
  }
  const numbered = NUMBERED.exec(plainName);
  if (numbered !== null) {
    const [, base = plainName, number] = numbered;
    return { base, order: [NUMBERED_RANK, -Number(number), ""], plainName };
  }
  return { base: plainName, order: [LIVE_RANK, 0, ""], plainName };
}

export function isLiveName(name: RotatedName): boolean {
  return name.order[0] === LIVE_RANK;
}

/** Oldest first. */
export function compareRotated(a: RotatedName, b: RotatedName): number {
  if (a.order[0] !== b.order[0]) return a.order[0] - b.order[0];
  if (a.order[1] !== b.order[1]) return a.order[1] - b.order[1];
  if (a.order[2] !== b.order[2]) return a.order[2] < b.order[2] ? -1 : 1;
  return 0;
}

export interface SetMember {
  readonly path: string;
  readonly name: RotatedName;
}

/**
 * The rotated set a file belongs to, from its directory: members oldest first, the live file last. A compressed file
 * whose plain one is still there is left out: it is being made right now. Throws what node:fs throws.
 */
export async function listRotatedSet(path: string): Promise<readonly SetMember[]> {
  const directory = dirname(path);
  const { base } = parseRotatedName(basename(path));
  const members = new Map<string, SetMember>();
  for (const entry of await namesIn(directory)) {
    const name = parseRotatedName(entry);
    if (name.base !== base) continue;
    const known = members.get(name.plainName);
    if (known === undefined || entry === name.plainName)
      members.set(name.plainName, { path: join(directory, entry), name });
  }
  return [...members.values()].sort((a, b) => compareRotated(a.name, b.name));
}
