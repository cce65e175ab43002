import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { readPolicies } from "../../src/policy/read-policy.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/policies");
const fixture = (name: string): string => readFileSync(join(FIXTURES, name), "utf8");

const HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

/** `line kind message`, of the only policy of a text. */
function problemsOf(text: string): string[] {
  const policies = readPolicies(text);
  expect(policies).toHaveLength(1);
  return (policies[0]?.problems ?? []).map(
    ({ place, kind, message }) => `${String(place?.line ?? 0)} ${kind}: ${message}`,
  );
}

/** The only policy of a text, without places. */
function rulesOf(text: string): unknown {
  const [policy] = readPolicies(text);
  return JSON.parse(
    JSON.stringify(policy?.policy?.rules ?? null, (key, value: unknown) => (key === "place" ? undefined : value)),
  );
}

describe("a policy the API server takes", () => {
  it("is read with all its fields", () => {
    const [read] = readPolicies(fixture("usual.yaml"));
    expect(read).toMatchObject({ key: "", problems: [], isTemplate: false });
    expect(read?.policy).toMatchObject({ omitStages: ["RequestReceived"], omitManagedFields: false });
    expect(read?.policy?.rules.map(({ level, place }) => [level, place.line])).toEqual([
      ["None", 6],
      ["None", 9],
      ["Metadata", 11],
      ["Request", 15],
      ["RequestResponse", 20],
      ["Metadata", 23],
    ]);
    expect(read?.policy?.rules[4]).toMatchObject({ omitManagedFields: true, omitStages: [] });
  });

  it.each([
    ["no kind", `apiVersion: audit.k8s.io/v1\nrules: [{level: None}]`],
    ["metadata", `${HEAD}metadata: {creationTimestamp: null, labels: {a: b}}\nrules: [{level: None}]`],
    ["a second document", `${HEAD}rules: [{level: None}]\n---\nfoo: [`],
    ["JSON", `{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"None"}]}`],
    ["nothing where a list may be", `${HEAD}rules: [{level: None, users: , verbs: ~}]`],
    [
      "a date, a word that is none and a quoted number",
      `${HEAD}rules: [{level: None, users: [2001-01-01, nope, "5"]}]`,
    ],
    ["words of YAML 1.1", `${HEAD}omitManagedFields: on\nrules: [{level: None, omitManagedFields: No}]`],
    ["a URL that is a star", `${HEAD}rules: [{level: None, nonResourceURLs: ["*", "/a*"]}]`],
  ])("%s", (_, text) => {
    expect(problemsOf(text)).toEqual([]);
    expect(readPolicies(text)[0]?.policy?.rules).toHaveLength(1);
  });

  it("has anchors, aliases and merges", () => {
    const text = `${HEAD}rules:\n- &base\n  level: None\n  users: &who [a, b]\n- <<: *base\n  verbs: [get]\n- level: Metadata\n  users: *who\n`;
    expect(rulesOf(text)).toMatchObject([
      { level: "None", users: [{ text: "a" }, { text: "b" }], verbs: [] },
      { level: "None", users: [{ text: "a" }, { text: "b" }], verbs: [{ text: "get" }] },
      { level: "Metadata", users: [{ text: "a" }, { text: "b" }] },
    ]);
  });
});

describe("a policy the API server takes, but not as it is written", () => {
  it.each([
    [
      `${HEAD}rules:\n- level: Metadata\n  level: Request\n`,
      ["5 ignored: rules[0].level is written twice (first in line 4): the last one counts"],
    ],
    [
      `${HEAD}rules:\n- level: Metadata\n  resources:\n  - group: apps\n    resource: [deployments]\n`,
      [
        "7 ignored: rules[0].resources[0].resource is no field of a policy and is ignored: the entry covers every resource of group apps",
      ],
    ],
    [
      `${HEAD}rules:\n- level: Metadata\n  Users: [a]\n`,
      ["5 ignored: rules[0].Users is no field of a policy and is ignored: the rule matches every user"],
    ],
    [
      `${HEAD}metadata: {nam: x}\nrules: [{level: None}]\n`,
      ["3 ignored: metadata.nam is no field of an object's metadata and is ignored"],
    ],
  ])("%s", (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
    expect(readPolicies(text)[0]?.policy).not.toBeNull();
  });

  it("takes the last of what is written twice", () => {
    expect(rulesOf(`${HEAD}rules:\n- level: Metadata\n  level: Request\n`)).toMatchObject([{ level: "Request" }]);
  });
});

describe("a policy the API server refuses", () => {
  it("tells each mistake with its line and what to write", () => {
    const [read] = readPolicies(fixture("refused.yaml"));
    expect(read?.policy).toBeNull();
    expect(read?.problems.map(({ rule, place, message, instead }) => [rule, place?.line, message, instead])).toEqual([
      [
        null,
        3,
        "RequestResponse is a level, not a stage: stages are when an event is written, levels what is in it",
        "level: RequestResponse on a rule; omitStages takes RequestReceived, ResponseStarted, ResponseComplete, Panic",
      ],
      [0, 5, "metadata is no level (case counts)", "level: Metadata"],
      [0, 7, "apps/v1 is a group with a version: rules have groups only", 'group: "apps"'],
    ]);
  });

  it.each([
    ["", "1 refused: there is no audit policy in it"],
    ["rules: [{level: None}]", "1 refused: there is no apiVersion"],
    ["apiVersion: v1\nrules: [{level: None}]", "1 refused: v1 is no version of an audit policy"],
    [`${HEAD}rules: []`, "1 refused: the policy has no rules: the API server does not start with it"],
    [
      `${HEAD}Rules: [{level: None}]`,
      "3 ignored: Rules is no field of a policy and is ignored: without it there are no rules",
    ],
    [`${HEAD}rules: [{}]`, "3 refused: the rule has no level"],
    [`${HEAD}rules: [{level: ResponseComplete}]`, "3 refused: ResponseComplete is a stage, not a level"],
    [`${HEAD}rules: {level: None}`, "3 refused: rules must be a list, and is an object"],
    [`${HEAD}rules: [{level: None, users: a}]`, "3 refused: rules[0].users must be a list, and is a text"],
    [
      `${HEAD}rules: [{level: None, users: [yes]}]`,
      "3 refused: rules[0].users[0] is true or false for the API server: yes without quotes is no text in YAML",
    ],
    [
      `${HEAD}rules: [{level: None, omitManagedFields: "true"}]`,
      "3 refused: rules[0].omitManagedFields must be true or false, and is a text",
    ],
    [`${HEAD}rules: [{level: None, omitStages: [ResponseDone]}]`, "3 refused: ResponseDone is no stage (case counts)"],
    [`${HEAD}rules: [{level: None, nonResourceURLs: [healthz]}]`, "3 refused: URL healthz does not begin with /"],
    [
      `${HEAD}rules: [{level: None, nonResourceURLs: ["/a*b"]}]`,
      "3 refused: * in URL /a*b is not its last character: only a prefix can be matched",
    ],
    [
      `${HEAD}rules: [{level: None, nonResourceURLs: ["/a"], namespaces: [a]}]`,
      "3 refused: a rule is either for resources or for URLs: it also has namespaces",
    ],
    [
      `${HEAD}rules: [{level: None, resources: [{resourceNames: [a]}]}]`,
      "3 refused: resourceNames without resources: names of what is not said",
    ],
    [`${HEAD}rules: [{level: None, resources: [{group: Apps}]}]`, "3 refused: Apps is no name of an API group"],
    [
      `${HEAD}metadata: {name: 5}\nrules: [{level: None}]`,
      "3 refused: metadata.name is a number for the API server: 5 without quotes is no text in YAML",
    ],
    [`${HEAD}rules:\n\t- level: None`, "4 refused: this is no YAML: Tabs are not allowed as indentation"],
    [
      `kind: EventList\napiVersion: audit.k8s.io/v1\nrules: [{level: None}]`,
      "1 refused: EventList is not the kind of an audit policy",
    ],
  ])("%s", (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
    expect(readPolicies(text)[0]?.policy).toBeNull();
  });

  it("can still be evaluated when only its version is gone", () => {
    for (const version of ["v1beta1", "v1alpha1"]) {
      const [read] = readPolicies(`apiVersion: audit.k8s.io/${version}\nkind: Policy\nrules: [{level: None}]`);
      expect(read?.problems).toMatchObject([
        { kind: "refused", place: { line: 1 }, instead: "apiVersion: audit.k8s.io/v1" },
      ]);
      expect(read?.policy?.rules).toHaveLength(1);
    }
  });
});

describe("a policy inside another file", () => {
  it("has its key and the lines of the file", () => {
    const read = readPolicies(fixture("several.yaml"));
    expect(read.map(({ key, policy }) => [key, policy?.rules[0]?.level, policy?.rules[0]?.place.line])).toEqual([
      ["data.quiet.yaml", "None", 10],
      ["data.loud.yaml", "RequestResponse", 17],
    ]);
  });

  const policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n";
  const indented = (spaces: number): string => policy.replaceAll(/^(?=.)/gm, " ".repeat(spaces));
  it.each([
    [
      "a cluster spec's file",
      `kind: Cluster\nspec:\n  fileAssets:\n  - name: audit\n    content: |\n${indented(6)}`,
      "spec.fileAssets.audit.content",
      9,
    ],
    [
      "a kubeadm file",
      `kind: KubeadmControlPlane\nspec:\n  files:\n  - path: /etc/policy.yaml\n    content: |-\n${indented(6)}`,
      "spec.files./etc/policy.yaml.content",
      9,
    ],
    [
      "one of several documents",
      `kind: Foo\n---\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  p: |\n${indented(4)}`,
      "ConfigMap/x.data.p",
      10,
    ],
    ["an object", `values:\n  audit:\n${indented(4)}`, "values.audit", 6],
    ["a Secret", `kind: Secret\ndata:\n  p: ${Buffer.from(policy).toString("base64")}\n`, "data.p", 3],
    ["a folded text", `kind: ConfigMap\ndata:\n  p: "${policy.replaceAll("\n", "\\n")}"\n`, "data.p", 3],
    ["a ConfigMap in a ConfigMap", `data:\n  a: |\n    data:\n      b: |\n${indented(8)}`, "data.a.data.b", 8],
    ["a here-document", `#!/bin/sh\ncat <<EOF >/etc/policy.yaml\n${policy}EOF\nrm -f x\n`, "line 3", 6],
    ["a template's text", `resource "x" {\n  policy = <<-EOT\n${indented(4)}  EOT\n}\n`, "line 3", 6],
  ])("%s", (_, text, key, line) => {
    const read = readPolicies(text);
    expect(read).toMatchObject([{ key, problems: [], policy: { rules: [{ level: "None", place: { line } }] } }]);
  });

  it("is read without what a template adds", () => {
    const text = `${HEAD}rules:\n{% if custom is defined %}\n{{ custom | indent(2) }}\n{% else %}\n- level: {{ level }}\n- level: None\n  users: ["{{ user }}"]\n{%- endif %}\n`;
    const [read] = readPolicies(text);
    expect(read).toMatchObject({ isTemplate: true, problems: [{ place: { line: 7 } }] });
    const [filled] = readPolicies(text.replace("{{ level }}", "Metadata"));
    expect(filled).toMatchObject({ isTemplate: true, problems: [] });
    expect(filled?.policy?.rules.map(({ place }) => place.line)).toEqual([7, 8]);
  });

  it("is never looked for without end", () => {
    assert(
      property(string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(readPolicies(`${HEAD}rules:\n${text}`).length).toBeGreaterThan(0);
        expect(readPolicies(text).length).toBeGreaterThan(0);
      }),
    );
    expect(readPolicies(`a: |\n${"  kind: Policy\n".repeat(2_000)}`)).toHaveLength(1);
    expect(readPolicies("kind: Policy\n".repeat(5_000)).length).toBeLessThanOrEqual(64);
  });
});
