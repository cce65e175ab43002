import { mixed, type TokenPattern } from "./contract.ts";

/** Of any issuer: signed tokens, private keys, hashes of passwords. */
export const ANYBODY: readonly TokenPattern[] = [
  // Any issuer: OpenID providers, service accounts, Cloud logins. Two dots tell it from other base64.
  {
    id: "jwt",
    starts: ["ey"],
    pattern: /(?<![\w-])ey[JK][\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){1,3}/,
    samples: [
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl",
      "x eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
    ],
  },
  {
    id: "private-key",
    starts: ["--"],
    keep: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/,
    pattern: /(?:(?!-----END)[\s\S])*(?:-----END[A-Z0-9 ]{0,60}-----)?/,
    samples: [
      `-----BEGIN RSA PRIVATE KEY-----\nMIIE${mixed(40)}\n-----END RSA PRIVATE KEY-----`,
      "-----BEGIN PRIVATE KEY-----MC4C",
    ],
  },
  {
    id: "private-key-in-base64",
    starts: ["LS"],
    pattern:
      /LS0tLS1CRUdJTi(?:BSU0Eg|BFQyBQ|BQUklW|BPUEVO|BFTkNS|BEU0Eg|BQR1Ag|B[A-Za-z0-9+/]{0,24}UFJJVk)[\w+/]*={0,2}/,
    samples: [`LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo${mixed(20)}`],
  },
  {
    id: "putty-key",
    starts: ["Pu"],
    pattern: /PuTTY-User-Key-File-\d[\s\S]*/,
    samples: ["PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAA"],
  },
  {
    id: "age",
    starts: ["AG"],
    pattern: /AGE-SECRET-KEY-1[A-Z0-9]{20,}/,
    samples: [`AGE-SECRET-KEY-1${"QPZRY9X8GF2TVDW0S3JN".repeat(3)}`],
  },
  {
    id: "age-plugin",
    starts: ["AG"],
    pattern: /AGE-PLUGIN-[A-Z0-9]{1,20}-1[A-Z0-9]{20,}/,
    samples: [`AGE-PLUGIN-YUBIKEY-1${"QPZRY9X8GF2TVDW0S3JN".repeat(2)}`],
  },
  // Hashes of passwords: guessed offline.
  {
    id: "password-hash",
    starts: [
      "$a",
      "$1",
      "$5",
      "$6",
      "$8",
      "$9",
      "$y",
      "$2",
      "$g",
      "$s",
      "$p",
      "{S",
      "{M",
      "{C",
      "{P",
      "pb",
      "SC",
      "sc",
    ],
    pattern:
      /(?:\$(?:apr1|[15689y]|2[abxy]|gy|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,12}|sha512)\$|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|PBKDF2[\w-]{0,12})\}|pbkdf2[_:]sha\d+[$:]|SCRAM-SHA-256\$|scrypt:\d+:)[^\s"',;<>]{12,}/,
    samples: ["bob:$apr1$q7RkX2mV$b9ZtL4cWn8YpD3sHf6GjK1", `$2y$10$${mixed(53)}`, `{SSHA}${mixed(32)}`],
  },
];
