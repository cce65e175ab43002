import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, ktrail } from "../support/program.ts";

const LOG = "fixtures/demo/audit.log";
const POLICIES = "fixtures/policies";

const folder = mkdtempSync(join(tmpdir(), "ktrail-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(ensureBuilt);

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface ReplayDocument {
  readonly policy: string;
  readonly events: { readonly in: number; readonly kept: number };
  readonly bytes: { readonly in: number; readonly kept: number };
  readonly levels: Readonly<Record<string, number>>;
  readonly rules: readonly { readonly rule: number; readonly events: number; readonly bytes: number }[];
  readonly stagesOmitted: number;
  readonly lacking: number;
  readonly loses: readonly { readonly what: string; readonly why: string }[];
}

async function replay(policy: string, ...more: readonly string[]): Promise<ReplayDocument> {
  const { code, stdout } = await ktrail(["policy", "replay", policy, LOG, "-o", "json", ...more]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as ReplayDocument;
}

describe("ktrail policy replay", () => {
  it("prints an event a line, in their order, and counts the same in sum", async () => {
    const { code, stdout } = await ktrail(["policy", "replay", `${POLICIES}/usual.yaml`, LOG, "-o", "jsonl"]);
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const [first] = readFileSync(LOG, "utf8").split("\n", 1);
    const event = JSON.parse(first ?? "") as Record<string, unknown>;
    expect(rows[0]).toEqual({
      auditID: event["auditID"],
      stage: event["stage"],
      t: event["requestReceivedTimestamp"],
      level: expect.any(String) as string,
      rule: expect.any(Number) as number,
      omitted: expect.any(Boolean) as boolean,
    });
    const document = await replay(`${POLICIES}/usual.yaml`);
    const written = rows.filter(({ omitted }) => omitted === false);
    expect(document.events).toEqual({ in: rows.length, kept: written.length });
    for (const level of ["None", "Metadata", "Request", "RequestResponse"]) {
      expect(document.levels[level]).toBe(written.filter((row) => row["level"] === level).length);
    }
    for (const { rule, events } of document.rules) {
      expect(events).toBe(written.filter((row) => row["rule"] === rule).length);
    }
  });

  it("writes the log as the policy would have: under it again, all of it is kept", async () => {
    const { code, stdout } = await ktrail(["policy", "replay", `${POLICIES}/usual.yaml`, LOG, "-o", "raw"]);
    expect(code).toBe(0);
    const document = await replay(`${POLICIES}/usual.yaml`);
    expect(Buffer.byteLength(stdout)).toBe(document.bytes.kept);
    const reduced = file("reduced.log", stdout);
    const again = await ktrail(["policy", "replay", `${POLICIES}/usual.yaml`, reduced, "-o", "json"]);
    const { events, bytes, lacking, loses } = JSON.parse(again.stdout) as ReplayDocument;
    expect(events).toEqual({ in: document.events.kept, kept: document.events.kept });
    expect(bytes).toEqual({ in: document.bytes.kept, kept: document.bytes.kept });
    expect({ lacking, loses }).toEqual({ lacking: 0, loses: [] });
    const info = await ktrail(["info", reduced, "-o", "json"]);
    expect(JSON.parse(info.stdout)).toMatchObject({ events: document.events.kept });
  });

  it("names what would be lost", async () => {
    const { loses } = await replay(`${POLICIES}/metadata.yaml`);
    const whats = loses.map(({ what }) => what);
    expect(whats).toContain("Kubernetes Events (k8s-events)");
    expect(whats.some((what) => what.startsWith("diff, owners (body:responseObject) of pods"))).toBe(true);
    expect(whats.some((what) => what.startsWith("trail"))).toBe(false);
    expect(loses.every(({ why }) => why.includes("line 4"))).toBe(true);
    const nothing = await replay(
      file("none.yaml", "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n"),
    );
    expect(nothing.events.kept).toBe(0);
    expect(nothing.loses.map(({ what }) => what)).toContain("what people changed (actor:human verb:write)");
  });

  it("says of two policies what they treat differently", async () => {
    const against = ["--against", `${POLICIES}/metadata.yaml`];
    const document = (await replay(`${POLICIES}/usual.yaml`, ...against)) as ReplayDocument & {
      readonly against: ReplayDocument;
      readonly changes: readonly {
        readonly policy: { readonly bytes: number };
        readonly against: { readonly bytes: number };
      }[];
    };
    expect(document.against).toMatchObject(await replay(`${POLICIES}/metadata.yaml`));
    const difference = document.changes.reduce(
      (sum, { policy, against: other }) => sum + policy.bytes - other.bytes,
      0,
    );
    expect(difference).toBe(document.bytes.kept - document.against.bytes.kept);
  });

  it("ends with 4 for a policy that the API server refuses, and says why", async () => {
    const { code, stdout, stderr } = await ktrail(["policy", "replay", `${POLICIES}/refused.yaml`, LOG]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("line 5: metadata is no level");
    const text = readFileSync(`${POLICIES}/metadata.yaml`, "utf8").replace("/v1", "/v1beta1");
    const removed = await ktrail(["policy", "replay", "-", LOG, "-o", "json"], { stdin: text });
    expect(removed.code).toBe(4);
    expect(removed.stderr).toContain("v1beta1 was removed in Kubernetes 1.24");
    expect(JSON.parse(removed.stdout)).toMatchObject({ policy: "-", levels: { RequestResponse: 0 } });
  });

  it("takes one of several policies by its name", async () => {
    const several = `${POLICIES}/several.yaml`;
    const refused = await ktrail(["policy", "replay", several, LOG]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("#data.quiet.yaml, #data.loud.yaml");
    const document = await replay(`${several}#loud.yaml`);
    expect(document.levels).toMatchObject({ Metadata: 0, Request: 0, RequestResponse: document.events.in });
  });

  it("names each finding that the policy takes away, and only those", async () => {
    const { findings } = JSON.parse((await ktrail(["findings", LOG, "-o", "json"])).stdout) as {
      readonly findings: readonly { readonly id: string }[];
    };
    const lostUnder = async (name: string, text: string): Promise<readonly string[]> => {
      const policy = file(name, `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${text}`);
      return (await replay(policy)).loses.flatMap(({ what, why }) =>
        what.startsWith("finding ") && !/^\d/.test(why) ? [/^finding (\S+):/.exec(what)?.[1] ?? what] : [],
      );
    };
    const ids = new Set(findings.map(({ id }) => id));
    expect(ids.size).toBeGreaterThan(3);
    expect(new Set(await lostUnder("nothing.yaml", "- level: None\n"))).toEqual(ids);
    expect(await lostUnder("all.yaml", "- level: RequestResponse\n")).toEqual([]);
  });

  it("reads the log from stdin, and names what it can't read", async () => {
    const stdin = readFileSync(LOG);
    const piped = await ktrail(["policy", "replay", `${POLICIES}/usual.yaml`, "-o", "json"], { stdin });
    // Findings are looked for in another reading of the log.
    const { loses, ...figures } = await replay(`${POLICIES}/usual.yaml`);
    const features = loses.filter(({ what }) => !what.startsWith("finding "));
    expect(JSON.parse(piped.stdout)).toEqual({ ...figures, loses: features });
    expect(piped.stderr).toContain("which findings would be lost is not told");
    const missing = await ktrail([
      "policy",
      "replay",
      `${POLICIES}/usual.yaml`,
      LOG,
      join(folder, "no.log"),
      "-o",
      "json",
    ]);
    expect(missing.code).toBe(3);
    expect(missing.stderr).toContain("no.log");
    expect(JSON.parse(missing.stdout)).toMatchObject({ events: { in: expect.any(Number) as number } });
    const none = await ktrail(["policy", "replay", join(folder, "no.yaml"), LOG]);
    expect(none).toMatchObject({ code: 3, stdout: "" });
  });
});

describe("ktrail policy lint", () => {
  interface Item {
    readonly rule: number | null;
    readonly line: number | null;
    readonly severity: string;
    readonly id: string;
    readonly message: string;
    readonly instead: string;
  }

  it("ends with 4 for what the API server refuses, and tells each line", async () => {
    const { code, stdout } = await ktrail(["policy", "lint", `${POLICIES}/refused.yaml`, "-o", "json"]);
    expect(code).toBe(4);
    const { policy, items } = JSON.parse(stdout) as { policy: string; items: readonly Item[] };
    expect(policy).toBe(`${POLICIES}/refused.yaml`);
    expect(items.map(({ severity, id, line, rule }) => [severity, id, line, rule])).toEqual([
      ["error", "load-error", 3, null],
      ["error", "load-error", 5, 0],
      ["error", "load-error", 7, 0],
    ]);
    const table = await ktrail(["policy", "lint", `${POLICIES}/refused.yaml`]);
    expect(table).toMatchObject({ code: 4, stderr: "" });
    expect(table.stdout).toContain("instead: level: Metadata");
  });

  it("ends with 0 for what it takes, however odd, and prints an item a line", async () => {
    const text = readFileSync(`${POLICIES}/usual.yaml`, "utf8").replace("verbs:", "verb:");
    const { code, stdout, stderr } = await ktrail(["policy", "lint", "-", "-o", "jsonl"], { stdin: text });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [first] = stdout.split("\n", 1);
    expect(JSON.parse(first ?? "")).toMatchObject({
      rule: 0,
      line: 8,
      severity: "warning",
      id: "unknown-field",
      instead: "verbs:",
    });
  });

  it("reads no more than a policy may be long of what never ends", async () => {
    const { code, stderr } = await ktrail(["policy", "lint", "/dev/zero"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: "ktrail: /dev/zero is larger than 2097152 bytes\n" });
  });

  it("tells of several policies which one is meant, and what is accepted or filled in", async () => {
    const several = await ktrail(["policy", "lint", `${POLICIES}/several.yaml`, "-o", "json"]);
    const document = JSON.parse(several.stdout) as {
      policies: readonly { in: string }[];
      items: readonly (Item & { in: string })[];
    };
    expect(document.policies).toMatchObject([{ in: "data.quiet.yaml", line: 7, rules: 1 }, { in: "data.loud.yaml" }]);
    expect(document.items.find(({ id }) => id === "nothing-logged")).toMatchObject({ in: "data.quiet.yaml", line: 10 });
    const template = `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n{% if x %}\n- level: Metadata # ktrail: accept watch-noise\n{% endif %}\n`;
    const { stdout, stderr } = await ktrail(["policy", "lint", "-"], { stdin: template });
    expect(stdout).not.toContain("watch-noise");
    expect(stderr).toContain("this is a template");
    expect(stderr).toContain("accepted by a comment: watch-noise");
  });
});

describe("ktrail policy suggest", () => {
  it("prints a policy whose replay keeps what it promises, and that there is nothing to say about", async () => {
    const { code, stdout, stderr } = await ktrail(["policy", "suggest", LOG]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Audit policy, suggested by ktrail/);
    const policy = file("suggested.yaml", stdout);
    const lint = await ktrail(["policy", "lint", policy, "-o", "json"]);
    expect(lint.code).toBe(0);
    expect(JSON.parse(lint.stdout)).toMatchObject({ items: [], accepted: ["pods-env-secret"] });
    const { events, bytes } = await replay(policy);
    const promised = await ktrail(["policy", "suggest", LOG, "-o", "json"]);
    expect(JSON.parse(promised.stdout)).toMatchObject({ policy: stdout, events, bytes });
    expect(stderr).toContain(`keeps ${String(events.kept)} of`);
  });

  it("does not make a policy of what could not be read", async () => {
    const { code, stdout } = await ktrail(["policy", "suggest", join(folder, "no.log")]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });
});

describe("ktrail policy", () => {
  it.each([
    [["policy"], "ktrail policy needs one of"],
    [["policy", "lnt"], "did you mean lint?"],
    [["policy", "replay"], "needs a POLICY"],
    [["help", "nonsense"], "there is no command"],
  ])("%s is wrong usage", async (args, message) => {
    const { code, stderr } = await ktrail(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each([
    [["policy", "replay", "--help"]],
    [["help", "policy", "replay"]],
    [["policy", "--color", "never", "replay", "-h"]],
  ])("%s tells how to use it", async (args) => {
    const { code, stdout } = await ktrail(args);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: ktrail policy replay POLICY FILE...");
  });
});
