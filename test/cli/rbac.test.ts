import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEMO } from "../support/log-files.ts";
import { answering } from "../support/headless.ts";
import { documentsOf } from "../rbac/manifests.ts";

const answered = answering();
const folder = mkdtempSync(join(tmpdir(), "ktrail-rbac-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Requests of hostile people, as a managed cluster writes them: without annotations. */
function managedLog(): string {
  const event = (id: number, user: string, verb: string, uri: string, code: number): string =>
    JSON.stringify({
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      auditID: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`,
      stage: "ResponseComplete",
      requestURI: uri,
      verb,
      user: { username: user },
      responseStatus: { code },
      requestReceivedTimestamp: `2026-11-21T00:00:0${id}.000000Z`,
      stageTimestamp: `2026-11-21T00:00:0${id}.000000Z`,
    });
  return [
    event(1, 'x"\n- kind: User\u001b[31m', "get", "/api/v1/namespaces/demo/pods/web", 200),
    event(2, 'x"\n- kind: User\u001b[31m', "delete", "/api/v1/namespaces/demo/pods/web", 403),
    event(3, "carol", "list", "/api/v1/pods", 401),
  ].join("\n");
}

const EXISTING = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: oops}
roleRef: {kind: ClusterRole, name: reader}
subjects: [{kind: User, name: bob@example.com}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [nodes], verbs: [get]}]
`;

describe("ktrail rbac", () => {
  it("prints YAML that says what it rests on", async () => {
    const { code, stdout, stderr } = await answered(["rbac", DEMO, "--user", "bob@example.com"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const documents = documentsOf(stdout) as { kind: string; metadata: { name: string } }[];
    expect([...new Set(documents.map(({ metadata }) => metadata.name))]).toEqual(["ktrail:user:bob@example.com"]);
    expect(new Set(documents.map(({ kind }) => kind))).toEqual(
      new Set(["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
    );
    expect(stdout).toContain("# granted by default (Kubernetes 1.36): ClusterRole system:discovery");
    expect(stdout).toMatch(/# \d+ requests, last 2026-11-21T/);
  });

  it("prints the same objects as JSON", async () => {
    const yaml = await answered(["rbac", DEMO, "--user", "bob@example.com"]);
    const json = await answered(["rbac", DEMO, "--user", "bob@example.com", "-o", "json"]);
    const document = JSON.parse(json.stdout) as { kind: string; items: unknown[]; rules: { requests: number }[] };
    expect(document.kind).toBe("List");
    expect(document.items).toEqual(documentsOf(yaml.stdout));
    expect(document.rules.every(({ requests }) => requests > 0)).toBe(true);
  });

  it("leaves out what is granted by default, where asked to", async () => {
    const { stdout } = await answered(["rbac", DEMO, "--user", "bob@example.com", "--without-defaults"]);
    expect(stdout).not.toContain("nonResourceURLs");
    const controller = ["--serviceaccount", "kube-system/deployment-controller"];
    const without = await answered(["rbac", DEMO, ...controller, "--without-defaults"]);
    expect(without).toMatchObject({ code: 0 });
    expect(documentsOf(without.stdout)).toEqual([]);
    expect(without.stdout).toContain("Nothing of that needs a binding.");
  });

  it("is an empty document and a note for who was allowed nothing", async () => {
    const { code, stdout, stderr } = await answered(["rbac", DEMO, "--user", "nobody"]);
    expect(code).toBe(0);
    expect(documentsOf(stdout)).toEqual([]);
    expect(stdout).toContain("# user nobody: 0 requests allowed");
    expect(stderr).toContain("nothing to grant");
  });

  it("keeps what was refused apart", async () => {
    const { stdout } = await answered(["rbac", DEMO, "--user", "bob@example.com", "--refused", "-o", "json"]);
    const { rules } = JSON.parse(stdout) as { rules: { origin: string; role: string }[] };
    const refused = rules.filter(({ origin }) => origin === "refused");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ role }) => role.includes("ktrail-refused:"))).toBe(true);
    expect(rules.filter(({ role }) => role.includes("ktrail-refused:"))).toEqual(refused);
  });

  it("says what it grants beyond the log", async () => {
    const { stdout, stderr } = await answered(["rbac", DEMO, "--user", "bob@example.com", "--expand", "reads"]);
    expect(stdout).toContain("# beyond the log, by --expand reads");
    expect(stderr).toMatch(/bob@example.com: \d+ rights beyond the log, by --expand reads/);
  });

  it("takes several subjects at once", async () => {
    const { stdout } = await answered([
      "rbac",
      DEMO,
      "--user",
      "bob@example.com",
      "--group",
      "devs",
      "--user",
      "alice@example.com",
    ]);
    for (const name of ["user bob@example.com:", "user alice@example.com:", "group devs:"])
      expect(stdout).toContain(`# ${name}`);
  });

  it("reads logs without annotations, and lets nobody out of a comment or a name", async () => {
    const log = fileOf("managed.log", managedLog());
    const user = 'x"\n- kind: User\u001b[31m';
    const { stdout } = await answered(["rbac", log, "--user", user]);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    const documents = documentsOf(stdout) as {
      metadata: { name: string };
      rules?: { verbs: string[] }[];
      subjects?: { name: string }[];
    }[];
    expect(documents.flatMap(({ rules = [] }) => rules.flatMap(({ verbs }) => verbs))).toEqual(["get"]);
    expect(documents.flatMap(({ subjects = [] }) => subjects.map(({ name }) => name))).toEqual([user]);
    expect(documents[0]?.metadata.name).toMatch(/^ktrail:user:x_+-_*kind:_User_\[31m-[0-9a-f]{16}$/);
  });

  it("ends with 4 where rights drift, and says how", async () => {
    const existing = fileOf("existing.yaml", EXISTING);
    const { code, stdout } = await answered(["rbac", DEMO, "--user", "bob@example.com", "--existing", existing]);
    expect(code).toBe(4);
    expect(stdout).toContain("Granted and never used here:");
    expect(stdout).toContain("get nodes, by ClusterRoleBinding oops of ClusterRole reader");
    expect(stdout).toContain("Used, and granted by nothing of it:");
    const own = await answered(["rbac", DEMO, "--user", "bob@example.com"]);
    const applied = fileOf("applied.yaml", own.stdout);
    const again = await answered(["rbac", DEMO, "--user", "bob@example.com", "--existing", applied]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("grants is what was used");
  });

  it("refuses what it cannot read with its place", async () => {
    const broken = fileOf("broken.yaml", "kind: Role\nrules: [\n");
    const run = (path: string): Promise<{ code: number; stderr: string }> =>
      answered(["rbac", DEMO, "--user", "bob@example.com", "--existing", path]);
    const { code, stderr } = await run(broken);
    expect(code).toBe(3);
    expect(stderr).toContain("broken.yaml:");
    expect(await run(join(folder, "missing.yaml"))).toMatchObject({ code: 3 });
    expect(await run(folder)).toMatchObject({ code: 3 });
    const other = await run(fileOf("other.yaml", "kind: Pod\napiVersion: v1\n"));
    expect(other.stderr).toContain("1 objects are no roles or bindings");
  });

  it("prints a matrix, and bindings with what each allowed", async () => {
    const matrix = await answered(["rbac", DEMO, "--user", "bob@example.com", "--matrix", "-o", "json"]);
    const { subjects } = JSON.parse(matrix.stdout) as {
      subjects: { rows: { resource?: string; verbs: Record<string, { done: number }> }[] }[];
    };
    const pods = subjects[0]?.rows.find(({ resource }) => resource === "pods");
    expect(pods?.verbs["delete"]?.done).toBeGreaterThan(0);
    const bindings = await answered(["rbac", DEMO, "--bindings", "-o", "jsonl"]);
    const rows = bindings.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; requests: number });
    expect(rows.find(({ name }) => name === "dev-team-edit")?.requests).toBeGreaterThan(0);
    const uses = await answered(["rbac", DEMO, "--binding", "demo/dev-team-edit", "-o", "table"]);
    expect(uses.stdout).toContain("bob@example.com");
  });

  it.each([
    [["rbac", DEMO], "needs --user"],
    [["rbac", DEMO, "--user", ""], "needs a value"],
    [["rbac", DEMO, "--serviceaccount", "deployer"], "expected like ci/deployer"],
    [["rbac", DEMO, "--bindings", "--matrix"], "ask one"],
    [["rbac", DEMO, "--bindings", "-o", "yaml"], "only least rights"],
    [["rbac", DEMO, "--user", "a", "--expand", "everything"], "none of reads, writes"],
  ])("refuses %j", async (argv, sentence) => {
    const { code, stderr } = await answered(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
