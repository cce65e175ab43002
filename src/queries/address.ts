import ipaddr from "ipaddr.js";

/** Each family is for itself, as in all of networking: an IPv4 address that is mapped into IPv6 is an IPv6 address. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** null when `text` is no IP address in full. A zone (`fe80::1%eth0`) is ignored. */
export function parseAddress(text: string): Address | null {
  if (text.length > 64) return null;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  const bare = text.split("%", 1)[0] ?? "";
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : null;
}

/** The same for all spellings of an address; null when it is none. */
export function addressKey(text: string): string | null {
  return parseAddress(text)?.toNormalizedString() ?? null;
}

export interface AddressBlock {
  readonly base: Address;
  /** Bits that count. */
  readonly bits: number;
}

/** `10.2.0.0/16`, `2001:db8::/32`; null when it is no CIDR block. */
export function parseBlock(text: string): AddressBlock | null {
  const slash = text.indexOf("/");
  const base = slash < 0 ? null : parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (base === null || !/^\d{1,3}$/.test(length)) return null;
  const bits = Number(length);
  return bits <= (base.kind() === "ipv4" ? 32 : 128) ? { base, bits } : null;
}

export function inBlock(address: Address, { base, bits }: AddressBlock): boolean {
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits);
  return base instanceof ipaddr.IPv6 && address.match(base, bits);
}
