import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MASK, maskBody, maskEvent, maskText } from "../../src/masking/mask.ts";
import { describeShared } from "../support/shared-data.ts";

const secrets = { resource: "secrets" };
const other = { resource: "" };

describe("masking", () => {
  it("hides Secret data and keeps the keys", () => {
    const body = {
      kind: "Secret",
      metadata: {
        name: "db-password",
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": '{"kind":"Secret","data":{"password":"aHVudGVyMg=="}}',
        },
      },
      type: "Opaque",
      data: { password: "aHVudGVyMg==" },
      stringData: { user: "root" },
    };
    const masked = maskBody(body, other);
    expect(masked).toEqual({
      kind: "Secret",
      metadata: {
        name: "db-password",
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": `{"kind":"Secret","data":{"password":"${MASK}"}}`,
        },
      },
      type: "Opaque",
      data: { password: MASK },
      stringData: { user: MASK },
    });
    expect(body.data.password).toBe("aHVudGVyMg==");
  });

  it("hides it in lists, patches and JSON patches, which don't say what they are", () => {
    expect(maskBody({ kind: "SecretList", items: [{ metadata: { name: "a" }, data: { k: "djE=" } }] }, other)).toEqual({
      kind: "SecretList",
      items: [{ metadata: { name: "a" }, data: { k: MASK } }],
    });
    expect(maskBody({ kind: "List", items: [{ kind: "Secret", data: { k: "djE=" } }] }, other)).toEqual({
      kind: "List",
      items: [{ kind: "Secret", data: { k: MASK } }],
    });
    expect(maskBody({ data: { k: "djE=" } }, secrets)).toEqual({ data: { k: MASK } });
    expect(maskBody([{ op: "add", path: "/data/k", value: "djE=" }], secrets)).toEqual([
      { op: "add", path: "/data/k", value: MASK },
    ]);
    expect(maskBody([{ op: "replace", path: "", value: { data: { k: "v" } } }], secrets)).toEqual([
      { op: "replace", path: "", value: { data: { k: MASK } } },
    ]);
  });

  it("hides issued and reviewed tokens, and leaves ConfigMaps readable", () => {
    expect(maskBody({ kind: "TokenRequest", status: { token: "abc", expirationTimestamp: "t" } }, other)).toEqual({
      kind: "TokenRequest",
      status: { token: MASK, expirationTimestamp: "t" },
    });
    expect(maskBody({ kind: "TokenReview", spec: { token: "abc", audiences: ["a"] } }, other)).toEqual({
      kind: "TokenReview",
      spec: { token: MASK, audiences: ["a"] },
    });
    expect(maskBody({ kind: "ConfigMap", data: { max_connections: "250" } }, other)).toEqual({
      kind: "ConfigMap",
      data: { max_connections: "250" },
    });
    expect(
      maskBody({ spec: { volumes: [{ secret: { secretName: "tls" } }], imagePullSecrets: [{ name: "reg" }] } }, other),
    ).toEqual({
      spec: { volumes: [{ secret: { secretName: "tls" } }], imagePullSecrets: [{ name: "reg" }] },
    });
  });

  it("hides values whose key or name says password", () => {
    expect(
      maskBody(
        {
          env: [
            { name: "DB_PASSWORD", value: "x" },
            { name: "MODE", value: "fast" },
          ],
          spec: { clientSecret: "s" },
        },
        other,
      ),
    ).toEqual({
      env: [
        { name: "DB_PASSWORD", value: MASK },
        { name: "MODE", value: "fast" },
      ],
      spec: { clientSecret: MASK },
    });
  });

  it("hides secrets inside strings", () => {
    expect(maskText("curl -H 'Authorization: Bearer abcdefgh12345'")).toBe(`curl -H 'Authorization: Bearer ${MASK}'`);
    expect(maskText("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJr.sig-nature")).toBe(MASK);
    expect(maskText("app --db-password=hunter2 --v=4")).toBe(`app --db-password=${MASK} --v=4`);
    expect(maskText("postgres://root:hunter2@db:5432/x")).toBe(`postgres://root:${MASK}@db:5432/x`);
    expect(maskText("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")).not.toContain("MIIE");
    expect(maskText("users:\n- name: a\n  user:\n    token: s3cret\n    client-key-data: TFM=")).toBe(
      `users:\n- name: a\n  user:\n    token: ${MASK}\n    client-key-data: ${MASK}`,
    );
    expect(maskEvent({ requestURI: "/api/v1/x?access_token=abc&limit=5" })).toEqual({
      requestURI: `/api/v1/x?access_token=${MASK}&limit=5`,
    });
  });

  it("knows the subject of an event", () => {
    const event = {
      kind: "Event",
      objectRef: { resource: "secrets", name: "x" },
      requestObject: { data: { k: "djE=" } },
      annotations: { "patch.webhook.admission.k8s.io/round_0_index_0": '{"patch":[{"value":"djE="}]}' },
    };
    expect(JSON.stringify(maskEvent(event))).not.toContain("djE=");
    expect(maskEvent("text")).toBe("text");
  });

  it("takes hostile shapes: prototype keys, deep nesting, megabytes of near misses", () => {
    const hostile = JSON.parse('{"kind":"Secret","data":{"__proto__":"x"},"__proto__":{"data":{"a":"b"}}}') as object;
    expect(JSON.stringify(maskBody(hostile, other))).toBe(
      `{"kind":"Secret","data":{"__proto__":"${MASK}"},"__proto__":{"data":{"a":"${MASK}"}}}`,
    );
    const deep = JSON.parse(`${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`) as object;
    expect(JSON.stringify(maskBody(deep, other))).toContain("nested deeper");
    for (const bait of ["-", "eyJ-", "?token", "a.", "\n", "Bearer ", "://a:", "-----BEGIN PRIVATE KEY-----"])
      expect(maskText(`users:${bait.repeat(300_000)}`).length).toBeGreaterThan(0);
  });

  it("never lets a Secret's value through, whatever its shape", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 8 }), fc.constant("U0VDUkVUU0VDUkVU")),
        fc.boolean(),
        (data, asList) => {
          const secret = { kind: asList ? undefined : "Secret", data };
          const masked = JSON.stringify(maskBody(asList ? { items: [secret] } : secret, asList ? secrets : other));
          expect(masked).not.toContain("U0VDUkVU");
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  describeShared("in a real cluster's log", ["data/cluster/R"], (cluster) => {
    it("leaves no Secret data or token readable", async () => {
      let bodies = 0;
      for (const name of readdirSync(cluster).filter((file) => file.startsWith("audit"))) {
        const file = createReadStream(join(cluster, name));
        const lines = createInterface({ input: name.endsWith(".gz") ? file.pipe(createGunzip()) : file });
        for await (const text of lines) {
          if (!/"resource":"secrets"|TokenRe/.test(text)) continue;
          const event = JSON.parse(text) as { responseObject?: { data?: object; status?: { token?: string } } };
          const { data = {}, status } = event.responseObject ?? {};
          const masked = JSON.stringify(maskEvent(event));
          for (const value of [...Object.values(data), status?.token ?? ""]) {
            if (typeof value !== "string" || value.length < 4) continue;
            bodies += 1;
            expect(masked).not.toContain(value);
          }
        }
      }
      expect(bodies).toBeGreaterThan(50);
    });
  });
});
