import { resolveResource } from "../../../events/resource-names.ts";
import type { GroupResources, PolicyRule, Word } from "../../contract.ts";
import { RESOURCE_VERBS, URL_VERBS } from "../../probe.ts";
import type { Finding, MeaningRule } from "../contract.ts";
import { ofRule } from "../findings.ts";

const METHODS: Readonly<Record<string, string>> = {
  post: "create",
  put: "update",
  read: "get, list, watch",
  write: "create, update, patch, delete, deletecollection",
  replace: "update",
  remove: "delete",
  deleteCollection: "deletecollection",
};
/** Of resource requests, but the legacy proxy. */
const VERBS: readonly string[] = [...RESOURCE_VERBS, "proxy", ""];

export const neverMatches: MeaningRule = {
  of: "meaning",
  id: "never-matches",
  severity: "warning",
  about: "Words are compared as they are: no globs, no case folding, plurals as in the URL, groups without versions.",
  hits: [
    { text: 'rules: [{level: None, verbs: ["*"]}]', says: 'verb "*" is no wildcard' },
    { text: 'rules: [{level: None, users: ["system:node:*"]}]', says: "no globs" },
    { text: 'rules: [{level: None, namespaces: ["kube-*"]}]', says: "no globs" },
    { text: "rules: [{level: None, verbs: [post], resources: [{group: apps}]}]", says: "create" },
    { text: 'rules: [{level: None, resources: [{resources: ["*/*"]}]}]', says: "matches nothing" },
    { text: "rules: [{level: None, resources: [{resources: [Pod]}]}]", says: "pods" },
    { text: "rules: [{level: None, resources: [{resources: [deployments.apps]}]}]", says: "group: apps" },
    { text: "rules: [{level: None, resources: [{group: core, resources: [pods]}]}]", says: 'group: ""' },
    { text: 'rules: [{level: None, verbs: [list], nonResourceURLs: ["/healthz"]}]', says: "method" },
  ],
  misses: [
    'rules: [{level: None, resources: [{group: "*", resources: ["*", "pods/*", "*/status", widgets]}], verbs: [get]}]',
    'rules: [{level: None, verbs: [post, head], nonResourceURLs: ["/healthz*"]}]',
    "rules: [{level: None, resources: [{group: example.com, resources: [Odd]}]}]",
  ],
  check: ({ policy }) => policy.rules.flatMap((rule, at) => [...ruleFindings(rule, at)]),
};

function* ruleFindings(rule: PolicyRule, at: number): Generator<Finding> {
  for (const word of rule.verbs) yield* verbFinding(rule, at, word);
  const exact = { user: rule.users, group: rule.userGroups, namespace: rule.namespaces };
  for (const [what, words] of Object.entries(exact)) {
    for (const { text, place } of words) {
      if (text.includes("*"))
        yield ofRule(
          at,
          place,
          `${what} "${text}" is compared as it is, there are no globs: it matches nobody`,
          EXACT[what] ?? "",
        );
    }
  }
  for (const entry of rule.resources) {
    yield* groupFinding(at, entry);
    for (const word of entry.resources) yield* resourceFinding(at, entry, word);
    for (const { text, place } of entry.resourceNames) {
      if (text.includes("*"))
        yield ofRule(
          at,
          place,
          `name "${text}" is compared as it is, there are no globs`,
          "each name, or no resourceNames",
        );
    }
  }
}

const EXACT: Readonly<Record<string, string>> = {
  user: 'each user by name, or userGroups: ["system:nodes"], ["system:serviceaccounts:NAMESPACE"]',
  group: "each group by name",
  namespace: "each namespace by name, or no namespaces",
};

function* verbFinding(rule: PolicyRule, at: number, { text, place }: Word): Generator<Finding> {
  if (text === "*") {
    yield ofRule(at, place, 'verb "*" is no wildcard: it matches nothing', "no verbs: that means all of them");
    return;
  }
  const isForURLs = rule.nonResourceURLs.length > 0;
  const isForBoth = !isForURLs && rule.resources.length + rule.namespaces.length === 0;
  const known = [...(isForURLs ? [] : VERBS), ...(isForURLs || isForBoth ? URL_VERBS : [])];
  if (known.includes(text)) return;
  const lower = text.toLowerCase();
  const instead =
    METHODS[text] ?? METHODS[lower] ?? (known.includes(lower) ? lower : `one of ${known.filter(Boolean).join(", ")}`);
  const why = isForURLs ? "for URLs the verb is the method in lower case" : "it matches nothing";
  yield ofRule(at, place, `"${text}" is no verb of such requests: ${why}`, instead);
}

function* groupFinding(at: number, { group, place }: GroupResources): Generator<Finding> {
  if (group === "core")
    yield ofRule(at, place, 'there is no group "core": the core group has an empty name', 'group: ""');
  else if (/^v\d+((alpha|beta)\d+)?$/.test(group)) {
    yield ofRule(
      at,
      place,
      `"${group}" is a version, not a group: this matches nothing`,
      'group: "" for the core group',
    );
  }
}

function* resourceFinding(at: number, { group }: GroupResources, { text, place }: Word): Generator<Finding> {
  const [resource = "", subresource] = text.split("/", 2);
  if (text === "*/*") yield ofRule(at, place, '"*/*" matches nothing', '"*": resources and subresources');
  else if (/\*/.test(resource.replace(/^\*$/, "")) || text.split("/").length > 2) {
    yield ofRule(
      at,
      place,
      `"${text}" matches nothing: only "*", "*/sub" and "resource/*" are understood`,
      "each resource by its plural",
    );
  } else if (resource.includes(".")) {
    const [plural = "", ...rest] = resource.split(".");
    const named = `group: ${rest.join(".")}, resources: ["${plural}"]`;
    yield ofRule(at, place, `"${text}": the group is not part of a resource's name, this matches nothing`, named);
  } else if (resource !== "*" && resource !== "") {
    const known = knownPlural(resource, group);
    if (known === null || known === resource) return;
    const instead = subresource === undefined ? known : `${known}/${subresource}`;
    yield ofRule(at, place, `"${text}" is no resource: they are plurals in lower case, as in the URL`, `"${instead}"`);
  }
}

/** The plural that a kind, singular or short name of a built-in group stands for; null for what nobody knows. */
function knownPlural(word: string, group: string): string | null {
  for (const resource of resolveResource(word)) {
    const [plural = "", ...rest] = resource.split(".");
    if (group === "*" || rest.join(".") === group) return plural;
  }
  return null;
}
