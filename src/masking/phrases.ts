import { isBenign, startsSentence } from "./values.ts";

/** Ways to tell a secret in words or by position instead of by a key and a sign. One row each, with texts that do. */
export interface Phrase {
  /** Without one of these (in small letters) there is no such phrase. */
  readonly hint: RegExp;
  /** Groups: what stays in front, a quote or nothing, the secret. */
  readonly pattern: RegExp;
  readonly isSecret: (value: string, quote: string, head: string) => boolean;
  /** With `hunter2x` as the secret. */
  readonly samples: readonly string[];
}

export const PHRASES: readonly Phrase[] = [
  {
    hint: /pass|pwd|secret|token|pin|key/,
    pattern:
      /(?<![\w.-])((?:pass(?:word|wd|phrase|code)|pwd|secret|token|pin|api[ -]key|access[ -]key)(?:\sfor\s(?:the\s)?(?:user(?:name)?\s)?\S{1,80})?(?:\s(?:is|was|set to|changed to|of|=|:)|\s{1,16}-{1,8}>?)\s{1,8})(["'`]?)([^\s"'`]{3,200})/gi,
    isSecret: (value, quote) => quote !== "" || !isWord(value),
    samples: [
      "the password is hunter2x",
      "The password for user 'bob' is 'hunter2x'.",
      "Ldap password   ---- hunter2x",
    ],
  },
  {
    hint: /identified|password|passphrase/,
    pattern:
      /((?:identified\s{1,3}by(?:\s{1,3}values)?|(?:encrypted\s{1,3})?password|passphrase)\s{1,3}(?:for\s{1,3}\S{1,80}\s{0,3}=\s{0,3})?)(["'])([^"']{1,512})(?=["'])/gi,
    isSecret: (value) => !isBenign(value),
    samples: [
      "ALTER USER app IDENTIFIED BY 'hunter2x'",
      "CREATE ROLE app PASSWORD 'hunter2x'",
      "SET PASSWORD FOR a = 'hunter2x'",
    ],
  },
  {
    hint: /login|user/,
    pattern: /(?<![\w.-])((?:login|user)\s{1,4}\S{1,128}\s{1,4}(?:password|passwd)\s{1,4})()(\S{1,512})/g,
    isSecret: (value) => !isBenign(value),
    samples: ["machine github.com login bob password hunter2x"],
  },
  {
    hint: /requirepass|masterauth|bindpw|rootpw|community|enable/,
    pattern:
      /(?<![^\n])([ \t]{0,20}(?:requirepass|masterauth|bindpw|rootpw|snmp-server community|enable (?:secret|password))\s{1,4}(?:\d\s)?)(["']?)([^\s"']{1,512})/g,
    isSecret: (value) => !isBenign(value),
    samples: ["maxmemory 1gb\nrequirepass hunter2x", "enable secret 5 hunter2x"],
  },
  {
    hint: /bearer|basic|token|apikey|negotiate|ntlm|digest/,
    pattern: /(?<![\w-])((?:Bearer|Basic|Token|ApiKey|Negotiate|NTLM|Digest)\s{1,4})()([\w.~+/=-]{6,})/gi,
    isSecret: (value, _quote, head) => isCredential(head.trimEnd(), value),
    samples: ["sent Bearer hunter2x", "sent Basic aHVudGVyMng="],
  },
];

function isWord(value: string): boolean {
  return isBenign(value) || startsSentence(value) || /^[a-z]+[.,;:]?$/.test(value);
}

/** `Bearer abc…`, not “bearer token” or “basic authentication”. */
function isCredential(scheme: string, value: string): boolean {
  if (isBenign(value)) return false;
  if (/^basic$/i.test(scheme)) return /[\d=A-Z+/]/.test(value.slice(1));
  return value.length >= 8 && /\d|[A-Z].*[a-z].*[A-Z]|[._~+/=-]\w/.test(value);
}
