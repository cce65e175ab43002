/** The command of an exec, as the URL has it: `command=sh&command=-c&command=…`. */
export function commandOf(uri: string): readonly string[] {
  const query = uri.indexOf("?");
  return query < 0 ? [] : new URLSearchParams(uri.slice(query + 1)).getAll("command");
}

interface Danger {
  readonly pattern: RegExp;
  readonly says: string;
}

/** What a command line is after; the worst first. Linear in the length of the line. */
const DANGERS: readonly Danger[] = [
  {
    pattern: /\/dev\/(?:tcp|udp)\/|\bnc(?:at)?\b[^|;&]{0,80}-e|\bmkfifo\b|\bsocat\b[^|;&]{0,80}exec|\bbash -i\b/i,
    says: "opens a shell to somewhere else",
  },
  { pattern: /\b(?:curl|wget)\b[^|]{0,200}\|\s{0,4}(?:ba|z|da)?sh\b/i, says: "runs a script from the network" },
  { pattern: /\/var\/run\/secrets\/|\/run\/secrets\/|serviceaccount\/token/i, says: "reads the pod's token" },
  {
    pattern: /169\.254\.169\.254|metadata\.google\.internal|fd00:ec2::254/i,
    says: "asks the cloud's metadata for credentials",
  },
  {
    pattern:
      /\/etc\/shadow|\/etc\/kubernetes|\/var\/lib\/kubelet|\/proc\/[^ /]{1,10}\/environ|\/\.ssh\b|\/\.aws\b|\/\.kube\b/i,
    says: "reads credentials",
  },
  { pattern: /\bnsenter\b|\bchroot\s{1,4}\/(?:host|mnt|node)/i, says: "leaves the container for its node" },
  { pattern: /\bxmrig\b|\bstratum\+tcp|\bminerd\b|\bkinsing\b/i, says: "mines" },
];

/** Characters of a command that are looked at. */
const LONGEST = 4_096;

export function dangerOf(command: readonly string[]): string | null {
  const line = command.join(" ").slice(0, LONGEST);
  return DANGERS.find(({ pattern }) => pattern.test(line))?.says ?? null;
}
