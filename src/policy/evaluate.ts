import type { RequestAttributes } from "../events/request-attributes.ts";
import type { Level, Stage } from "../events/vocabulary.ts";
import type { GroupResources, Policy, PolicyRule, Word } from "./contract.ts";
import type { PolicyUser } from "./user.ts";

/** What a policy decides about a request before it is answered. */
export interface Decision {
  /** 0-based; -1: no rule matches, and nothing is written. */
  readonly rule: number;
  readonly level: Level;
  /** The policy's and the rule's. */
  readonly omitStages: ReadonlySet<Stage>;
  readonly omitManagedFields: boolean;
}

export interface Evaluator {
  readonly policy: Policy;
  decide(user: PolicyUser | null, attributes: RequestAttributes): Decision;
}

/** Rules in their order, the first that matches decides; as k8s.io/apiserver's audit/policy/checker.go. */
export function evaluatorOf(policy: Policy): Evaluator {
  const rules = policy.rules.map((rule) => ruleTest(rule));
  const decisions = policy.rules.map((rule, at): Decision => ({
    rule: at,
    level: rule.level,
    omitStages: new Set([...policy.omitStages, ...rule.omitStages]),
    omitManagedFields: rule.omitManagedFields ?? policy.omitManagedFields,
  }));
  const unmatched: Decision = {
    rule: -1,
    level: "None",
    omitStages: new Set(policy.omitStages),
    omitManagedFields: policy.omitManagedFields,
  };
  return {
    policy,
    decide: (user, attributes) => decisions[rules.findIndex((test) => test(user, attributes))] ?? unmatched,
  };
}

/** Whether an event of this stage is written. */
export function isWritten({ level, omitStages }: Decision, stage: Stage): boolean {
  return level !== "None" && !omitStages.has(stage);
}

export type RuleTest = (user: PolicyUser | null, attributes: RequestAttributes) => boolean;

/** Whether one rule matches, whatever the rules before it do. */
export function ruleTest(rule: PolicyRule): RuleTest {
  const tests: RuleTest[] = [];
  if (rule.users.length > 0) {
    const users = textsOf(rule.users);
    tests.push((user) => user !== null && users.has(user.name));
  }
  if (rule.userGroups.length > 0) {
    const groups = textsOf(rule.userGroups);
    tests.push((user) => user !== null && user.groups.some((group) => groups.has(group)));
  }
  if (rule.verbs.length > 0) {
    const verbs = textsOf(rule.verbs);
    tests.push((_, { verb }) => verbs.has(verb));
  }
  if (rule.namespaces.length > 0 || rule.resources.length > 0) tests.push(...resourceTests(rule));
  else if (rule.nonResourceURLs.length > 0) tests.push(urlTest(rule));
  return (user, attributes) => tests.every((test) => test(user, attributes));
}

function resourceTests({ namespaces, resources }: PolicyRule): readonly RuleTest[] {
  const tests: RuleTest[] = [(_, { isResourceRequest }) => isResourceRequest];
  if (namespaces.length > 0) {
    const texts = textsOf(namespaces);
    tests.push((_, { namespace }) => texts.has(namespace));
  }
  if (resources.length > 0) {
    const entries = resources.map(entryTest);
    tests.push((_, attributes) => entries.some((test) => test(attributes)));
  }
  return tests;
}

export type EntryTest = (attributes: RequestAttributes) => boolean;

/** Whether one entry of a rule's resources matches a resource request. */
export function entryTest({ group, resources, resourceNames }: GroupResources): EntryTest {
  const names = textsOf(resourceNames);
  const texts = textsOf(resources);
  // `pods/*` matches `pods` too: what is cut off is compared with the resource alone.
  const parents = new Set([...texts].filter((text) => text.endsWith("/*")).map((text) => text.slice(0, -2)));
  const isAny = texts.has("*");
  return ({ apiGroup, resource, subresource, name }) => {
    if (group !== "*" && group !== apiGroup) return false;
    if (texts.size === 0) return true;
    if (names.size > 0 && !names.has(name)) return false;
    if (isAny || parents.has(resource)) return true;
    if (subresource === "") return texts.has(resource);
    return texts.has(`${resource}/${subresource}`) || texts.has(`*/${subresource}`);
  };
}

function urlTest({ nonResourceURLs }: PolicyRule): RuleTest {
  const exact = textsOf(nonResourceURLs);
  const prefixes = [...exact].filter((text) => text.endsWith("*")).map((text) => text.replace(/\*+$/, ""));
  return (_, { isResourceRequest, path }) =>
    !isResourceRequest && (exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix)));
}

function textsOf(words: readonly Word[]): ReadonlySet<string> {
  return new Set(words.map(({ text }) => text));
}
