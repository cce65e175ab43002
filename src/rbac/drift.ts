import type { GrantedRule, Identity, RbacAuthorizer } from "./authorizer.ts";
import { byText } from "./compact.ts";
import { defaultAuthorizer, defaultObjects } from "./defaults.ts";
import { GrantUse } from "./grant-use.ts";
import { type Entry, type Ledger, NEVER, type Tally } from "./ledger.ts";
import type { Binding, PolicyRule, RbacSubject } from "./objects.ts";
import { ruleResource } from "./right.ts";
import { type Subject, subjectText, userOf, withOwnGroups } from "./subject.ts";

/** Where what is granted and what is done differ. */
export interface DriftRow extends Tally {
  /** `unused`: granted, never used here. `wide`: a wildcard of which little is used. `missing`: done, granted by nothing given. */
  readonly kind: "unused" | "wide" | "missing";
  readonly subject: string;
  /** `RoleBinding demo/edit`; several where the same is meant, none of what is missing. */
  readonly bindings: readonly string[];
  readonly role: string;
  readonly rule: PolicyRule;
  /** Namespace of what is missing; "" is everywhere. */
  readonly namespace: string;
  /** What a wildcard was used for; a sentence. */
  readonly usedAs: string;
}

/** By simulation: a rule is used when it would have allowed something that was done, though another came first. */
export function driftOf(ledger: Ledger, authorizer: RbacAuthorizer): readonly DriftRow[] {
  const uses = usesOf(ledger, authorizer);
  const missing: Entry[] = [];
  for (const entry of ledger.entries.values()) {
    if (entry.allowed === null && (entry.implied.size === 0 || entry.optional)) continue;
    if (!markUses(entry, authorizer, uses)) missing.push(entry);
  }
  const subject = subjectText(ledger.subject);
  const granted = [...uses.values()].flatMap((use) => [...unusedRows(subject, use), ...wideRows(subject, use)]);
  return [...joined(granted), ...missing.map((entry) => missingRow(subject, entry))].toSorted(
    (a, b) =>
      byText(a.bindings[0] ?? "~", b.bindings[0] ?? "~") || byText(JSON.stringify(a.rule), JSON.stringify(b.rule)),
  );
}

/** All that is granted to a subject and not by Kubernetes itself, by binding. */
function usesOf(ledger: Ledger, authorizer: RbacAuthorizer): ReadonlyMap<Binding, GrantUse> {
  const uses = new Map<Binding, GrantUse>();
  for (const identity of identitiesOf(ledger)) {
    for (const granted of authorizer.grantsTo(identity)) {
      if (!isMeant(ledger.subject, granted) || isDefault(granted.binding, granted.subject)) continue;
      const use = uses.get(granted.binding) ?? new GrantUse(granted.binding);
      uses.set(granted.binding, use);
      use.addRule(granted.rule);
    }
  }
  return uses;
}

function identitiesOf(ledger: Ledger): readonly Identity[] {
  const { subject } = ledger;
  const user = userOf(subject);
  if (user === null) return [{ user: "", groups: [subject.name] }];
  return ledger.identities.size > 0 ? [...ledger.identities.values()] : [withOwnGroups({ user, groups: [] })];
}

/** Of a group only what is granted to it by name. */
function isMeant(subject: Subject, { subject: own }: GrantedRule): boolean {
  return subject.kind !== "Group" || (own.kind === "Group" && own.name === subject.name);
}

let defaults: ReadonlySet<string> | null = null;

/** What Kubernetes grants by itself is nobody's to take back. */
export function isDefault(binding: Binding, subject: RbacSubject): boolean {
  defaults ??= new Set(defaultObjects().bindings.flatMap((each) => each.subjects.map((own) => grantKey(each, own))));
  return defaults.has(grantKey(binding, subject));
}

function grantKey({ kind, namespace, roleName }: Binding, subject: RbacSubject): string {
  return JSON.stringify([kind, namespace, roleName, subject.kind, subject.name]);
}

/** Whether all its askers are granted it, by whatever; what Kubernetes grants by itself counts as granted. */
function markUses(entry: Entry, authorizer: RbacAuthorizer, uses: ReadonlyMap<Binding, GrantUse>): boolean {
  let isGranted = true;
  for (const identity of entry.identities) {
    const allowing = authorizer.allAllowing(identity, entry.right);
    isGranted &&= allowing.length > 0 || entry.byNode || defaultAuthorizer().allowedBy(identity, entry.right) !== null;
    for (const granted of allowing) uses.get(granted.binding)?.mark(granted, entry.right, tallyOf(entry));
  }
  return isGranted;
}

function tallyOf({ allowed, implied }: Entry): Tally {
  return allowed ?? [...implied.values()][0] ?? NEVER;
}

function unusedRows(subject: string, use: GrantUse): readonly DriftRow[] {
  return use.unused.map((rule) => rowOf("unused", subject, use.binding, rule));
}

function wideRows(subject: string, use: GrantUse): readonly DriftRow[] {
  return use.wide.map(({ rule, ...used }) => ({ ...rowOf("wide", subject, use.binding, rule), ...used }));
}

function rowOf(kind: DriftRow["kind"], subject: string, binding: Binding, rule: PolicyRule): DriftRow {
  const place = binding.namespace === "" ? "" : `${binding.namespace}/`;
  return {
    kind,
    subject,
    bindings: [`${binding.kind} ${place}${binding.name}`],
    role: `${binding.roleKind} ${binding.roleName}`,
    rule,
    namespace: "",
    usedAs: "",
    ...NEVER,
  };
}

/** The same of several bindings of one role is one row. */
function joined(rows: readonly DriftRow[]): readonly DriftRow[] {
  const groups = new Map<string, DriftRow>();
  for (const row of rows) {
    const key = JSON.stringify({ ...row, bindings: null });
    const known = groups.get(key);
    groups.set(key, known === undefined ? row : { ...known, bindings: [...known.bindings, ...row.bindings] });
  }
  return [...groups.values()];
}

function missingRow(subject: string, entry: Entry): DriftRow {
  const { right } = entry;
  const { isResourceRequest, verb, apiGroup, name, namespace, path } = right;
  return {
    kind: "missing",
    subject,
    bindings: [],
    role: "",
    rule: {
      verbs: [verb],
      apiGroups: isResourceRequest ? [apiGroup] : [],
      resources: isResourceRequest ? [ruleResource(right)] : [],
      resourceNames: name === "" ? [] : [name],
      nonResourceURLs: isResourceRequest ? [] : [path],
    },
    namespace,
    usedAs: "",
    ...tallyOf(entry),
  };
}
