import { readSmallFile } from "../../files/small-file.ts";
import { KtrailError } from "../../errors.ts";
import { counted } from "../../models/numbers.ts";
import { parseAddress, parseBlock } from "../../queries/address.ts";
import { note } from "../notes.ts";

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Addresses and CIDR blocks of a list as feeds publish them: one a line, what comes after a space, `;` or `#` is a remark. Lines
 * that are none are counted and noted. Throws KT200 when the file cannot be read.
 */
export function readBadAddresses(file: string): readonly string[] {
  const found = readSmallFile(file, MOST_BYTES);
  if (found.kind !== "text")
    throw new KtrailError("KT200", `${file} ${found.kind === "missing" ? "does not exist" : found.reason}`);
  const words = found.text.split("\n").flatMap((line) => /^\s*([^\s#;,]+)/.exec(line)?.[1] ?? []);
  const good = words.filter((word) => parseAddress(word) !== null || parseBlock(word) !== null);
  if (good.length < words.length)
    note(`${file}: ${counted(words.length - good.length, "line")} with neither an address nor a CIDR block`);
  return [...new Set(good)];
}
