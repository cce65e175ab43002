import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectOf } from "../../src/events/json-values.ts";
import { addressKey } from "../../src/queries/address.ts";
import { pseudonymOfAddress } from "../../src/redaction/addresses.ts";
import { Pseudonyms } from "../../src/redaction/pseudonyms.ts";
import { Redactor } from "../../src/redaction/redactor.ts";
import { OWNED } from "../../src/redaction/vocabulary/owned.ts";
import { isField, isType } from "../../src/redaction/vocabulary/words.ts";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";

type Json = Readonly<Record<string, unknown>>;

const KEY = Buffer.from("a key for this test");
const pseudonyms = new Pseudonyms(KEY);
const GENERATED = "bcdfghjklmnpqrstvwxz2456789";

function redacted(events: readonly Json[], options: Partial<ConstructorParameters<typeof Redactor>[0]> = {}): Json[] {
  const redactor = new Redactor({ key: KEY, keep: [], ...options });
  for (const event of events) redactor.learn(event);
  return events.map((event) => redactor.redact(event) as Json);
}

/** Every string in it, keys too. */
function* strings(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) {
      if (!Array.isArray(value)) yield key;
      yield* strings(item);
    }
}

/** Without what is in the strings. */
function shapeOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  const parts = Object.values(value).map(shapeOf).join();
  return Array.isArray(value) ? `[${parts}]` : `{${parts}}`;
}

/** Names of an event as the API has them: who, where, what. */
function namesIn(event: Json): readonly string[] {
  const part = (value: unknown, key: string): unknown => (value as Json | undefined)?.[key];
  const bodies = [event["requestObject"], event["responseObject"]];
  const objects = bodies.flatMap((body) => [body, ...((part(body, "items") as unknown[] | undefined) ?? [])]);
  const found = [
    ...[event["user"], event["impersonatedUser"]].flatMap((user) => [
      part(user, "username"),
      ...((part(user, "groups") as unknown[] | undefined) ?? []),
    ]),
    ...((event["sourceIPs"] as unknown[] | undefined) ?? []),
    part(event["objectRef"], "name"),
    part(event["objectRef"], "namespace"),
    ...objects.flatMap((object) => [
      part(part(object, "metadata"), "name"),
      part(part(object, "metadata"), "namespace"),
      part(part(object, "spec"), "nodeName"),
      part(part(object, "status"), "podIP"),
    ]),
  ].filter((name): name is string => typeof name === "string" && name !== "");
  return found.flatMap((name) => [name, ...(/^system:serviceaccounts?:(.+)/.exec(name)?.[1]?.split(":") ?? [])]);
}

/** Kubernetes' own, and what is a number. */
const isOwned = (name: string): boolean =>
  OWNED.has(name) ||
  /^\d+$/.test(name) ||
  (addressKey(name) !== null && pseudonymOfAddress(name, pseudonyms) === name) ||
  name.split(/[:/]+/).every((part) => OWNED.has(part) || /^(?:system|serviceaccounts?|v\d\w*\.?)$/.test(part)) ||
  /^(?:v1\.$|system:)/.test(name);
/** Of the API: they are in every log, whoever is called so. */
const API_WORDS = new Set(["api", "mutated", "system"]);

function leaks(original: readonly Json[], result: readonly Json[]): readonly string[] {
  const names = new Set(original.flatMap(namesIn).filter((name) => !isOwned(name) && !API_WORDS.has(name)));
  expect(names.size).toBeGreaterThan(0);
  const found = new Set<string>();
  for (const event of result)
    for (const text of strings(event))
      for (const splitter of [/[^\p{L}\p{N}.@:_-]+/u, /[^\p{L}\p{N}._-]+/u, /[^\p{L}\p{N}]+/u])
        for (const token of text.split(splitter)) if (names.has(token)) found.add(`${token} in ${text.slice(0, 200)}`);
  return [...found];
}

const eventsOf = (paths: readonly string[]): Json[] =>
  paths.flatMap((path) => linesOf(path).map((line) => JSON.parse(line) as Json));

describe("pseudonyms", () => {
  const piece = fc.stringMatching(/^[a-z]{1,14}$/);
  const generated = fc.string({ unit: fc.constantFrom(...GENERATED), minLength: 5, maxLength: 10 });

  it("are different for different names, and the same in any run with the key", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(piece, generated, fc.stringMatching(/^[a-zA-Z0-9]{1,30}$/))), (pieces) => {
        const names = pieces.map((given) => pseudonyms.of(given));
        expect(new Set(names).size).toBe(pieces.length);
        expect(pieces.map((given) => new Pseudonyms(KEY).of(given))).toEqual(names);
      }),
    );
    const short = Array.from({ length: 26 * 26 }, (_, at) =>
      String.fromCodePoint(97 + (at % 26), 97 + Math.floor(at / 26)),
    );
    expect(new Set(short.map((given) => pseudonyms.of(given))).size).toBe(short.length);
    expect(new Pseudonyms(Buffer.from("another key")).of("web")).not.toBe(pseudonyms.of("web"));
  });

  it("keep what Kubernetes reads from a name: generated suffixes, plurals, capitals, numbers", () => {
    fc.assert(
      fc.property(generated, piece, (suffix, word) => {
        expect(pseudonyms.of(suffix)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]+$/);
        expect(pseudonyms.of(suffix)).toHaveLength(suffix.length);
        if (/[aeiouy]/.test(word)) expect(pseudonyms.of(word)).toMatch(/[aeiouy]/);
        const kind = word.charAt(0).toUpperCase() + word.slice(1);
        expect(pseudonyms.of(kind).toLowerCase()).toBe(pseudonyms.of(word));
      }),
    );
    for (const [one, many] of [
      ["widget", "widgets"],
      ["policy", "policies"],
      ["box", "boxes"],
      ["database", "databases"],
      ["gateway", "gateways"],
    ] as const) {
      const stem = pseudonyms.of(one).replace(/y$/, "");
      expect(pseudonyms.of(many).startsWith(stem)).toBe(true);
    }
    expect(pseudonyms.of("8080")).toBe("8080");
    expect(pseudonyms.of("worker12")).toBe(`${pseudonyms.of("worker")}12`);
  });

  it("of addresses are addresses of the same kind, one for each, neighbours still", () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const found = pseudonymOfAddress(address, pseudonyms);
        const [key, own] = [addressKey(found) ?? "none", addressKey(address) ?? "none"];
        expect(key).not.toBe("none");
        expect(seen.get(key) ?? own).toBe(own);
        seen.set(key, own);
      }),
    );
    const of = (address: string): string => pseudonymOfAddress(address, pseudonyms);
    expect([of("127.0.0.1"), of("::1"), of("169.254.169.254")]).toEqual(["127.0.0.1", "::1", "169.254.169.254"]);
    expect(of("10.1.2.3")).toMatch(/^10\./);
    expect(of("192.168.3.4")).toMatch(/^192\.168\./);
    expect(of("10.1.2.3").split(".", 3)).toEqual(of("10.1.2.200").split(".", 3));
    expect(of("10.1.2.3")).not.toBe("10.1.2.3");
  });
});

describe("redacted events", () => {
  /** Wherever a name may stand. */
  function eventWith(user: string, namespace: string, name: string, address: string): Json {
    const account = `system:serviceaccount:${namespace}:${name}`;
    return {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "RequestResponse",
      auditID: "0f1a2b3c-0000-4000-8000-000000000001",
      stage: "ResponseComplete",
      requestURI: `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments/${encodeURIComponent(name)}?labelSelector=${encodeURIComponent(`app=${name},team in (${namespace})`)}&fieldManager=${encodeURIComponent(user)}`,
      verb: "patch",
      user: { username: user, groups: [`system:serviceaccounts:${namespace}`, user], extra: { [name]: [user] } },
      impersonatedUser: { username: account },
      sourceIPs: [address],
      userAgent: `${name}/v1.2 (linux/amd64) ${user}`,
      objectRef: { resource: "deployments", namespace, name, apiGroup: "apps", apiVersion: "v1" },
      responseStatus: {
        code: 403,
        message: `deployments.apps "${name}" is forbidden: User "${user}" cannot patch resource "deployments" in API group "apps" in the namespace "${namespace}" from ${address}`,
      },
      requestObject: {
        metadata: {
          name,
          namespace,
          labels: { app: name, [name]: "x", [`${namespace}.example/${name}`]: user },
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ metadata: { name, namespace } }),
            note: `see ${user} about ${namespace}/${name} at ${address}:8080, ${name}.`,
          },
          ownerReferences: [{ kind: "Deployment", name }],
          selfLink: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
          managedFields: [
            { manager: name, fieldsV1: { "f:labels": { [`f:${name}`]: {} }, [`k:{"name":"${name}"}`]: { "v:x": {} } } },
          ],
        },
        spec: { template: { spec: { nodeName: name, containers: [{ name, image: `${namespace}.io/${name}:1` }] } } },
        anything: { [name]: [name, { deep: `--server=${name}.${namespace}.svc` }] },
      },
      annotations: {
        "authorization.k8s.io/decision": "allow",
        "authorization.k8s.io/reason": `RBAC: allowed by RoleBinding "${name}/${namespace}" of ClusterRole "${name}" to User "${user}"`,
      },
    };
  }

  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,14}[a-z])?$/);
  const user = fc.oneof(
    fc.emailAddress({ size: "small" }),
    fc.stringMatching(/^[A-Za-z]{2,12}$/),
    fc.string({ unit: fc.constantFrom("é", "ж", "水", "a", "b", "ü"), minLength: 2, maxLength: 8 }),
  );

  it("hold no user, namespace, object or address as a word anywhere, and keep their shape", () => {
    fc.assert(
      fc.property(user, label, label, fc.ipV4(), (who, namespace, name, address) => {
        const event = eventWith(who, namespace, name, address);
        const [result] = redacted([event]);
        const words = new Set(
          [who, namespace, name, address].filter(
            (given) =>
              given.length > 1 &&
              !isType(given) &&
              !isField(given) &&
              !isOwned(given) &&
              !/[^\p{L}\p{N}.@:_-]/u.test(given),
          ),
        );
        // Words of the API stay where they are none of somebody's.
        for (const text of strings(eventWith("xx1", "xx2", "xx3", "::1")))
          for (const token of text.split(/[^\p{L}\p{N}.@:_-]+/u)) words.delete(token);
        for (const text of strings(result))
          for (const token of text.split(/[^\p{L}\p{N}.@:_-]+/u)) expect(words).not.toContain(token);
        expect(shapeOf(result)).toBe(shapeOf(event));
        for (const key of ["kind", "apiVersion", "level", "stage", "verb", "auditID"])
          expect(result?.[key]).toBe(event[key]);
      }),
      { numRuns: 200 },
    );
  });

  it("call the same by the same name, and begin with a name where the original does", () => {
    const redactor = new Redactor({ key: KEY, keep: [] });
    const name = redactor.string("web", "name");
    expect(redactor.string("/api/v1/namespaces/web/pods/web-6d4cf56db6-x7k2p/log?container=web", "requestURI")).toMatch(
      new RegExp(`^/api/v1/namespaces/${name}/pods/${name}-[^-]{10}-[^-]{5}/log\\?container=${name}$`),
    );
    expect(redactor.string('pods "web" not found in the namespace "web"', "message")).toBe(
      `pods "${name}" not found in the namespace "${name}"`,
    );
    expect(redactor.string("ip-10-0-0-9.ec2.internal", "name")).not.toContain("10-0-0-9");
    expect(redactor.string("system:node:kube-system", "username")).toBe("system:node:kube-system");
    expect(redactor.string("kube-proxy-x7k2p", "name")).toMatch(/^kube-proxy-[^-]{5}$/);
  });

  it("have no everyday word in sentences where somebody is called so", () => {
    const messageBy = (user: string): unknown => {
      const message = "the server could not load what the serviceaccount requested";
      const [event] = redacted([{ user: { username: user }, responseStatus: { message } }]);
      return objectOf(event?.["responseStatus"])["message"];
    };
    expect(messageBy("zoe")).toBe("the server could not load what the serviceaccount requested");
    expect(messageBy("system:serviceaccount:load:server")).toMatch(
      /^the \w+ could not \w+ what the serviceaccount requested$/,
    );
    expect(messageBy("system:serviceaccount:load:server")).not.toMatch(/load|server/);
  });

  it("keep what is asked for, by class", () => {
    const event = eventWith("alice@example.com", "shop", "checkout", "10.1.2.3");
    const [kept] = redacted([event], { keep: ["namespaces", "addresses"] });
    expect(kept?.["objectRef"]).toMatchObject({ namespace: "shop" });
    expect(kept?.["sourceIPs"]).toEqual(["10.1.2.3"]);
    expect(JSON.stringify(kept)).not.toMatch(/alice|checkout/);
    const all = redacted([event], { keep: ["users", "names", "namespaces", "useragents", "groups"] });
    expect(all[0]?.["user"]).toMatchObject({ username: "alice@example.com" });
    expect(all[0]?.["userAgent"]).toBe(event["userAgent"]);
  });

  it("mask secrets, and take no longer for long strings", { timeout: 20_000 }, () => {
    const secret = "hunter2-Zx81kQpw";
    const [result] = redacted([
      {
        ...eventWith("a", "b", "c", "10.0.0.1"),
        requestObject: {
          kind: "Secret",
          data: { token: secret },
          big: `${"ab1.".repeat(50_000)} ${"x".repeat(200_000)} ${"s".repeat(100_000)}`,
        },
      },
    ]);
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(JSON.stringify(result)).toContain("[masked]");
  });

  it("of the bundled log hold none of its names", { timeout: 30_000 }, () => {
    const events = eventsOf(logsIn(DEMO).slice(-2));
    expect(leaks(events, redacted(events))).toEqual([]);
  });
});

describeShared("redacted events of a day", ["data/cluster/R"], (folder) => {
  it("hold none of its names", { timeout: 60_000 }, () => {
    const events = eventsOf(logsIn(folder));
    expect(leaks(events, redacted(events))).toEqual([]);
  });
});
