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
  #host: string | undefined;
  #hostBytes: Buffer = Buffer.alloc(0);
  #hostAt = 0;
  #length = -1;

  /** The host named in bytes[start, end), if any. */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start === this.#length && this.#host !== undefined && this.#isSameHost(bytes, start)) return this.#host;
    const text = bytes.toString("latin1", start, end);
    this.#length = end - start;
    this.#host = undefined;
    for (const pattern of HOST_PREFIXES) {
      const host = pattern.exec(text)?.[1];
      if (host === undefined) continue;
      if (host === "-") return undefined;
      this.#host = this.#intern(host);
      this.#hostAt = text.lastIndexOf(` ${host} `) + 1;
      this.#hostBytes = Buffer.from(host, "latin1");
      break;
    }
    return this.#host;
  }

  #isSameHost(bytes: Buffer, start: number): boolean {
    const at = start + this.#hostAt;
    const host = this.#hostBytes;
    for (let i = 0; i < host.length; i += 1) if (bytes[at + i] !== host[i]) return false;
    return true;
  }

  #intern(host: string): string | undefined {
    if (this.#hosts.has(host)) return host;
    if (this.#hosts.size === MAX_HOSTS) return undefined;
    this.#hosts.add(host);
    return host;
  }
}
