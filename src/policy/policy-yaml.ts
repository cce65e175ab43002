import type { RuleSpec } from "./suggest/contract.ts";

export interface CommentedRule {
  /** Lines, without `#`. */
  readonly comment: readonly string[];
  readonly rule: RuleSpec;
}

export interface PolicySpec {
  readonly comment: readonly string[];
  readonly omitStages: readonly string[];
  readonly omitManagedFields: boolean;
  readonly rules: readonly CommentedRule[];
}

const WIDTH = 110;

/** A policy as the API server takes it, with comments. */
export function policyYaml({ comment, omitStages, omitManagedFields, rules }: PolicySpec): string {
  const lines = [
    ...comment.map((line) => `# ${line}`.trimEnd()),
    "apiVersion: audit.k8s.io/v1",
    "kind: Policy",
    ...(omitStages.length > 0 ? [`omitStages: [${omitStages.join(", ")}]`] : []),
    ...(omitManagedFields ? ["omitManagedFields: true"] : []),
    "rules:",
    ...rules.flatMap(({ comment: above, rule }) => [...above.map((line) => `  # ${line}`), ...ruleLines(rule)]),
  ];
  return `${lines.join("\n")}\n`;
}

function ruleLines({ level, users, userGroups, verbs, resources, nonResourceURLs }: RuleSpec): string[] {
  return [
    `  - level: ${level}`,
    ...listLines("    ", "users", users),
    ...listLines("    ", "userGroups", userGroups),
    ...listLines("    ", "verbs", verbs),
    ...(resources === undefined ? [] : ["    resources:"]),
    ...(resources ?? []).flatMap(({ group, resources: named }) => [
      `      - group: ${JSON.stringify(group)}`,
      ...listLines("        ", "resources", named),
    ]),
    ...listLines("    ", "nonResourceURLs", nonResourceURLs),
  ];
}

/** In one line where it fits. */
function listLines(indent: string, key: string, words: readonly string[] | undefined): string[] {
  if (words === undefined) return [];
  const quoted = words.map((word) => JSON.stringify(word));
  const line = `${indent}${key}: [${quoted.join(", ")}]`;
  return line.length <= WIDTH ? [line] : [`${indent}${key}:`, ...quoted.map((word) => `${indent}  - ${word}`)];
}
