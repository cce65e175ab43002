import { referencedAttributes, type RequestAttributes, requestAttributes } from "../events/request-attributes.ts";
import { splitResource } from "../events/resource-names.ts";
import { OVERFLOW, type RequestBlock, type RequestIndex } from "../index/contract.ts";
import { annotationValue } from "./annotation-value.ts";
import type { RowVisitor } from "./matching-runs.ts";
import { PairIds } from "./pair-ids.ts";
import type { Pauses } from "./scan.ts";

/** What requests asked of the authorizer and what it said: an entry per distinct combination. */
export interface AccessRow {
  /** Effective user; `asFrom` is the real one where it impersonated. */
  readonly user: string;
  readonly asFrom: string;
  readonly groups: readonly string[];
  readonly attributes: RequestAttributes;
  /** "allow", "forbid"; "" when the log does not say. */
  readonly decision: string;
  readonly authReason: string;
  readonly code: number | null;
  /** Answered while the API server was starting: its roles were not read yet. */
  readonly starting: boolean;
  /** What admitted a pod by the verb `use`: a pod security policy or a security context constraint; "" mostly. */
  readonly usedPolicy: string;
  readonly requests: number;
  /** µs; NaN when no event had a time. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** The newest ones, as many as were asked for, oldest first. */
  readonly seqs: readonly number[];
}

export interface AccessTable {
  readonly rows: readonly AccessRow[];
  /** Requests left out: what they asked for did not fit in the dictionaries, or too much else was asked for. */
  readonly unknown: number;
}

export interface AccessOptions {
  /** false: requests for different names are one entry, with no name. */
  readonly names: boolean;
  /** How many rows of an entry are named. At least 1. */
  readonly seqsOf: (row: Omit<AccessRow, "seqs">) => number;
}

interface Counted {
  requests: number;
  firstUs: number;
  lastUs: number;
  readonly seqs: number[];
}

/** Pieces worked out between two pauses. */
const PART = 1_024;
/** Rows remembered of an entry before it is known how many are wanted. */
export const SEQS_KEPT = 64;

export class AccessVisitor implements RowVisitor<AccessTable> {
  private readonly options: AccessOptions;
  /** Attributes by target; a target is rarely asked for with several verbs. */
  private readonly asked: AskedIds;
  private readonly parties = new PairIds();
  private readonly groups = new PairIds();
  private readonly counted: Counted[] = [];
  private unknown = 0;
  private readonly identities = new TupleClasses(({ actors }, id) => {
    return `${actors.user[id]} ${actors.asFrom[id]} ${actors.groups[id]}`;
  });
  private readonly answers = new TupleClasses(({ outcomes, dictionaries }, id) => {
    const annotations = dictionaries.annotations.text(outcomes.annotations[id] as number);
    const marks = `${isStarting(annotations)} ${usedPolicy(annotations)}`;
    return `${outcomes.decision[id]} ${outcomes.authReason[id]} ${outcomes.code[id]} ${marks}`;
  });

  constructor(options: AccessOptions) {
    this.options = options;
    this.asked = new AskedIds(options.names);
  }

  extend({ actors, outcomes }: RequestIndex): void {
    this.identities.extend(actors.size);
    this.answers.extend(outcomes.size);
  }

  add(index: RequestIndex, block: RequestBlock, rows: Uint32Array, count: number): void {
    const { verb } = index.outcomes;
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number;
      const outcome = block.outcome[row] as number;
      const asked = this.asked.id(index, block.target[row] as number, verb[outcome] as number);
      if (asked === UNKNOWN) {
        this.unknown += 1;
        continue;
      }
      const party = this.parties.id(
        this.identities.of(index, block.actor[row] as number),
        this.answers.of(index, outcome),
      );
      const group = this.groups.id(party, asked);
      const us = block.receivedUs(row);
      const known = this.counted[group];
      if (known === undefined) {
        this.counted[group] = { requests: 1, firstUs: us, lastUs: us, seqs: [block.firstSeq + row] };
        continue;
      }
      known.requests += 1;
      if (us < known.firstUs || Number.isNaN(known.firstUs)) known.firstUs = us;
      if (us > known.lastUs || Number.isNaN(known.lastUs)) known.lastUs = us;
      known.seqs.push(block.firstSeq + row);
      // Impersonated requests differ in ways that only their events tell.
      if (known.seqs.length >= 2 * SEQS_KEPT) known.seqs.splice(0, SEQS_KEPT);
    }
  }

  *result(index: RequestIndex): Pauses<AccessTable> {
    const found: AccessRow[] = [];
    const who = remembered((identity) => this.who(index, this.identities.member(identity)));
    const answer = remembered((own) => this.answer(index, this.answers.member(own)));
    for (const [group, counted] of this.counted.entries()) {
      if (group % PART === PART - 1) yield;
      const party = this.groups.first[group] as number;
      const { requests, firstUs, lastUs, seqs } = counted;
      const row = {
        ...who(this.parties.first[party] as number),
        attributes: this.asked.attributes(this.groups.second[group] as number),
        ...answer(this.parties.second[party] as number),
        requests,
        firstUs,
        lastUs,
      };
      found.push({ ...row, seqs: seqs.slice(-Math.max(1, this.options.seqsOf(row))) });
    }
    return { rows: found, unknown: this.unknown };
  }

  private who(index: RequestIndex, actor: number): Pick<AccessRow, "user" | "asFrom" | "groups"> {
    const { actors, dictionaries } = index;
    const members = index.groupSet(actors.groups[actor] as number);
    return {
      user: dictionaries.user.text(actors.user[actor] as number),
      asFrom: dictionaries.user.text(actors.asFrom[actor] as number),
      groups: Array.from(members, (code) => dictionaries.group.text(code)),
    };
  }

  private answer(
    { outcomes, dictionaries }: RequestIndex,
    outcome: number,
  ): Pick<AccessRow, "decision" | "authReason" | "code" | "starting" | "usedPolicy"> {
    const code = outcomes.code[outcome] as number;
    const annotations = dictionaries.annotations.text(outcomes.annotations[outcome] as number);
    return {
      decision: dictionaries.decision.text(outcomes.decision[outcome] as number),
      authReason: dictionaries.authReason.text(outcomes.authReason[outcome] as number),
      code: code === 0 ? null : code,
      starting: isStarting(annotations),
      usedPolicy: usedPolicy(annotations),
    };
  }
}

/** The same object for the same number. */
function remembered<T>(make: (number: number) => T): (number: number) => T {
  const known: T[] = [];
  return (number) => (known[number] ??= make(number));
}

function isStarting(annotations: string): boolean {
  return annotationValue(annotations, "apiserver.k8s.io/startup") !== "";
}

export const USE_ANNOTATIONS = [
  ["podsecuritypolicy.policy.k8s.io/admit-policy", "podsecuritypolicies.policy"],
  ["securitycontextconstraints.admission.openshift.io/chosen", "securitycontextconstraints.security.openshift.io"],
] as const;

/** `resource/name`. */
function usedPolicy(annotations: string): string {
  for (const [key, resource] of USE_ANNOTATIONS) {
    const name = annotationValue(annotations, key);
    if (name !== "") return `${resource}/${name}`;
  }
  return "";
}

const UNKNOWN = -1;
/** Different things that are told apart, at about 2 kB each with what is made of them. */
const MOST_ASKED = 1_000_000;

/** Numbers what the authorizer was asked, by target and verb. */
class AskedIds {
  private readonly names: boolean;
  private readonly pairs = new PairIds();
  private readonly ofPair: number[] = [];
  private readonly known = new Map<string, number>();
  private readonly list: RequestAttributes[] = [];

  constructor(names: boolean) {
    this.names = names;
  }

  id(index: RequestIndex, target: number, verb: number): number {
    const pair = this.pairs.id(target, verb);
    return (this.ofPair[pair] ??= this.number(index, target, verb));
  }

  attributes(id: number): RequestAttributes {
    return this.list[id] as RequestAttributes;
  }

  private number(index: RequestIndex, target: number, verb: number): number {
    const made = attributesOf(index, target, index.dictionaries.verb.text(verb));
    if (made === null) return UNKNOWN;
    const attributes = this.names || made.name === "" ? made : { ...made, name: "" };
    const key = askedKey(attributes);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.list.length >= MOST_ASKED) return UNKNOWN;
    this.known.set(key, this.list.length);
    // Of all requests for the same, the version and the path are the first one's.
    return this.list.push(attributes) - 1;
  }
}

/** The same for all requests for the same. */
function askedKey(attributes: RequestAttributes): string {
  const { isResourceRequest, verb, apiGroup, resource, subresource, namespace, name, path } = attributes;
  return JSON.stringify(isResourceRequest ? [verb, apiGroup, resource, subresource, namespace, name] : [verb, path]);
}

/** The same for all requests that are one entry. */
export function accessKey(row: Omit<AccessRow, "requests" | "firstUs" | "lastUs" | "seqs">): string {
  const { user, asFrom, groups, attributes, decision, authReason, code, starting, usedPolicy } = row;
  const answer = [decision, authReason, code, starting, usedPolicy];
  return JSON.stringify([user, asFrom, groups, askedKey(attributes), answer]);
}

/** By the URL; by objectRef where the URL is missing, broken or did not fit in memory. Null when neither did. */
function attributesOf({ targets, dictionaries }: RequestIndex, target: number, verb: string): RequestAttributes | null {
  const uriCode = targets.uri[target] as number;
  const uri = uriCode === OVERFLOW ? "" : dictionaries.uri.text(uriCode);
  const made = requestAttributes(uri, verb);
  if (made !== null) return made;
  const cells = [targets.resource, targets.subresource, targets.namespace, targets.name];
  if (uriCode === OVERFLOW && cells.some((codes) => codes[target] === OVERFLOW)) return null;
  const [resource, apiGroup] = splitResource(dictionaries.resource.text(targets.resource[target] as number));
  const reference = {
    apiGroup,
    resource,
    subresource: dictionaries.subresource.text(targets.subresource[target] as number),
    namespace: dictionaries.namespace.text(targets.namespace[target] as number),
    name: dictionaries.name.text(targets.name[target] as number),
  };
  return referencedAttributes(reference, verb, uri);
}

/** Tuples that are alike in what counts have one number. */
class TupleClasses {
  private readonly keyOf: (index: RequestIndex, id: number) => string;
  private readonly known = new Map<string, number>();
  /** Number + 1 by tuple; 0: not asked for yet. */
  private numbers = new Uint32Array(0);
  private readonly members: number[] = [];

  constructor(keyOf: (index: RequestIndex, id: number) => string) {
    this.keyOf = keyOf;
  }

  extend(size: number): void {
    if (size <= this.numbers.length) return;
    const grown = new Uint32Array(Math.ceil(size * 1.25));
    grown.set(this.numbers);
    this.numbers = grown;
  }

  of(index: RequestIndex, id: number): number {
    const told = this.numbers[id] as number;
    if (told > 0) return told - 1;
    const key = this.keyOf(index, id);
    const known = this.known.get(key);
    const number = known ?? this.members.push(id) - 1;
    if (known === undefined) this.known.set(key, number);
    this.numbers[id] = number + 1;
    return number;
  }

  /** A tuple of this class. */
  member(number: number): number {
    return this.members[number] as number;
  }
}
