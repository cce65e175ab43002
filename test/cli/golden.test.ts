import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { answering } from "../support/headless.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";

/** What the commands print for the bundled log; `vitest run test/cli/golden.test.ts -u` writes the files anew. */
const GOLDEN = join(import.meta.dirname, "golden");
const LOG = "fixtures/demo";

const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  overview: [LOG],
  info: ["info", LOG],
  "top-user": ["top", LOG, "--by", "user", "--limit", "8"],
  "top-who-refused": ["top", LOG, "--by", "who,resource", "-q", "code:403"],
  "top-ip-401": ["top", LOG, "--by", "ip", "-q", "code:401"],
  "top-bytes": ["top", LOG, "--by", "resource", "--sort", "bytes", "--limit", "5"],
  "events-slowest": ["events", LOG, "--sort", "latency", "--limit", "5"],
  "compare-halves": ["compare", LOG, "--limit", "8"],
  "compare-times": ["compare", LOG, "--a", "00:03..00:08", "--b", "00:08..00:17", "--by", "code", "-q", "code:4xx"],
  series: ["series", LOG],
  "series-measures": ["series", LOG, "--measures", "p99,5xx,sum,rate", "--until", "00:10:00"],
  "series-code-10s": ["series", LOG, "--step", "10s", "--by", "code", "--since", "2m"],
  "events-deletes": ["events", LOG, "-q", "verb:delete actor:human", "-n", "demo"],
  "trail-debug-shell": ["trail", "pod/debug-shell", "-n", "demo", LOG],
  "why-pod": ["why", "pod/nginx-857899445-7x5j6", "-n", "demo", LOG],
  "k8s-events-db-1": ["k8s-events", LOG, "-q", "ns:demo name:db-1.*", "--limit", "8"],
  "nothing-matches": ["top", LOG, "-q", "user:nobody"],
};

const OTHER_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  "events-raw": ["events", LOG, "-q", "verb:delete name:nginx resource:deployments.apps", "-o", "raw"],
  "events-ascii": ["events", LOG, "-q", "verb:delete user:alice*", "--ascii"],
  "policy-lint.md": ["policy", "lint", "fixtures/policies/several.yaml", "-o", "md"],
  "policy-lint.json": ["policy", "lint", "fixtures/policies/usual.yaml", `${LOG}/audit.log`, "-o", "json"],
  "policy-lint.csv": ["policy", "lint", "fixtures/policies/usual.yaml", "-o", "csv"],
  "policy-suggest": ["policy", "suggest", LOG],
  "policy-suggest.md": ["policy", "suggest", LOG, "-o", "md"],
  "policy-suggest.json": ["policy", "suggest", `${LOG}/audit.log`, "-o", "json"],
  "policy-replay": ["policy", "replay", "fixtures/policies/usual.yaml", LOG, "--limit", "8"],
  "policy-replay.json": ["policy", "replay", "fixtures/policies/usual.yaml", `${LOG}/audit.log`, "-o", "json"],
  "policy-against.md": [
    "policy",
    "replay",
    "fixtures/policies/usual.yaml",
    LOG,
    "--against",
    "fixtures/policies/metadata.yaml",
    "--limit",
    "5",
    "-o",
    "md",
  ],
  "rbac.yaml": ["rbac", LOG, "--user", "carol@example.com"],
  "rbac-table": ["rbac", LOG, "--serviceaccount", "ci/deployer", "-o", "table"],
  "rbac-matrix": ["rbac", LOG, "--user", "mallory@example.com", "--matrix"],
  "rbac-bindings.md": ["rbac", LOG, "--bindings", "-o", "md"],
  "rbac-binding.csv": ["rbac", LOG, "--binding", "demo/dev-team-edit", "-o", "csv"],
  "object.yaml": ["object", "deploy/nginx", "-n", "demo", LOG, "--at", "00:10:00", "--tz", "utc"],
  "object-manifest.json": ["object", "deploy/nginx", "-n", "demo", LOG, "--manifest", "-o", "json"],
  "object-difference": ["object", "deploy/nginx", "-n", "demo", LOG, "--at", "00:10:00..00:12:00", "--tz", "utc"],
  "trail-trace": ["trail", "pod/debug-shell", "-n", "demo", LOG, "-o", "trace"],
};

/** What the program prints itself, in a process of its own: help, and one answer of each way a command is run. */
const PROGRAM_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  "top-colour": ["top", LOG, "--by", "code", "--color", "always", "--tz", "utc"],
  help: ["--help"],
  "help-top": ["top", "--help"],
};

const FORMATS = ["table", "json", "jsonl", "csv", "md"];
const answered = answering();

describe.each(Object.entries(ANSWERS))("%s", (name, args) => {
  it.each(FORMATS)("as %s", async (format) => {
    const { code, stdout, stderr } = await answered([...args, "-o", format, "--tz", "utc"]);
    const note = name === "nothing-matches" ? "ktrail: user:nobody matches nothing\n" : "";
    expect({ code, stderr }).toEqual({ code: 0, stderr: note });
    await expect(stdout).toMatchFileSnapshot(join(GOLDEN, `${name}.${format}.txt`));
  });
});

describe("special outputs", () => {
  beforeAll(ensureBuilt);

  it.each(Object.entries(OTHER_ANSWERS))("%s", async (name, args) => {
    const { code, stdout } = await answered([...args, "--tz", "utc"]);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  });

  it.each(Object.entries(PROGRAM_ANSWERS))("%s", async (name, args) => {
    const { code, stdout, stderr } = await ktrail(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    await expect(stdout).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  });

  it("have no golden file too many", () => {
    const expected = [
      ...Object.keys(ANSWERS).flatMap((name) => FORMATS.map((format) => `${name}.${format}.txt`)),
      ...Object.keys({ ...OTHER_ANSWERS, ...PROGRAM_ANSWERS }).map((name) => `${name}.txt`),
    ];
    expect(readdirSync(GOLDEN).sort()).toEqual(expected.sort());
  });
});
