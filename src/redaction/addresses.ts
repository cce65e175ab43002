import ipaddr from "ipaddr.js";
import { type Address, inBlock, parseAddress, parseBlock } from "../queries/address.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/**
 * Pseudonyms of IP addresses: one for each, addresses that share a network share one still, and private, loopback,
 * link-local and public ones stay what they are.
 */

/** What everybody has tells of nobody. */
const EVERYBODYS = new Set([
  "0.0.0.0",
  "127.0.0.1",
  "255.255.255.255",
  "169.254.169.254",
  "::",
  "::1",
  "fd00:ec2::254",
]);

/** Networks of a meaning of their own, with how many bits make it. */
const NETWORKS = [
  "10.0.0.0/8",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "100.64.0.0/10",
  "0.0.0.0/8",
  "224.0.0.0/3",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
].flatMap((network) => parseBlock(network) ?? []);

const MOST_WALKS = 64;

/** The text itself where it is no address. */
export function pseudonymOfAddress(text: string, pseudonyms: Pseudonyms): string {
  const given = parseAddress(text);
  if (given === null) return text;
  if (given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress())
    return `::ffff:${pseudonymOfAddress(given.toIPv4Address().toString(), pseudonyms)}`;
  if (EVERYBODYS.has(given.toString())) return text;
  const kept = keptBits(given);
  let bytes = given.toByteArray();
  for (let walk = 0; walk < MOST_WALKS; walk += 1) {
    bytes = shuffled(bytes, kept, pseudonyms);
    const found = ipaddr.fromByteArray(bytes);
    if (keptBits(found) === kept && !EVERYBODYS.has(found.toString())) return found.toString();
  }
  return ipaddr.fromByteArray(bytes).toString();
}

function keptBits(address: Address): number {
  return NETWORKS.find((network) => inBlock(address, network))?.bits ?? 0;
}

/** Each bit is turned or not by the bits before it: a permutation that keeps common beginnings. */
function shuffled(bytes: readonly number[], kept: number, pseudonyms: Pseudonyms): number[] {
  const result = [...bytes];
  for (let bit = kept; bit < bytes.length * 8; bit += 1) {
    const before = bytes.map((byte, at) => {
      const own = Math.max(0, Math.min(8, bit - at * 8));
      return byte & (0xff << (8 - own)) & 0xff;
    });
    const turn = (pseudonyms.bits(`address ${bit} ${before.join(".")}`)[0] ?? 0) & 1;
    const at = bit >> 3;
    result[at] = (result[at] ?? 0) ^ (turn << (7 - (bit & 7)));
  }
  return result;
}
