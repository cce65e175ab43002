import { type Attributes, type GrantedRule, isResourceMatch, isUrlMatch } from "./authorizer.ts";
import type { Atom } from "./atom.ts";
import { byText } from "./compact.ts";
import { added, type Tally } from "./ledger.ts";
import type { Binding, PolicyRule } from "./objects.ts";
import { ruleResource } from "./right.ts";

/** What of the rules of one binding was used: by verb, group and resource, or by verb and path. */
export class GrantUse {
  readonly binding: Binding;
  private readonly cells = new Map<string, Cell>();
  private readonly ofRule = new Map<PolicyRule, readonly Cell[]>();

  constructor(binding: Binding) {
    this.binding = binding;
  }

  addRule(rule: PolicyRule): void {
    const cells = cellsOf(rule).map((cell) => this.cells.get(cell.key) ?? cell);
    for (const cell of cells) this.cells.set(cell.key, cell);
    this.ofRule.set(rule, cells);
  }

  /** A right that one of the rules allows was needed. */
  mark({ rule }: GrantedRule, right: Attributes, tally: Tally): void {
    for (const cell of this.ofRule.get(rule) ?? []) {
      const { verb, apiGroup, resource, path } = cell;
      if (verb !== "*" && verb !== right.verb) continue;
      const isMeant = right.isResourceRequest
        ? resource !== "" &&
          (apiGroup === "*" || apiGroup === right.apiGroup) &&
          isResourceMatch([resource], right.resource, right.subresource)
        : path !== "" && isUrlMatch(path, right.path);
      if (!isMeant) continue;
      cell.tally = added(cell.tally, tally);
      cell.usedNames.add(right.name);
      cell.usedVerbs.add(right.verb);
      cell.usedTargets.add(right.isResourceRequest ? ruleResource(right) : right.path);
    }
  }

  /** Granted and never used; of a rule for names those that nobody asked for. */
  get unused(): readonly Atom[] {
    return [...this.cells.values()].flatMap(({ tally, names, usedNames, ...cell }) => {
      const left = names?.filter((name) => !usedNames.has(name)) ?? null;
      if (tally !== null && (left === null || left.length === 0)) return [];
      return [atomOf({ ...cell, names: left })];
    });
  }

  /** Wildcards that were used, with what for. */
  get wide(): readonly { readonly atom: Atom; readonly usedAs: string }[] {
    return [...this.cells.values()].flatMap((cell) => {
      const { tally, usedVerbs, usedTargets } = cell;
      const isVerbs = cell.verb === "*";
      const isTargets = cell.resource.includes("*") || cell.path.endsWith("*") || cell.apiGroup === "*";
      if (tally === null || (!isVerbs && !isTargets)) return [];
      const told = [...(isVerbs ? [some(usedVerbs)] : []), ...(isTargets ? [some(usedTargets)] : [])];
      return [{ atom: { ...atomOf(cell), ...tally }, usedAs: `used for ${told.join(" on ")} only` }];
    });
  }
}

interface Cell {
  readonly key: string;
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly path: string;
  readonly names: readonly string[] | null;
  tally: Tally | null;
  readonly usedNames: Set<string>;
  readonly usedVerbs: Set<string>;
  readonly usedTargets: Set<string>;
}

function cellsOf(rule: PolicyRule): readonly Cell[] {
  const names = rule.resourceNames.length === 0 ? null : rule.resourceNames.toSorted(byText);
  const cell = (verb: string, apiGroup: string, resource: string, path: string): Cell => ({
    key: JSON.stringify([verb, apiGroup, resource, path, names]),
    verb,
    apiGroup,
    resource,
    path,
    names,
    tally: null,
    usedNames: new Set(),
    usedVerbs: new Set(),
    usedTargets: new Set(),
  });
  return rule.verbs.flatMap((verb) => [
    ...rule.apiGroups.flatMap((group) => rule.resources.map((resource) => cell(verb, group, resource, ""))),
    ...rule.nonResourceURLs.map((path) => cell(verb, "", "", path)),
  ]);
}

function atomOf({
  verb,
  apiGroup,
  resource,
  path,
  names,
}: Pick<Cell, "verb" | "apiGroup" | "resource" | "path" | "names">): Atom {
  return {
    verb,
    apiGroup,
    resource,
    path,
    names,
    namespace: "",
    section: { kind: "used", notes: [] },
    seen: [],
    isKept: false,
    requests: 0,
    firstUs: Number.NaN,
    lastUs: Number.NaN,
  };
}

/** Told of a wildcard that was used. */
const MOST_TOLD = 8;

function some(values: ReadonlySet<string>): string {
  const sorted = [...values].toSorted(byText);
  const more = sorted.length > MOST_TOLD ? ` and ${sorted.length - MOST_TOLD} more` : "";
  return `${sorted.slice(0, MOST_TOLD).join(", ")}${more}`;
}
