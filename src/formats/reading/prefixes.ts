import { formats } from "../registry.ts";
import { BARE, type Around } from "./contract.ts";

/** What is put in front of a line, by format; the first that matches says what it is. */
const PREFIXES = formats.flatMap(({ id, prefixes = [] }) => prefixes.map(({ pattern }) => ({ id, pattern })));

/** Beginnings of lines that programs write beside the audit log: klog, syslog, a journal, tail, anything with a time. */
const LOG_LINES: readonly RegExp[] = [
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d/,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/,
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d/,
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /,
  /^<\d{1,3}>1 \d{4}-/,
  /^-- (?:Logs begin|Journal begins|Boot|Reboot|No entries|cursor)/,
  /^==> .+ <==$/,
];

export function looksLikeLogLine(text: string): boolean {
  return LOG_LINES.some((pattern) => pattern.test(text));
}

/** More distinct hosts than any control plane has: what comes after them is no host. */
const MAX_HOSTS = 256;

/** Reads the prefixes of one input. Those of one source look alike: the last one's places are tried first. */
export class Prefixes {
  readonly #hosts = new Set<string>();
  /** Hosts that are a whole prefix, by that prefix: the nodes of `oc adm node-logs` take turns. */
  readonly #byPrefix = new Map<string, Around>();
  readonly #byName = new Map<string, Around>();
  #last: Around = BARE;
  #hostBytes: Buffer = Buffer.alloc(0);
  #hostAt = 0;
  #length = -1;
  #timeLength = -1;
  #time: Around = BARE;

  /** What the prefix in bytes[start, end) tells. */
  around(bytes: Buffer, start: number, end: number): Around {
    const isTime = isBareTime(bytes, start, end);
    if (isTime && end - start === this.#timeLength) return this.#time;
    if (end - start === this.#length && this.#isSameHost(bytes, start)) return this.#last;
    const text = bytes.toString("latin1", start, end);
    const known = this.#byPrefix.get(text);
    if (known !== undefined) return known;
    const around = this.#match(text);
    if (isTime) {
      this.#timeLength = end - start;
      this.#time = around;
    }
    return around;
  }

  #match(text: string): Around {
    for (const { id, pattern } of PREFIXES) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const host = match[1] ?? "";
      // RFC 5424 writes "-" for no host.
      if (host === "" || host === "-" || !this.#isKept(host)) return this.#named(id, "");
      const around = this.#named(id, host);
      if (text.trimEnd() === host) {
        if (this.#byPrefix.size < MAX_HOSTS) this.#byPrefix.set(text, around);
      } else {
        this.#length = text.length;
        this.#last = around;
        this.#hostAt = text.lastIndexOf(host);
        this.#hostBytes = Buffer.from(host, "latin1");
      }
      return around;
    }
    return this.#named("prefixed", "");
  }

  #named(format: string, apiserver: string): Around {
    const key = `${format} ${apiserver}`;
    let around = this.#byName.get(key);
    if (around === undefined) this.#byName.set(key, (around = { ...BARE, format, apiserver }));
    return around;
  }

  #isSameHost(bytes: Buffer, start: number): boolean {
    const at = start + this.#hostAt;
    const host = this.#hostBytes;
    for (let i = 0; i < host.length; i += 1) if (bytes[at + i] !== host[i]) return false;
    const before = bytes[at - 1] as number;
    const after = bytes[at + host.length] as number;
    return (this.#hostAt === 0 || !isNameByte(before)) && !isNameByte(after);
  }

  #isKept(host: string): boolean {
    if (this.#hosts.size === MAX_HOSTS) return this.#hosts.has(host);
    this.#hosts.add(host);
    return true;
  }
}

function isNameByte(byte: number): boolean {
  return byte > 0x20 && byte !== 0x2f && byte !== 0x5b && byte !== 0x5d && byte !== 0x3a;
}

/** One word with a colon in it, not at its end: a time stamp, no host. Spares most prefixes the patterns. */
function isBareTime(bytes: Buffer, start: number, end: number): boolean {
  let hasColon = false;
  for (let i = start; i < end - 1; i += 1) {
    const c = bytes[i] as number;
    if (c <= 0x20) return false;
    if (c === 0x3a && i < end - 2) hasColon = true;
  }
  return hasColon;
}
