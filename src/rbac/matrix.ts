import { type RbacAuthorizer, ruleAllows } from "./authorizer.ts";
import { byText, byVerb } from "./compact.ts";
import type { Ledger } from "./ledger.ts";
import type { PolicyRule } from "./objects.ts";
import { ruleResource } from "./right.ts";
import { userOf, withOwnGroups } from "./subject.ts";

export interface MatrixCell {
  /** Requests that were allowed and refused. */
  done: number;
  refused: number;
  /** Some grant allows it on some object; null when no grants were given. */
  could: boolean | null;
}

export interface MatrixRow {
  readonly apiGroup: string;
  /** `pods/log`; a path for requests for no resource. */
  readonly resource: string;
  readonly isPath: boolean;
  readonly cells: Map<string, MatrixCell>;
}

export interface Matrix {
  readonly verbs: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** What a verb `*` is shown as. */
const VERBS: readonly string[] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/** Verb × resource of a subject: done, refused and, with an authorizer, what it could have done besides. */
export function matrixOf(ledger: Ledger, authorizer: RbacAuthorizer | null): Matrix {
  const rows = new Rows(authorizer !== null);
  for (const { right, allowed, refused } of ledger.entries.values()) {
    if (allowed === null && refused === null) continue;
    const { isResourceRequest, apiGroup, path, verb } = right;
    const row = isResourceRequest ? rows.row(apiGroup, ruleResource(right), false) : rows.row("", path, true);
    const cell = rows.cell(row, verb);
    cell.done += allowed?.requests ?? 0;
    cell.refused += refused?.requests ?? 0;
  }
  if (authorizer !== null) markGranted(rows, rulesFor(ledger, authorizer));
  const all = [...rows.known.values()];
  return {
    verbs: [...new Set(all.flatMap(({ cells }) => [...cells.keys()]))].sort(byVerb),
    rows: all.sort(
      (a, b) => Number(a.isPath) - Number(b.isPath) || byText(a.apiGroup, b.apiGroup) || byText(a.resource, b.resource),
    ),
  };
}

class Rows {
  readonly known = new Map<string, MatrixRow>();
  private readonly isGrantKnown: boolean;

  constructor(isGrantKnown: boolean) {
    this.isGrantKnown = isGrantKnown;
  }

  row(apiGroup: string, resource: string, isPath: boolean): MatrixRow {
    const key = JSON.stringify([isPath, apiGroup, resource]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const row = { apiGroup, resource, isPath, cells: new Map<string, MatrixCell>() };
    this.known.set(key, row);
    return row;
  }

  cell({ cells }: MatrixRow, verb: string): MatrixCell {
    const known = cells.get(verb);
    if (known !== undefined) return known;
    const cell = { done: 0, refused: 0, could: this.isGrantKnown ? false : null };
    cells.set(verb, cell);
    return cell;
  }
}

/** Each once, wherever it counts and for whatever names. */
function rulesFor({ subject, groups }: Ledger, authorizer: RbacAuthorizer): readonly PolicyRule[] {
  const user = userOf(subject);
  const identity = user === null ? { user: "", groups: [subject.name] } : withOwnGroups({ user, groups: [...groups] });
  const rules = authorizer.grantsTo(identity).map(({ rule }) => ({ ...rule, resourceNames: [] }));
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

function markGranted(rows: Rows, rules: readonly PolicyRule[]): void {
  for (const { apiGroups, resources } of rules) {
    for (const group of apiGroups) for (const resource of resources) rows.row(group, resource, false);
  }
  for (const row of rows.known.values()) {
    const slash = row.resource.indexOf("/");
    const isWhole = row.isPath || slash < 0;
    const asked = {
      isResourceRequest: !row.isPath,
      apiGroup: row.apiGroup,
      resource: isWhole ? row.resource : row.resource.slice(0, slash),
      subresource: isWhole ? "" : row.resource.slice(slash + 1),
      namespace: "",
      name: "",
      path: row.resource,
    };
    for (const rule of rules) {
      for (const verb of rule.verbs.includes("*") ? VERBS : rule.verbs) {
        if (ruleAllows(rule, { ...asked, verb })) rows.cell(row, verb).could = true;
      }
    }
  }
}
