import { type Attributes, type GrantedRule, isResourceMatch, isUrlMatch } from "./authorizer.ts";
import type { Atom } from "./atom.ts";
import { byText, compact } from "./compact.ts";
import { added, NEVER, type Tally } from "./ledger.ts";
import type { Binding, PolicyRule } from "./objects.ts";
import { ruleResource } from "./right.ts";

/** Combinations of one binding that are looked at one by one: what is beyond is told rule by rule. */
const MOST_CELLS = 20_000;

/** What of the rules of one binding was used: by verb, group and resource, or by verb and path. */
export class GrantUse {
  readonly binding: Binding;
  private readonly cells = new Map<string, Cell>();
  private readonly ofRule = new Map<PolicyRule, readonly Cell[]>();

  constructor(binding: Binding) {
    this.binding = binding;
  }

  addRule(rule: PolicyRule): void {
    const cells = partsOf(rule, MOST_CELLS - this.cells.size).map((part) => {
      const key = JSON.stringify(part);
      const cell = this.cells.get(key) ?? cellOf(part);
      this.cells.set(key, cell);
      return cell;
    });
    this.ofRule.set(rule, cells);
  }

  /** A right that one of the rules allows was needed. */
  mark({ rule }: GrantedRule, right: Attributes, tally: Tally): void {
    for (const cell of this.ofRule.get(rule) ?? []) {
      const { verbs, apiGroups, resources, nonResourceURLs } = cell.part;
      if (!verbs.includes("*") && !verbs.includes(right.verb)) continue;
      const isMeant = right.isResourceRequest
        ? (apiGroups.includes("*") || apiGroups.includes(right.apiGroup)) &&
          isResourceMatch(resources, right.resource, right.subresource)
        : nonResourceURLs.some((path) => isUrlMatch(path, right.path));
      if (!isMeant) continue;
      cell.tally = added(cell.tally, tally);
      cell.usedNames.add(right.name);
      cell.usedVerbs.add(right.verb);
      cell.usedTargets.add(right.isResourceRequest ? ruleResource(right) : right.path);
    }
  }

  /** Granted and never used; of a rule for names those that nobody asked for. */
  get unused(): readonly PolicyRule[] {
    const left = [...this.cells.values()].flatMap(({ tally, part, usedNames }) => {
      const { resourceNames } = part;
      const names = resourceNames.filter((name) => !usedNames.has(name));
      if (tally !== null && names.length === 0) return [];
      return [{ ...part, resourceNames: names }];
    });
    const atoms = left.filter(isSingle).map((part) => atomOf(part, NEVER));
    return [...compact(atoms).map(({ rule }) => rule), ...left.filter((part) => !isSingle(part))];
  }

  /** Wildcards that were used, and what is told as a whole, with what for. */
  get wide(): readonly ({ readonly rule: PolicyRule; readonly usedAs: string } & Tally)[] {
    return [...this.cells.values()].flatMap(({ part, tally, usedVerbs, usedTargets }) => {
      const { verbs, apiGroups, resources, nonResourceURLs } = part;
      const isVerbs = verbs.includes("*") || verbs.length > 1;
      const isTargets =
        [...resources, ...nonResourceURLs].some((target) => target.includes("*")) ||
        apiGroups.includes("*") ||
        !isSingle(part);
      if (tally === null || (!isVerbs && !isTargets)) return [];
      const told = [...(isVerbs ? [some(usedVerbs)] : []), ...(isTargets ? [some(usedTargets)] : [])];
      const usedAs = `used for ${told.join(" on ")} only`;
      const rules = isSingle(part) ? compact([atomOf(part, tally)]).map(({ rule }) => rule) : [part];
      return rules.map((rule) => ({ rule, usedAs, ...tally }));
    });
  }
}

interface Cell {
  readonly part: PolicyRule;
  tally: Tally | null;
  readonly usedNames: Set<string>;
  readonly usedVerbs: Set<string>;
  readonly usedTargets: Set<string>;
}

function cellOf(part: PolicyRule): Cell {
  return { part, tally: null, usedNames: new Set(), usedVerbs: new Set(), usedTargets: new Set() };
}

/** A rule as its combinations, or, where they are more than `most`, as it is. */
function partsOf(rule: PolicyRule, most: number): readonly PolicyRule[] {
  const { verbs, apiGroups, resources, nonResourceURLs } = rule;
  const resourceNames = rule.resourceNames.toSorted(byText);
  const whole = { verbs, apiGroups, resources, resourceNames, nonResourceURLs };
  if (verbs.length * (apiGroups.length * resources.length + nonResourceURLs.length) > most) return [whole];
  const none = { apiGroups: [], resources: [], resourceNames, nonResourceURLs: [] };
  return verbs.flatMap((verb) => [
    ...apiGroups.flatMap((group) =>
      resources.map((resource) => ({ ...none, verbs: [verb], apiGroups: [group], resources: [resource] })),
    ),
    ...nonResourceURLs.map((path) => ({ ...none, verbs: [verb], nonResourceURLs: [path] })),
  ]);
}

/** One verb on one target. */
function isSingle({ verbs, apiGroups, resources, nonResourceURLs }: PolicyRule): boolean {
  return verbs.length === 1 && apiGroups.length <= 1 && resources.length + nonResourceURLs.length === 1;
}

function atomOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule, tally: Tally): Atom {
  return {
    verb: verbs[0] ?? "",
    apiGroup: apiGroups[0] ?? "",
    resource: resources[0] ?? "",
    path: nonResourceURLs[0] ?? "",
    names: resourceNames.length === 0 ? null : resourceNames,
    namespace: "",
    section: { kind: "used", notes: [] },
    seen: [],
    isKept: false,
    ...tally,
  };
}

/** Told of a wildcard that was used. */
const MOST_TOLD = 8;

function some(values: ReadonlySet<string>): string {
  const sorted = [...values].toSorted(byText);
  const more = sorted.length > MOST_TOLD ? ` and ${sorted.length - MOST_TOLD} more` : "";
  return `${sorted.slice(0, MOST_TOLD).join(", ")}${more}`;
}
