import { describe, expect, it } from "vitest";
import { MASK, maskText } from "../../src/masking/mask.ts";
import { PHRASES } from "../../src/masking/phrases.ts";
import { PROGRAMS } from "../../src/masking/programs.ts";
import { secrecyOf } from "../../src/masking/secret-keys.ts";
import { maskTokens } from "../../src/masking/tokens/mask-tokens.ts";
import { TOKEN_PATTERNS } from "../../src/masking/tokens/registry.ts";

describe("tokens", () => {
  it.each(TOKEN_PATTERNS.map((row) => [row.id, row] as const))("%s: its samples are found by it", (_, row) => {
    const whole = new RegExp(`(?<![A-Za-z0-9])(?:${row.keep?.source ?? ""})${row.pattern.source}`);
    expect((row.starts === undefined) !== (row.hint === undefined)).toBe(true);
    for (const sample of row.samples) {
      const found = whole.exec(sample)?.[0] ?? "";
      expect(found, sample).not.toBe("");
      if (row.starts !== undefined) expect(row.starts).toContain(found.slice(0, 2));
      else expect(found).toContain(row.hint);
      expect(maskTokens(sample, MASK)).toContain(MASK);
      expect(maskTokens(`"${sample}"`, MASK)).toContain(MASK);
    }
  });

  it("have an id each", () => {
    const ids = TOKEN_PATTERNS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("hide in no longer word", () => {
    expect(maskTokens("xAKIAQ3EGTR5XZ7WLMN2B", MASK)).toBe("xAKIAQ3EGTR5XZ7WLMN2B");
  });
});

describe("commands", () => {
  it.each(PROGRAMS.map((program) => [program.names[0] ?? "", program] as const))("%s", (_, { samples }) => {
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) {
      expect(sample).toContain("hunter2");
      expect(maskText(sample), sample).not.toContain("hunter2");
      expect(maskText(sample)).toContain(sample.split(" ", 1)[0]);
    }
  });
});

describe("phrases", () => {
  it.each(PHRASES.flatMap(({ samples }) => samples))("%s", (sample) => {
    expect(maskText(sample)).not.toMatch(/hunter2x|aHVudGVyMng/);
  });
});

describe("names", () => {
  const of = (secrecy: string, names: string): [string, string][] =>
    names.split(/\s+/).map((name): [string, string] => [name, secrecy]);

  it.each([
    ...of(
      "yes",
      "password PGPASS dbPassword DB_PASSWD spring.datasource.password password2 passwordBase64 PASSWORD_PROD",
    ),
    ...of("yes", "token authtoken id_token github-token X-Vault-Token secret SECRET_KEY_BASE clientSecret secret_id"),
    ...of(
      "yes",
      "apiKey x-api-key tls.key id_rsa signing_key STRIPE_KEY privateKeyPem ssh-privatekey .dockerconfigjson",
    ),
    ...of(
      "yes",
      "auth Authorization Cookie session_id credentials connectionString webhookUrl unsealKeys recovery_codes",
    ),
    ...of("no", "name key_name secretName tokenFile passwordPolicy tokenTTL topologyKey publicKey tls.crt uid hash"),
    ...of("no", "bypass compass passThrough authMode sessionAffinity pod-template-hash kubernetes.io/hostname path"),
    ...of("maybe", "key code FOO_KEY tokenServer"),
  ])("%s: %s", (name, secrecy) => {
    expect(secrecyOf(name)).toBe(secrecy);
  });

  it("are judged by their end when they are long", () => {
    expect(secrecyOf(`${"x".repeat(500)}.password`)).toBe("yes");
    expect(secrecyOf(`password.${"x".repeat(500)}`)).toBe("no");
  });
});
