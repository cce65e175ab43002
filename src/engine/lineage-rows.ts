import { actorClassOf } from "../events/actor-class.ts";
import { LEVELS, STAGES } from "../events/vocabulary.ts";
import type { RequestBlock } from "../index/contract.ts";
import { extractAuditID } from "../index/facts.ts";
import type { RequestRing } from "../index/ring.ts";
import { controllerOf } from "../lineage/actors.ts";
import { DEPLOYERS } from "../lineage/deployers.ts";
import { wants, type LineageEvent } from "../lineage/event.ts";
import { isKubernetesEvent } from "../events/kubernetes-event.ts";
import type { TrimFacts } from "../lineage/scan/trim.ts";
import type { AskedObject } from "../lineage/object-text.ts";
import { serverName } from "./server-names.ts";

const absent = (): null => null;
const unknown = (): number => Number.NaN;

type Who = Pick<LineageEvent, "user" | "asFrom" | "actorClass" | "ip" | "useragent"> & {
  readonly isScheduler: boolean;
};
type How = Pick<LineageEvent, "stage" | "level" | "verb" | "code" | "reason">;
/** What a request is about, apart from its very object. */
interface What {
  readonly resource: string;
  readonly subresource: string;
  /** By outcome: whether lineage wants such a request; undefined until asked. */
  readonly wanted: (boolean | undefined)[];
  /** Whether it may be about the object asked for last; undefined until asked. */
  mayBeAsked?: boolean;
}

export type Covers = (block: RequestBlock, row: number) => boolean;

/** Reads rows for lineage. What comes again and again is read once a tuple, until the ring numbers them anew. */
export class LineageRows {
  private readonly ring: RequestRing;
  private actors: (Who | undefined)[] = [];
  private outcomes: (How | undefined)[] = [];
  private targets: (What | undefined)[] = [];
  private kinds = new Map<number, What>();
  /** Targets that name the object asked for last. */
  private naming: (boolean | undefined)[] = [];
  private asked: AskedObject | null = null;
  private readonly servers: (string | undefined)[] = [];
  private generation = -1;

  constructor(ring: RequestRing) {
    this.ring = ring;
  }

  /** Up to `limit` covered rows from `from` on, in order, and where to go on. */
  wanted(from: number, limit: number, covers: Covers): { readonly seqs: number[]; readonly nextSeq: number } {
    const { ring } = this;
    const seqs: number[] = [];
    for (const block of ring.blocks) {
      const end = block.firstSeq + block.count;
      if (end <= from) continue;
      for (let row = Math.max(0, from - block.firstSeq); row < block.count; row += 1) {
        if (seqs.length === limit) return { seqs, nextSeq: block.firstSeq + row };
        if (covers(block, row)) seqs.push(block.firstSeq + row);
      }
    }
    return { seqs, nextSeq: ring.endSeq };
  }

  /**
   * With a namespace: its own rows, cluster-scoped ones, and what reaches across namespaces: evictions (a drain), pods that
   * are created (preemption), the scheduler's doing, and what tools deploy for.
   */
  isRelevant(block: RequestBlock, row: number, namespace: string | null): boolean {
    if (this.ring.generation !== this.generation) this.forget();
    const target = block.target[row] as number;
    const outcome = block.outcome[row] as number;
    const what = this.targets[target] ?? this.readTarget(target);
    const isWanted = what.wanted[outcome] ?? this.decide(what, outcome);
    return isWanted && (namespace === null || this.concerns(block, row, what, namespace));
  }

  /** Whether a relevant row is of a pod elsewhere, which matters only if the scheduler made room for it. */
  isOfPreemptors(block: RequestBlock, row: number, namespace: string): boolean {
    const target = block.target[row] as number;
    const { resource, subresource } = this.targets[target] ?? this.readTarget(target);
    return resource === "pods" && subresource !== "eviction" && this.namespaceOf(block, row) !== namespace;
  }

  /** Whether the row, or the Kubernetes Event in it, names an object that is asked for. */
  names(block: RequestBlock, row: number, asked: AskedObject): boolean {
    if (this.ring.generation !== this.generation || asked !== this.asked) {
      this.forget();
      this.asked = asked;
    }
    const target = block.target[row] as number;
    const known = this.naming[target];
    if (known !== undefined) return known;
    const what = this.targets[target] ?? this.readTarget(target);
    what.mayBeAsked ??= asked.mayBeNamedBy(what.resource);
    if (!what.mayBeAsked) return false;
    const { targets, dictionaries } = this.ring;
    const name = dictionaries.name.text(targets.name[target] as number);
    const uid = dictionaries.uid.text(targets.uid[target] as number);
    const isNamed = asked.isNamedBy(what.resource, name, uid);
    put(this.naming, target, isNamed);
    return isNamed;
  }

  /** Name of the API server behind a source number. */
  serverOf(source: number): string {
    const known = this.servers[source];
    if (known !== undefined) return known;
    const place = this.ring.sources[source];
    const name = place === undefined ? "" : serverName(place);
    put(this.servers, source, name);
    return name;
  }

  /** Whether it is about what tools deploy for, which reaches across namespaces. */
  isOfDeployer(block: RequestBlock, row: number): boolean {
    return DEPLOYERS.has(this.resourceOf(block, row));
  }

  /** "" for what is in none. */
  namespaceOf(block: RequestBlock, row: number): string {
    const { targets, dictionaries } = this.ring;
    return dictionaries.namespace.text(targets.namespace[block.target[row] as number] as number);
  }

  /** Whether its object is in no namespace; a request on a namespace says it is in itself. */
  isInNone(block: RequestBlock, row: number): boolean {
    return this.namespaceOf(block, row) === "" || this.resourceOf(block, row) === "namespaces";
  }

  /** Name of an object that is created, as an owner of others may be; "" for other requests, pods and Events. */
  ownerName(block: RequestBlock, row: number): string {
    const outcome = block.outcome[row] as number;
    const { verb } = this.outcomes[outcome] ?? this.readOutcome(outcome);
    const resource = this.resourceOf(block, row);
    if (verb !== "create" || resource === "pods" || isKubernetesEvent(resource)) return "";
    const { targets, dictionaries } = this.ring;
    return dictionaries.name.text(targets.name[block.target[row] as number] as number);
  }

  private resourceOf(block: RequestBlock, row: number): string {
    const target = block.target[row] as number;
    return (this.targets[target] ?? this.readTarget(target)).resource;
  }

  /** Whether only its bodies name what it is about, which may be of the asked kind. */
  mayName(block: RequestBlock, row: number, asked: AskedObject): boolean {
    if (this.ring.generation !== this.generation) this.forget();
    const outcome = block.outcome[row] as number;
    const { verb } = this.outcomes[outcome] ?? this.readOutcome(outcome);
    if (verb !== "create" && verb !== "deletecollection") return false;
    const { targets, dictionaries } = this.ring;
    const target = block.target[row] as number;
    if (dictionaries.name.text(targets.name[target] as number) !== "") return false;
    const { resource, subresource } = this.targets[target] ?? this.readTarget(target);
    return subresource === "" && asked.isOfKind(resource);
  }

  /** What tells which parts of a row's event lineage reads. */
  trimFacts(block: RequestBlock, row: number): TrimFacts {
    const outcome = block.outcome[row] as number;
    const { verb, level, code } = this.outcomes[outcome] ?? this.readOutcome(outcome);
    const target = block.target[row] as number;
    const { resource, subresource } = this.targets[target] ?? this.readTarget(target);
    return { verb, level, code, resource, subresource };
  }

  /** A row as lineage reads it, with the bytes of its original event where there are any. */
  event(block: RequestBlock, row: number, raw: Uint8Array | null): LineageEvent {
    if (this.ring.generation !== this.generation) this.forget();
    const { targets, dictionaries } = this.ring;
    const target = block.target[row] as number;
    const who = this.actors[block.actor[row] as number] ?? this.readActor(block.actor[row] as number);
    const how = this.outcomes[block.outcome[row] as number] ?? this.readOutcome(block.outcome[row] as number);
    const what = this.targets[target] ?? this.readTarget(target);
    return {
      seq: block.firstSeq + row,
      apiserver: this.serverOf(block.source(row)),
      auditID: raw === null ? "" : extractAuditID(raw, 0, raw.length),
      receivedUs: block.receivedUs(row),
      stageUs: block.stageUs(row),
      stage: how.stage,
      level: how.level,
      verb: how.verb,
      resource: what.resource,
      subresource: what.subresource,
      namespace: dictionaries.namespace.text(targets.namespace[target] as number),
      name: dictionaries.name.text(targets.name[target] as number),
      uid: dictionaries.uid.text(targets.uid[target] as number),
      uri: dictionaries.uri.text(targets.uri[target] as number),
      code: how.code,
      reason: how.reason,
      user: who.user,
      asFrom: who.asFrom,
      actorClass: who.actorClass,
      ip: who.ip,
      useragent: who.useragent,
      responseStatus: absent,
      requestBody: absent,
      responseBody: absent,
      wholeAnswer: absent,
      baseVersion: unknown,
      annotations: absent,
      raw: raw === null || Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    };
  }

  private forget(): void {
    this.generation = this.ring.generation;
    this.actors = [];
    this.outcomes = [];
    this.targets = [];
    this.kinds = new Map();
    this.naming = [];
  }

  private readActor(actor: number): Who {
    const { actors, dictionaries } = this.ring;
    const user = dictionaries.user.text(actors.user[actor] as number);
    const useragent = dictionaries.useragent.text(actors.useragent[actor] as number);
    const who = {
      user,
      asFrom: dictionaries.user.text(actors.asFrom[actor] as number),
      actorClass: actorClassOf(user),
      ip: dictionaries.ip.text(actors.ip[actor] as number),
      useragent,
      isScheduler: controllerOf(user, useragent) === "kube-scheduler",
    };
    put(this.actors, actor, who);
    return who;
  }

  private readOutcome(outcome: number): How {
    const { outcomes, dictionaries } = this.ring;
    const code = outcomes.code[outcome] as number;
    const how: How = {
      stage: STAGES[outcomes.stage[outcome] as number] ?? "",
      level: LEVELS[outcomes.level[outcome] as number] ?? "",
      verb: dictionaries.verb.text(outcomes.verb[outcome] as number),
      code: code === 0 ? null : code,
      reason: dictionaries.reason.text(outcomes.reason[outcome] as number),
    };
    put(this.outcomes, outcome, how);
    return how;
  }

  private readTarget(target: number): What {
    const { targets, dictionaries } = this.ring;
    const resource = targets.resource[target] as number;
    const subresource = targets.subresource[target] as number;
    const key = resource * 0x1_0000_0000 + subresource;
    let what = this.kinds.get(key);
    if (what === undefined) {
      what = {
        resource: dictionaries.resource.text(resource),
        subresource: dictionaries.subresource.text(subresource),
        wanted: [],
      };
      this.kinds.set(key, what);
    }
    put(this.targets, target, what);
    return what;
  }

  private decide(what: What, outcome: number): boolean {
    const how = this.outcomes[outcome] ?? this.readOutcome(outcome);
    const isWanted = wants({ ...how, resource: what.resource, subresource: what.subresource });
    put(what.wanted, outcome, isWanted);
    return isWanted;
  }

  private concerns(block: RequestBlock, row: number, what: What, namespace: string): boolean {
    const { targets, dictionaries } = this.ring;
    const own = dictionaries.namespace.text(targets.namespace[block.target[row] as number] as number);
    if (own === namespace || own === "" || what.subresource === "eviction") return true;
    if (DEPLOYERS.has(what.resource)) return true;
    if (what.resource !== "pods") return false;
    const how = this.outcomes[block.outcome[row] as number] ?? this.readOutcome(block.outcome[row] as number);
    if (how.verb === "create" && what.subresource === "") return true;
    if (what.subresource === "binding") return false;
    return this.isSchedulers(block, row);
  }

  private isSchedulers(block: RequestBlock, row: number): boolean {
    const actor = block.actor[row] as number;
    return (this.actors[actor] ?? this.readActor(actor)).isScheduler;
  }
}

/** Ids are dense and small: no holes are left, which would make the list a slow one. */
function put<T>(list: (T | undefined)[], at: number, value: T): void {
  while (list.length < at) list.push(undefined);
  list[at] = value;
}
