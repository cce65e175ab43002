/** Whom a certificate is to name, out of a PKCS #10 request in PEM in base64, as a CertificateSigningRequest has it. */
export interface CertificateNames {
  /** Common name: the user. */
  readonly user: string;
  /** Organizations: the groups. */
  readonly groups: readonly string[];
}

/** Attribute types 2.5.4.3 and 2.5.4.10, as DER writes them. */
const COMMON_NAME = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]);
const ORGANIZATION = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a]);
/** Nobody's request is longer. */
const LONGEST = 64 * 1024;

/** Null where it names nobody. Extensions of a request hold no such attributes, so it is enough to look for them. */
export function certificateNames(request: string): CertificateNames | null {
  if (request.length > LONGEST) return null;
  const pem = Buffer.from(request, "base64").toString("latin1");
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]*)-----END/.exec(pem)?.[1];
  if (body === undefined) return null;
  const der = Buffer.from(body, "base64");
  const [user] = valuesOf(der, COMMON_NAME);
  return user === undefined ? null : { user, groups: valuesOf(der, ORGANIZATION) };
}

function valuesOf(der: Buffer, type: Buffer): readonly string[] {
  const values: string[] = [];
  for (let at = der.indexOf(type); at >= 0; at = der.indexOf(type, at + 1)) {
    const length = der[at + type.length + 1] ?? 0;
    // A short string of any kind; longer ones are no names.
    if (length > 0x7f) continue;
    const from = at + type.length + 2;
    values.push(der.toString("utf8", from, from + length));
  }
  return values;
}
