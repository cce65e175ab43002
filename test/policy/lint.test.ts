import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { type LintItem, lintPolicy } from "../../src/policy/lint/lint.ts";
import { LINT_RULES } from "../../src/policy/lint/registry.ts";
import { LogFacts } from "../../src/policy/log-facts.ts";
import { readPolicies } from "../../src/policy/read-policy.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";
import { auditedEvents } from "./audited-events.ts";

function lint(text: string, log: LogFacts | null = null): readonly LintItem[] {
  return readPolicies(text).flatMap((read) => lintPolicy(read, text, log).items);
}

/** With what a sample leaves away. */
function policyText(text: string): string {
  const rules = text.replace(
    /rules: \[(\{.*\})\]$/s,
    (_, items: string) => `rules:\n${splitItems(items).join("\n")}\n`,
  );
  return `apiVersion: audit.k8s.io/v1\nkind: Policy\n${rules}`;
}

/** One rule a line, so that lines tell them apart: the first is in line 4 where nothing stands above. */
function splitItems(items: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= items.length; at += 1) {
    if ("{[".includes(items[at] ?? " ")) depth += 1;
    if ("}]".includes(items[at] ?? " ")) depth -= 1;
    if (at === items.length || (items[at] === "," && depth === 0)) {
      found.push(`- ${items.slice(start, at).trim()}`);
      start = at + 1;
    }
  }
  return found;
}

describe.each(LINT_RULES)("$id", ({ id, severity, hits, misses, about }) => {
  it.each(hits)("is found in $text", ({ text, says }) => {
    const found = lint(policyText(text)).filter((item) => item.id === id);
    expect(found).not.toEqual([]);
    expect(found.map(({ message, instead }) => `${message} | ${instead}`).join("\n")).toContain(says);
    for (const item of found) expect(item).toMatchObject({ severity });
  });

  it.each(misses)("is not found in %s", (text) => {
    expect(lint(policyText(text)).filter((item) => item.id === id)).toEqual([]);
  });

  it("is described by its samples and a sentence", () => {
    expect(hits.length).toBeGreaterThan(0);
    expect(misses.length).toBeGreaterThan(0);
    expect(about).toMatch(/^\S.*\.$/);
  });
});

describe("a lint", () => {
  it("has a file of its name for each rule", () => {
    const folder = join(import.meta.dirname, "../../src/policy/lint/rules");
    const own = LINT_RULES.filter(({ id }) => readFileSync(join(folder, `${id}.ts`), "utf8").includes(`id: "${id}"`));
    expect(readdirSync(folder)).toHaveLength(own.length);
    expect(own).toHaveLength(LINT_RULES.length);
  });

  it("has each id once, and error only for what the API server refuses", () => {
    const ids = LINT_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(LINT_RULES.filter(({ severity }) => severity === "error").map(({ id }) => id)).toEqual(["load-error"]);
  });

  it("does not tell what a comment accepts, but of errors", () => {
    const text = policyText("# ktrail: accept request-received, load-error watch-noise\nrules: [{level: Metadata}]");
    const [read] = readPolicies(text);
    if (read === undefined) throw new Error("no policy");
    const { items, accepted } = lintPolicy(read, text, null);
    expect(accepted).toEqual(["request-received", "watch-noise"]);
    expect(items.map(({ id }) => id)).toEqual([]);
    expect(lint(`# ktrail: accept load-error\n${policyText("rules: []")}`)).toMatchObject([{ severity: "error" }]);
  });

  it("measures on a log", () => {
    const log = new LogFacts();
    for (const path of logsIn(DEMO)) for (const event of auditedEvents(path)) log.see(event);
    const text = policyText(
      'rules: [{level: RequestResponse, users: ["system:kube-proxy", "system:kube-scheduler"]}, {level: Metadata}]',
    );
    const found = new Map(lint(text, log).map((item) => [item.id, item.message]));
    expect(found.get("managed-fields")).toMatch(/1[0-9] % of this log \(\d+ bytes\)$/);
    expect(found.get("request-received")).toContain("0 % of the events");
    expect(found.get("obsolete")).toContain("system:kube-proxy");
    expect(lint(text).map(({ id }) => id)).not.toContain("obsolete");
  });

  it("reads anything without a crash, and large policies without end", () => {
    assert(
      property(string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(Array.isArray(lint(policyText(`rules:\n- level: Metadata\n  ${text}`)))).toBe(true);
      }),
      { numRuns: 30 },
    );
    const groups = Array.from(
      { length: 300 },
      (_, at) => `{group: g${String(at)}.example.com, resources: [a, b/*, "*"]}`,
    );
    const rule = `- {level: Request, users: [a, b, c, d], resources: [${groups.join(", ")}]}`;
    const text = policyText(`rules:\n${Array.from({ length: 20 }, () => rule).join("\n")}\n`);
    expect(lint(text).length).toBeGreaterThan(0);
  });
});

describeShared(
  "policies of the wild",
  ["data/policies", "data/oracles/policies", "data/oracles/edge"],
  (wild, extracted, edge) => {
    const idsOf = (path: string): readonly string[] => lint(readFileSync(path, "utf8")).map(({ id }) => id);

    it.each<readonly [string, readonly string[]]>([
      ["load-error", ["eks-best-practices", "gke-k8s-audit-log-inspector", "all-k8s-audit-log-inspector", "kube-aws"]],
      [
        "unknown-field",
        ["openshift-writerequestbodies", "openshift-allrequestbodies", "openshift-oauth", "openshift-multipleCr"],
      ],
      ["partly-shadowed", ["gce-configure-helper", "kjournal-kind", "kube-aws", "eks-best-practices"]],
      ["wrong-group", ["falco-k8saudit"]],
      ["subresource-forgotten", ["falco-k8saudit", "kubernetes-website-audit-policy", "wzshiming-exporter"]],
      [
        "names-with-create",
        ["kubernetes-website-audit-policy", "falco-k8saudit", "metadata-only-k8s-audit-log-inspector"],
      ],
      ["drops-401", ["wzshiming-exporter"]],
      [
        "request-received",
        [
          "kind-docs",
          "kops-docs",
          "kops-golden-audit-cluster",
          "kwok-docs",
          "kwok-demo-audit",
          "kubernetes-local-up-cluster",
          "khi-oss-guide",
          "strrl-dashboard",
          "all-k8s-audit-log-inspector",
          "eks-best-practices",
          "gke-k8s-audit-log-inspector",
        ],
      ],
      ["secret-bodies", ["eks-best-practices", "all-k8s-audit-log-inspector", "khi-oss-guide", "openshift-default"]],
      ["catch-all-missing", ["audit2rbac-demo-policy", "openshift-base-policy", "strrl-dashboard"]],
      ["catch-all-bodies", ["all-k8s-audit-log-inspector", "khi-oss-guide", "openshift-allrequestbodies"]],
      ["managed-fields", ["gce-configure-helper", "falco-k8saudit", "khi-oss-guide", "strrl-dashboard", "kube-aws"]],
      ["crd-groups-forgotten", ["gce-configure-helper", "kjournal-kind", "kube-aws", "eks-best-practices"]],
      ["obsolete", ["gce-configure-helper", "kube-aws", "kjournal-kind"]],
      ["anonymous-probes", ["falco-k8saudit", "kubernetes-website-audit-policy"]],
      ["nothing-logged", ["rke2-hardening-default", "openshift-none"]],
      ["cis-gaps", ["rke2-hardening-default", "audit2rbac-demo-policy"]],
    ])("%s is found", (id, names) => {
      for (const name of names) expect(`${name}: ${idsOf(join(wild, `${name}.yaml`)).join(" ")}`).toContain(id);
    });

    it.each<readonly [string, readonly string[]]>([
      ["managed-fields", ["openshift-default", "openshift-writerequestbodies", "wzshiming-exporter"]],
      ["request-received", ["openshift-default", "falco-k8saudit", "gce-configure-helper", "audicia-hack"]],
      ["load-error", ["gce-configure-helper", "openshift-multipleCr", "rke2-hardening-default"]],
      ["never-matches", ["gce-configure-helper", "openshift-default", "kubernetes-website-audit-policy"]],
    ])("%s is not found where it is not", (id, names) => {
      for (const name of names) expect(`${name}: ${idsOf(join(wild, `${name}.yaml`)).join(" ")}`).not.toContain(id);
    });

    it("errors are told of exactly the policies that the API server's own code refuses", () => {
      const folders = [
        [extracted, join(edge, "../truth-policy/X1")],
        [join(edge, "policies"), join(edge, "truth")],
      ] as const;
      const checked = folders.flatMap(([folder, truths]) =>
        readdirSync(folder).map((name) => {
          const truth = readFileSync(join(truths, `${basename(name, ".yaml")}.json`), "utf8");
          const isError = lint(readFileSync(join(folder, name), "utf8")).some(({ severity }) => severity === "error");
          expect(`${name} ${String(isError)}`).toBe(`${name} ${String(truth.includes('"policyError"'))}`);
          return name;
        }),
      );
      expect(checked.length).toBeGreaterThan(70);
    });
  },
);
