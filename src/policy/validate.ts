import { LEVELS, STAGES, type Level, type Stage } from "../events/vocabulary.ts";
import { closestWords } from "../queries/closest.ts";
import type { Place } from "../yaml/located.ts";
import type { Policy, PolicyRule, Word } from "./contract.ts";
import type { DecodeProblems } from "./decode-problems.ts";
import type { PolicyDraft, RuleDraft } from "./read-rules.ts";

export const POLICY_VERSION = "audit.k8s.io/v1";
/** Read by API servers up to 1.23. */
const REMOVED_VERSIONS: readonly string[] = ["audit.k8s.io/v1beta1", "audit.k8s.io/v1alpha1"];

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LONGEST_SUBDOMAIN = 253;

/** The checks of the API server, in its order. Null when it refuses the file for more than its version. */
export function validated(draft: PolicyDraft, place: Place, problems: DecodeProblems): Policy | null {
  const { apiVersion, kind, rules } = draft;
  checkVersion(apiVersion, kind, place, problems);
  const versioned = problems.found.filter((problem) => problem.kind === "refused").length;
  checkStages(draft.omitStages, problems);
  rules.forEach((rule, at) => {
    problems.rule = at;
    checkRule(rule, problems);
  });
  problems.rule = null;
  if (rules.length === 0) {
    problems.refused(
      place,
      "the policy has no rules: the API server does not start with it",
      "rules: [{level: Metadata}]",
    );
  }
  const refused = problems.found.filter((problem) => problem.kind === "refused").length;
  const isReadable = versioned === 0 || (apiVersion !== null && REMOVED_VERSIONS.includes(apiVersion.text));
  if (!isReadable || refused > versioned) return null;
  return {
    rules: rules.map(checkedRule),
    omitStages: draft.omitStages.map(({ text }) => text as Stage),
    omitManagedFields: draft.omitManagedFields,
  };
}

function checkVersion(apiVersion: Word | null, kind: Word | null, place: Place, problems: DecodeProblems): void {
  const version = apiVersion?.text ?? "";
  const at = apiVersion?.place ?? place;
  if (version === "") {
    problems.refused(at, "there is no apiVersion", `apiVersion: ${POLICY_VERSION}`);
  } else if (REMOVED_VERSIONS.includes(version)) {
    problems.refused(
      at,
      `${version} was removed in Kubernetes 1.24: API servers from then on do not start with it, 1.23 and older do`,
      `apiVersion: ${POLICY_VERSION}`,
    );
  } else if (version !== POLICY_VERSION) {
    problems.refused(at, `${version} is no version of an audit policy`, `apiVersion: ${POLICY_VERSION}`);
  }
  // A missing kind is taken for the one that is expected.
  if (kind !== null && kind.text !== "" && kind.text !== "Policy") {
    problems.refused(kind.place, `${kind.text} is not the kind of an audit policy`, "kind: Policy");
  }
}

function checkRule(rule: RuleDraft, problems: DecodeProblems): void {
  checkLevel(rule.level, problems);
  for (const url of rule.nonResourceURLs) checkURL(url, problems);
  for (const { group, resources, resourceNames } of rule.resources) {
    checkGroup(group, problems);
    const [name] = resourceNames;
    if (name !== undefined && resources.length === 0) {
      problems.refused(
        name.place,
        "resourceNames without resources: names of what is not said",
        'add resources to the entry: resources: ["configmaps"]',
      );
    }
  }
  checkStages(rule.omitStages, problems);
  const [url] = rule.nonResourceURLs;
  const resource = rule.resources[0] ?? rule.namespaces[0];
  if (url !== undefined && resource !== undefined) {
    problems.refused(
      url.place,
      `a rule is either for resources or for URLs: it also has ${rule.resources.length > 0 ? "resources" : "namespaces"}`,
      "two rules of the same level",
    );
  }
}

function checkLevel({ text, place }: Word, problems: DecodeProblems): void {
  if (LEVELS.includes(text as Level)) return;
  if (text === "") problems.refused(place, "the rule has no level", `level: one of ${LEVELS.join(", ")}`);
  else if (STAGES.includes(text as Stage)) {
    problems.refused(place, `${text} is a stage, not a level`, `level: one of ${LEVELS.join(", ")}`);
  } else problems.refused(place, `${text} is no level (case counts)`, meant(text, LEVELS, "level: "));
}

function checkStages(stages: readonly Word[], problems: DecodeProblems): void {
  for (const { text, place } of stages) {
    if (STAGES.includes(text as Stage)) continue;
    const level = LEVELS.find((known) => known.toLowerCase() === text.toLowerCase());
    if (level === undefined) problems.refused(place, `${text} is no stage (case counts)`, meant(text, STAGES, ""));
    else {
      problems.refused(
        place,
        `${level} is a level, not a stage: stages are when an event is written, levels what is in it`,
        `level: ${level} on a rule; omitStages takes ${STAGES.join(", ")}`,
      );
    }
  }
}

function meant(text: string, words: readonly string[], before: string): string {
  const near = closestWords(text, words)[0];
  return near === undefined ? `${before}one of ${words.join(", ")}` : `${before}${near}`;
}

function checkURL({ text, place }: Word, problems: DecodeProblems): void {
  if (text === "*") return;
  if (!text.startsWith("/")) {
    problems.refused(place, `URL ${text === "" ? '""' : text} does not begin with /`, `"/${text}"`);
  }
  const star = text.indexOf("*");
  if (star >= 0 && star < text.length - 1) {
    problems.refused(
      place,
      `* in URL ${text} is not its last character: only a prefix can be matched`,
      `"${text.slice(0, star)}*"`,
    );
  }
}

function checkGroup({ text, place }: Word, problems: DecodeProblems): void {
  if (text === "" || text === "*" || (text.length <= LONGEST_SUBDOMAIN && SUBDOMAIN.test(text))) return;
  const slash = text.indexOf("/");
  problems.refused(
    place,
    slash < 0 ? `${text} is no name of an API group` : `${text} is a group with a version: rules have groups only`,
    `group: "${slash < 0 ? text.toLowerCase() : text.slice(0, slash)}"`,
  );
}

function checkedRule(rule: RuleDraft): PolicyRule {
  return {
    ...rule,
    level: rule.level.text as Level,
    resources: rule.resources.map((entry) => ({ ...entry, group: entry.group.text })),
    omitStages: rule.omitStages.map(({ text }) => text as Stage),
  };
}
