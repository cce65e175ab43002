/** IP addresses as 128-bit numbers; v4 ones are mapped (::ffff:a.b.c.d), so both families compare alike. */

const V4_PREFIX = 0xffff_0000_0000n;

/** null when `text` is no IP address. A zone (`fe80::1%eth0`) is ignored. */
export function parseAddress(text: string): bigint | null {
  if (text.length > 64) return null;
  const bare = text.split("%", 1)[0] ?? "";
  if (!bare.includes(":")) {
    const v4 = parseV4(bare);
    return v4 === null ? null : V4_PREFIX | BigInt(v4);
  }
  return parseV6(bare);
}

function parseV4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  return parts.some((part) => part > 255) ? null : parts.reduce((value, part) => value * 256 + part, 0);
}

function parseV6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

function groupsOf(text: string): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 ? parseV4(part) : null;
    if (v4 !== null) groups.push(Math.floor(v4 / 65_536), v4 % 65_536);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

export interface AddressBlock {
  readonly base: bigint;
  /** Bits of 128 that count. */
  readonly bits: number;
}

/** `10.2.0.0/16`, `2001:db8::/32`; null when it is no CIDR block. */
export function parseBlock(text: string): AddressBlock | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? null : parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address === null || !/^\d{1,3}$/.test(length)) return null;
  const isV4 = !text.slice(0, slash).includes(":");
  if (Number(length) > (isV4 ? 32 : 128)) return null;
  return { base: address, bits: Number(length) + (isV4 ? 96 : 0) };
}

export function inBlock(address: bigint, block: AddressBlock): boolean {
  const shift = BigInt(128 - block.bits);
  return address >> shift === block.base >> shift;
}
