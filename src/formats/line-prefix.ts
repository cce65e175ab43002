/** What log shippers put in front of a line, and the host they name in it. */

/** Each matches a whole prefix; the group is the host. */
const HOST_PREFIXES: readonly RegExp[] = [
  // `oc adm node-logs --role=master`: the node's name alone. No time stamp, no bare number.
  /^(?!\d{8}T)(?=[\d.-]*[A-Za-z])([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)\s+$/,
  // syslog RFC 3164 and `journalctl -o short`: `Nov 20 14:02:11 cp1 kube-apiserver[812]: `
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? (\S+) [^\s:]+: $/,
  // syslog RFC 5424: `<134>1 2026-11-20T14:02:11Z cp1 kube-apiserver 812 - - `
  /^<\d{1,3}>1 \S+ (\S+) .*$/,
  // `journalctl -o short-iso`: `2026-11-20T14:02:11+0000 cp1 kube-apiserver[812]: `
  /^\d{4}-\d\d-\d\dT\S+ (\S+) [^\s:]+: $/,
  // `aws logs tail`: time and log stream
  /^\d{4}-\d\d-\d\dT\S+ (kube-apiserver-audit-\S+) $/,
];

/** Beginnings of lines that programs write beside the audit log: klog, syslog, a journal, anything with a time. */
const LOG_LINES: readonly RegExp[] = [
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d/,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/,
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d/,
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /,
  /^<\d{1,3}>1 \d{4}-/,
];

export function looksLikeLogLine(text: string): boolean {
  return LOG_LINES.some((pattern) => pattern.test(text));
}

/** More distinct hosts than any control plane has: what comes after them is no host. */
const MAX_HOSTS = 256;

/** Finds the host in the prefixes of one input. Prefixes of one source look alike: the last place is tried first. */
export class PrefixHosts {
  readonly #hosts = new Set<string>();
  /** Hosts that are a whole prefix, by that prefix: the nodes of `oc adm node-logs` take turns. */
  readonly #byPrefix = new Map<string, string>();
  #host: string | undefined;
  #hostBytes: Buffer = Buffer.alloc(0);
  #hostAt = 0;
  #length = -1;

  /** The host named in bytes[start, end), if any. */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    if (isBareTime(bytes, start, end)) return undefined;
    if (end - start === this.#length && this.#isSameHost(bytes, start)) return this.#host;
    const text = bytes.toString("latin1", start, end);
    const known = this.#byPrefix.get(text);
    if (known !== undefined) return known;
    for (const pattern of HOST_PREFIXES) {
      const host = pattern.exec(text)?.[1];
      if (host === undefined) continue;
      // RFC 5424 writes "-" for no host.
      if (host === "-" || !this.#isKept(host)) return undefined;
      if (text.trimEnd() === host) {
        if (this.#byPrefix.size < MAX_HOSTS) this.#byPrefix.set(text, host);
      } else {
        this.#length = text.length;
        this.#host = host;
        this.#hostAt = text.lastIndexOf(` ${host} `);
        this.#hostBytes = Buffer.from(` ${host} `, "latin1");
      }
      return host;
    }
    return undefined;
  }

  #isSameHost(bytes: Buffer, start: number): boolean {
    const at = start + this.#hostAt;
    const host = this.#hostBytes;
    for (let i = 0; i < host.length; i += 1) if (bytes[at + i] !== host[i]) return false;
    return true;
  }

  #isKept(host: string): boolean {
    if (this.#hosts.size === MAX_HOSTS) return this.#hosts.has(host);
    this.#hosts.add(host);
    return true;
  }
}

/** One word with a colon in it: a time stamp, no host. Spares most prefixes the patterns. */
function isBareTime(bytes: Buffer, start: number, end: number): boolean {
  let hasColon = false;
  for (let i = start; i < end - 1; i += 1) {
    const c = bytes[i] as number;
    if (c <= 0x20) return false;
    if (c === 0x3a) hasColon = true;
  }
  return hasColon;
}
