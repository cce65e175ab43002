import type { GroupResources, PolicyRule, Word } from "./contract.ts";

/** Words listed before the rest is counted. */
const MOST_WORDS = 3;

/** What a rule is about, in a line: `get list watch of pods, pods/log by system:nodes in kube-system`. */
export function ruleText(rule: PolicyRule): string {
  const { users, userGroups, verbs, resources, namespaces, nonResourceURLs } = rule;
  const of =
    resources.length > 0
      ? listed(resources.map(entryText), "; ", 2)
      : nonResourceURLs.length > 0
        ? wordsText(nonResourceURLs, ", ")
        : namespaces.length > 0
          ? "all resources"
          : "everything";
  const who = [...users, ...userGroups];
  return [
    ...(verbs.length > 0 ? [wordsText(verbs, " ", 8), "of"] : []),
    of,
    ...(who.length > 0 ? ["by", wordsText(users.length > 0 ? users : userGroups, ", ")] : []),
    ...(users.length > 0 && userGroups.length > 0 ? ["who are in", wordsText(userGroups, ", ")] : []),
    ...(namespaces.length > 0 ? ["in", wordsText(namespaces, ", ")] : []),
  ].join(" ");
}

function entryText({ group, resources, resourceNames }: GroupResources): string {
  const ofGroup = group === "" ? "core" : group === "*" ? "any group" : group;
  if (resources.length === 0) return `all of ${ofGroup}`;
  const suffix = group === "" ? "" : ` of ${ofGroup}`;
  const names = resourceNames.length === 0 ? "" : ` named ${wordsText(resourceNames, ", ")}`;
  return `${wordsText(resources, ", ")}${suffix}${names}`;
}

function wordsText(words: readonly Word[], separator: string, most = MOST_WORDS): string {
  return listed(
    words.map(({ text }) => (text === "" ? '""' : text)),
    separator,
    most,
  );
}

function listed(texts: readonly string[], separator: string, most: number): string {
  const rest = texts.length - most;
  return rest > 0 ? `${texts.slice(0, most).join(separator)} +${String(rest)}` : texts.join(separator);
}
