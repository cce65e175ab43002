import type { GroupResources, Policy, PolicyRule, Word } from "./contract.ts";
import type { Evaluator } from "./evaluate.ts";
import { ruleTest } from "./evaluate.ts";
import { memberOf, NAMELESS_VERBS, naturalUser, type Probe, RESOURCE_VERBS, UNHEARD, URL_VERBS, WHO } from "./probe.ts";
import type { PolicyUser } from "./user.ts";

/** Requests asked about one rule, and entries of all rules they are compared with; more, and nothing is said of it. */
const MOST_PROBES = 40_000;
const MOST_WORK = 4_000_000;

/** One word a rule lists, or a verb that it takes without listing it. */
export interface Facet {
  readonly kind: "users" | "userGroups" | "verbs" | "resources";
  readonly text: string;
}

/** Which requests that match a rule arrive at it. */
export interface Reach {
  /** False: all of them are decided by rules before it. */
  readonly isReached: boolean;
  /** What it says in vain: no request with it arrives. */
  readonly vain: readonly Facet[];
  /** Rules that decide instead, by how often. */
  readonly instead: readonly number[];
}

/** By asking about requests made of what the rule says, and of users, names and resources no rule mentions. */
export function reachOf(policy: Policy, evaluator: Evaluator, at: number): Reach {
  const rule = policy.rules[at];
  if (rule === undefined) throw new RangeError(`no rule ${String(at)}`);
  const matches = ruleTest(rule);
  const seen = new Map<string, { readonly facet: Facet; isReached: boolean }>();
  const others = new Map<number, number>();
  let isReached = false;
  let asked = 0;
  const most = Math.min(
    MOST_PROBES,
    MOST_WORK / policy.rules.reduce((sum, { resources }) => sum + 1 + resources.length, 0),
  );
  for (const { probe, facets } of probesOf(rule)) {
    if (!matches(probe.user, probe.attributes)) continue;
    asked += 1;
    // Too much to ask: all that can be said is that it may be.
    if (asked > most) return { isReached: true, vain: [], instead: [] };
    const decided = evaluator.decide(probe.user, probe.attributes).rule;
    isReached ||= decided === at;
    if (decided !== at) others.set(decided, (others.get(decided) ?? 0) + 1);
    for (const facet of facets) {
      const key = `${facet.kind} ${facet.text}`;
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { facet, isReached: decided === at });
      else known.isReached ||= decided === at;
    }
  }
  const vain = [...seen.values()].flatMap(({ facet, isReached: arrives }) => (arrives ? [] : [facet]));
  const instead = [...others].sort((a, b) => b[1] - a[1]).map(([decided]) => decided);
  // What matches nothing at all is another matter.
  return { isReached: isReached || asked === 0, vain: isReached ? vain : [], instead };
}

interface Asked {
  readonly probe: Probe;
  readonly facets: readonly Facet[];
}

function* probesOf(rule: PolicyRule): Generator<Asked> {
  const users = usersOf(rule);
  for (const { attributes, facet } of targetsOf(rule)) {
    const verbs =
      rule.verbs.length > 0
        ? rule.verbs.map(({ text }) => text)
        : attributes.isResourceRequest
          ? RESOURCE_VERBS
          : URL_VERBS;
    for (const verb of verbs) {
      // Nobody can name an object in these, but by a subresource.
      if (attributes.name !== "" && attributes.subresource === "" && ["create", "deletecollection"].includes(verb))
        continue;
      if (attributes.name === "" && !NAMELESS_VERBS.includes(verb) && attributes.isResourceRequest) continue;
      for (const { user, facets } of users) {
        // Who takes all verbs of everything expects others to have been asked first.
        const isSaid = rule.verbs.length > 0 || rule.resources.length > 0;
        const verbFacet: Facet[] = isSaid ? [{ kind: "verbs", text: verb }] : [];
        yield { probe: { user, attributes: { ...attributes, verb } }, facets: [...facets, ...verbFacet, ...facet] };
      }
    }
  }
}

function usersOf({
  users,
  userGroups,
}: PolicyRule): readonly { readonly user: PolicyUser | null; readonly facets: readonly Facet[] }[] {
  const groupFacet = (text: string): Facet => ({ kind: "userGroups", text });
  if (users.length > 0) {
    return users.flatMap(({ text }) => {
      const user = naturalUser(text);
      const facet: Facet = { kind: "users", text };
      if (userGroups.length === 0) return [{ user, facets: [facet] }];
      return userGroups.map((group) => ({
        user: { name: text, groups: [...new Set([...user.groups, group.text])] },
        facets: [facet, groupFacet(group.text)],
      }));
    });
  }
  if (userGroups.length > 0)
    return userGroups.map(({ text }) => ({ user: memberOf(text), facets: [groupFacet(text)] }));
  return Object.values(WHO).map((user) => ({ user, facets: [] }));
}

type Target = { readonly attributes: Probe["attributes"]; readonly facet: readonly Facet[] };

function* targetsOf(rule: PolicyRule): Generator<Target> {
  const { resources, namespaces, nonResourceURLs } = rule;
  if (resources.length > 0) {
    for (const entry of resources) for (const target of entryTargets(entry)) yield* inNamespaces(target, namespaces);
  } else if (namespaces.length > 0 || nonResourceURLs.length === 0) {
    yield* inNamespaces(target(UNHEARD.group, UNHEARD.resource, ""), namespaces);
    yield* inNamespaces(target(UNHEARD.group, UNHEARD.resource, UNHEARD.subresource), namespaces);
  }
  if (resources.length > 0 || namespaces.length > 0) return;
  for (const path of nonResourceURLs.length > 0 ? nonResourceURLs.map(samplePath) : [`/${UNHEARD.name}`]) {
    yield { attributes: urlAttributes(path), facet: [] };
  }
}

function samplePath({ text }: Word): string {
  if (text === "*") return `/${UNHEARD.name}`;
  return text.endsWith("*") ? `${text.replace(/\*+$/, "")}${UNHEARD.name}` : text;
}

function* entryTargets({ group, resources, resourceNames }: GroupResources): Generator<Target> {
  const apiGroup = group === "*" ? UNHEARD.group : group;
  const names = resourceNames.map(({ text }) => text);
  for (const { text } of resources.length > 0 ? resources : [{ text: "*" }]) {
    const facet: readonly Facet[] =
      resources.length > 0
        ? [{ kind: "resources", text }]
        : [{ kind: "resources", text: `all of ${group === "" ? "core" : group}` }];
    for (const { resource, subresource } of samplesOf(text)) {
      for (const name of names.length > 0 ? names : [""]) {
        yield { attributes: { ...target(apiGroup, resource, subresource).attributes, name }, facet };
      }
    }
  }
}

function samplesOf(item: string): readonly { readonly resource: string; readonly subresource: string }[] {
  const slash = item.indexOf("/");
  const resource = slash < 0 ? item : item.slice(0, slash);
  const subresource = slash < 0 ? "" : item.slice(slash + 1);
  const actual = resource === "*" ? UNHEARD.resource : resource;
  if (item === "*" || subresource === "*") {
    return [
      { resource: actual, subresource: "" },
      { resource: actual, subresource: UNHEARD.subresource },
    ];
  }
  return [{ resource: actual, subresource }];
}

function target(apiGroup: string, resource: string, subresource: string): Target {
  const attributes = { isResourceRequest: true, verb: "", path: "", apiGroup, apiVersion: "v1", namespace: "" };
  return { attributes: { ...attributes, resource, subresource, name: "" }, facet: [] };
}

function urlAttributes(path: string): Probe["attributes"] {
  return { ...target("", "", "").attributes, isResourceRequest: false, path, apiVersion: "" };
}

function* inNamespaces({ attributes, facet }: Target, namespaces: readonly Word[]): Generator<Target> {
  const texts = namespaces.length > 0 ? namespaces.map(({ text }) => text) : ["shop", ""];
  // An object that is asked for by its name has it in every namespace.
  const names = attributes.name === "" ? ["", UNHEARD.name] : [attributes.name];
  for (const namespace of texts)
    for (const name of names) yield { attributes: { ...attributes, namespace, name }, facet };
}
