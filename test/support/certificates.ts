import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** X.509 certificates made for a test: a few fields of DER, so that no key lies in the repository. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

const tlv = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => tlv(0x06, Buffer.from(bytes));
const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text));
const octets = (content: Buffer): Buffer => tlv(0x04, content);
const bits = (content: Buffer): Buffer => tlv(0x03, Buffer.from([0]), content);
const time = (text: string): Buffer => tlv(0x17, Buffer.from(text));
const nameOf = (text: string): Buffer => sequence(tlv(0x31, sequence(oid(0x55, 4, 3), utf8(text))));
const extension = (id: Buffer, isCritical: boolean, value: Buffer): Buffer =>
  sequence(id, ...(isCritical ? [tlv(0x01, Buffer.from([0xff]))] : []), octets(value));

const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const LOCALHOST = sequence(tlv(0x82, Buffer.from("localhost")), tlv(0x87, Buffer.from([127, 0, 0, 1])));

/** A certificate for 127.0.0.1 with this common name; without an issuer an authority of its own. */
export function certificate(name: string, issuer?: Issued): Issued {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAuthority = issuer === undefined;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(7)])),
    ECDSA_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(time("200101000000Z"), time("491231235959Z")),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(
      0xa3,
      sequence(
        extension(oid(0x55, 29, 19), true, sequence(...(isAuthority ? [tlv(0x01, Buffer.from([0xff]))] : []))),
        extension(oid(0x55, 29, 17), false, LOCALHOST),
      ),
    ),
  );
  const der = sequence(body, ECDSA_SHA256, bits(sign("sha256", body, issuer?.privateKey ?? privateKey)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKey,
    name,
  };
}
