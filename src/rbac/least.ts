import type { Access } from "./access.ts";
import { isDnsLabel } from "../events/dns-name.ts";
import {
  type Atom,
  atomsOf,
  isNamespaceObject,
  isRightUndoing,
  type Need,
  refusalsOf,
  type Section,
  withoutCovered,
} from "./atom.ts";
import { byText } from "./compact.ts";
import { DEFAULTS_VERSION, defaultAuthorizer } from "./defaults.ts";
import { type Entry, type Hint, Ledger, type Tally } from "./ledger.ts";
import { type Right, rightText } from "./right.ts";
import type { Subject } from "./subject.ts";
import { type Expansion, withAllNamespaces, withVerbs } from "./widen.ts";

export interface LeastOptions {
  /** Grant what is implied but may be held otherwise: bind, escalate, use. */
  readonly implied: boolean;
  /** Leave out what Kubernetes' own roles and the Node authorizer grant. */
  readonly withoutDefaults: boolean;
  /** Names are kept where there are no more of them. */
  readonly mostNames: number;
  readonly expand: readonly Expansion[];
  readonly expandNamespaces: boolean;
  /** Grant what was refused, apart. */
  readonly refused: boolean;
}

/** The least rights of one subject. */
export interface SubjectRights {
  readonly subject: Subject;
  readonly ledger: Ledger;
  readonly atoms: readonly Atom[];
  /** What was only ever refused, where that was asked for. */
  readonly refused: readonly Atom[];
  /** Implied rights that are not granted, each with its reasons. */
  readonly optional: readonly { readonly right: Right; readonly whys: ReadonlyMap<string, Tally> }[];
  readonly hints: readonly Hint[];
  /** Needed, but no rule is for it alone. */
  readonly inexpressible: readonly Right[];
  /** What widening left out, since it was refused in the log. */
  readonly notWidened: readonly Atom[];
}

export function leastRights(subject: Subject, accesses: readonly Access[], options: LeastOptions): SubjectRights {
  const ledger = new Ledger(subject, accesses);
  const entries = [...ledger.entries].sort(([a], [b]) => byText(a, b)).map(([, entry]) => entry);
  const isRefused = ({ refused, allowed }: Entry): boolean => refused !== null && allowed === null;
  const refusals = refusalsOf(entries.filter(isRefused).map(({ right }) => right));
  const isImplied = ({ right, implied, optional }: Entry): boolean =>
    implied.size > 0 && (!optional || options.implied) && !isRightUndoing(refusals, right);
  const isNeeded = (entry: Entry): boolean => entry.allowed !== null || isImplied(entry);
  const needs = entries
    .filter((entry) => isNeeded(entry))
    .map(needOf)
    .filter(({ section }) => !options.withoutDefaults || (section.kind !== "default" && section.kind !== "node"));
  const expressible = needs.filter(({ right }) => isExpressible(right));
  let atoms = withoutCovered(atomsOf(expressible, refusals, options.mostNames));
  const notWidened: Atom[] = [];
  if (options.expandNamespaces) {
    const widened = withAllNamespaces(atoms, refusals);
    atoms = widened.atoms;
    notWidened.push(...widened.left);
  }
  const widened = withVerbs(atoms, options.expand, refusals);
  notWidened.push(...widened.left);
  const refused = options.refused ? entries.filter(isRefused).map(refusedNeed) : [];
  return {
    subject,
    ledger,
    atoms: withoutCovered(widened.atoms),
    refused: withoutCovered(
      atomsOf(
        refused.filter(({ right }) => isExpressible(right)),
        new Map(),
        Number.POSITIVE_INFINITY,
      ),
    ),
    optional: entries
      .filter((entry) => entry.implied.size > 0 && !isNeeded(entry))
      .map(({ right, implied }) => ({ right, whys: implied })),
    hints: [...ledger.hints.values()],
    inexpressible: needs.map(({ right }) => right).filter((right) => !isExpressible(right)),
    notWidened,
  };
}

/**
 * No rule is for it alone: `*` as a verb, group or resource and at the end of a path stands for more, and in a namespace that
 * cannot be there no Role can be either.
 */
function isExpressible(right: Right): boolean {
  const { isResourceRequest, verb, apiGroup, resource, path, namespace } = right;
  if (verb === "*") return false;
  if (!isResourceRequest) return !path.endsWith("*");
  if (apiGroup === "*" || resource === "*") return false;
  return namespace === "" || isNamespaceObject(right) || isDnsLabel(namespace);
}

const USED: Section = { kind: "used", notes: [] };
const NODE: Section = { kind: "node", notes: ["the Node authorizer allows this without a binding"] };

function needOf(entry: Entry): Need {
  const { right, allowed, implied } = entry;
  const tally = allowed ?? [...implied.values()][0];
  if (tally === undefined) throw new RangeError(`nobody needs ${rightText(right)}`);
  return { right, ...tally, section: sectionOf(entry) };
}

function sectionOf(entry: Entry): Section {
  const granted = grantedByDefault(entry);
  const whys = [...entry.implied.keys()].toSorted(byText);
  if (entry.allowed === null) {
    return granted === null
      ? { kind: "implied", notes: whys, isImplied: true }
      : { kind: "default", notes: [...granted, ...whys.map((why) => `implied: ${why}`)], isImplied: true };
  }
  if (granted !== null) return { kind: "default", notes: granted };
  return entry.byNode ? NODE : USED;
}

/** Whatever its groups were: which of Kubernetes' own roles grants it; null when one of them does not. */
function grantedByDefault({ right, identities }: Entry): readonly string[] | null {
  const defaults = defaultAuthorizer();
  const notes = new Set<string>();
  for (const identity of identities) {
    const granted = defaults.allowedBy(identity, right);
    if (granted === null) return null;
    const { binding, subject } = granted;
    const place = subject.namespace === "" ? "" : `${subject.namespace}/`;
    notes.add(
      `granted by default (Kubernetes ${DEFAULTS_VERSION}): ${binding.roleKind} ${binding.roleName} to ${subject.kind} ${place}${subject.name}`,
    );
  }
  return [...notes].toSorted(byText);
}

function refusedNeed({ right, refused }: Entry): Need {
  if (refused === null) throw new RangeError(`nobody refused ${rightText(right)}`);
  return { right, ...refused, section: { kind: "refused", notes: [] } };
}
