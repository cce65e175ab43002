import { actorClassOf } from "../../events/actor-class.ts";
import { pathOf } from "../../events/object-key.ts";
import { ABSENT, OVERFLOW, type RequestBlock, type RequestIndex } from "../../index/contract.ts";
import { annotationValue } from "../annotation-value.ts";
import {
  BOOTSTRAP_CLASSES,
  BOOTSTRAP_ROLES,
  CLUSTER_CLIENTS,
  HEALTH_PATHS,
  INFORMER_VERBS,
  LEASE_NAMESPACE,
  LEASE_PREFIX,
  LEASE_VERBS,
  LEASES,
  OWN_USER,
  PRIORITY_CLASSES,
  ROLE_VERBS,
  type Sign,
  STARTUP_ANNOTATION,
} from "./signs.ts";

/** One of the signs of a start. */
export interface SeenSign {
  readonly us: number;
  readonly sign: Sign;
  /** What was asked for: the same again is no further sign. */
  readonly key: string;
  /** How many requests that a new process makes it is worth. */
  readonly worth: number;
}

/** Three answers before readiness, or a lease taken away and taken anew, make a start certain. */
const STARTUP_WORTH = 4;
const LEASE_WORTH = 6;

const OWN = 1;
const CLUSTER = 2;

const REFUSED = 1;
const FAILED = 2;
const STARTUP = 4;

/**
 * Tells the rows with a sign: what the terms of SIGNS select, without looking at every target there is (which a filter does,
 * at a microsecond each): only rows of the API server itself and failures are looked at further.
 */
export class SignReader {
  private readonly index: RequestIndex;
  private actors = new Uint8Array(0);
  private outcomes = new Uint8Array(0);
  /** By code of the annotations: a log of many millions has hundreds of thousands. */
  private startups = new Uint8Array(0);
  /** By target and verb. */
  private readonly bootstraps = new Map<number, Omit<SeenSign, "us"> | null>();

  /** Valid until the index renumbers its codes. */
  constructor(index: RequestIndex) {
    this.index = index;
  }

  /** Covers the actors and outcomes there are now. */
  extend(): void {
    const { actors, outcomes, dictionaries } = this.index;
    this.actors = extended(this.actors, actors.size, (id) => {
      const user = dictionaries.user.text(actors.user[id] ?? ABSENT);
      const isOwn = user === OWN_USER && (actors.asFrom[id] ?? ABSENT) === ABSENT;
      return (isOwn ? OWN : 0) | (CLUSTER_CLIENTS.includes(actorClassOf(user)) ? CLUSTER : 0);
    });
    this.startups = extended(this.startups, dictionaries.annotations.size, (code) => {
      const json = code === OVERFLOW ? "" : dictionaries.annotations.text(code);
      return annotationValue(json, STARTUP_ANNOTATION) === "" ? 0 : STARTUP;
    });
    this.outcomes = extended(this.outcomes, outcomes.size, (id) => {
      const code = outcomes.code[id] ?? 0;
      const startup = this.startups[outcomes.annotations[id] ?? ABSENT] ?? 0;
      return (code === 403 ? REFUSED : 0) | (code >= 500 && code < 600 ? FAILED : 0) | startup;
    });
  }

  /** Calls `found` with every sign of the row, received at `us`. */
  read(block: RequestBlock, row: number, us: number, into: SeenSign[]): void {
    const actor = this.actors[block.actor[row] as number] as number;
    const outcome = this.outcomes[block.outcome[row] as number] as number;
    if (actor === 0 && outcome === 0) return;
    const seq = block.firstSeq + row;
    if ((outcome & STARTUP) !== 0) into.push({ us, sign: "startup", key: `startup ${seq}`, worth: STARTUP_WORTH });
    if ((outcome & REFUSED) !== 0 && (actor & CLUSTER) !== 0)
      into.push({ us, sign: "refused", key: `${seq}`, worth: 0 });
    if ((outcome & FAILED) !== 0 && this.isHealthCheck(block.target[row] as number))
      into.push({ us, sign: "notReady", key: `${seq}`, worth: 0 });
    const bootstrap = (actor & OWN) === 0 ? null : this.bootstrapOf(block, row);
    if (bootstrap !== null) into.push({ us, ...bootstrap });
  }

  private isHealthCheck(target: number): boolean {
    const { targets, dictionaries } = this.index;
    if ((targets.resource[target] ?? ABSENT) !== ABSENT) return false;
    const path = pathOf(dictionaries.uri.text(targets.uri[target] ?? ABSENT));
    return HEALTH_PATHS.some((health) => path === health || path.startsWith(`${health}/`));
  }

  private bootstrapOf(block: RequestBlock, row: number): Omit<SeenSign, "us"> | null {
    const target = block.target[row] as number;
    const verb = this.index.outcomes.verb[block.outcome[row] as number] as number;
    const pair = target * 0x1_0000 + verb;
    let known = this.bootstraps.get(pair);
    if (known === undefined) this.bootstraps.set(pair, (known = this.readBootstrap(target, verb)));
    return known;
  }

  private readBootstrap(target: number, verbCode: number): Omit<SeenSign, "us"> | null {
    const { targets, dictionaries } = this.index;
    const codes = { resource: targets.resource[target] ?? ABSENT, name: targets.name[target] ?? ABSENT };
    const resource = dictionaries.resource.text(codes.resource);
    const namespace = dictionaries.namespace.text(targets.namespace[target] ?? ABSENT);
    const name = dictionaries.name.text(codes.name);
    const verb = dictionaries.verb.text(verbCode);
    const isLease =
      resource === LEASES &&
      namespace === LEASE_NAMESPACE &&
      name.startsWith(LEASE_PREFIX) &&
      LEASE_VERBS.includes(verb);
    const isOne =
      isLease ||
      (resource !== "" && namespace === "" && name === "" && INFORMER_VERBS.includes(verb)) ||
      (BOOTSTRAP_ROLES.includes(resource) && name !== "" && ROLE_VERBS.includes(verb)) ||
      (resource === PRIORITY_CLASSES && BOOTSTRAP_CLASSES.includes(name));
    if (!isOne) return null;
    const key = `${codes.resource} ${codes.name} ${verbCode}`;
    return { sign: "bootstrap", key, worth: isLease ? LEASE_WORTH : 1 };
  }
}

/** `known` with what `read` says of the ids beyond it. */
function extended(known: Uint8Array<ArrayBuffer>, size: number, read: (id: number) => number): Uint8Array<ArrayBuffer> {
  if (known.length === size) return known;
  const grown = new Uint8Array(size);
  grown.set(known);
  for (let id = known.length; id < size; id++) grown[id] = read(id);
  return grown;
}
