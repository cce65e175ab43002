import { isBuiltIn, isClusterScoped, resourceOfKind } from "../events/resource-names.ts";
import type { Confidence, Evidence } from "./contract.ts";
import { lossAmong } from "./completeness.ts";
import { type Life, SKEW_US, splitLives } from "./lives.ts";
import { implyRemovals } from "./implied-removals.ts";
import { childNames, longBase, namingRules, type NamingRule } from "./naming.ts";
import type { ObjectRecord } from "./object-record.ts";
import type { ObjectStore } from "./object-store.ts";
import { ALL_READ } from "./reading.ts";
import { stitchCreates } from "./stitching.ts";
import type { OwnerReference } from "./touch.ts";
import type { LifeRead } from "../queries/lives-query.ts";

export interface OwnerLink {
  readonly owner: Life;
  readonly evidence: Evidence;
  readonly confidence: Confidence;
}

/** The lives of one namespace ("" = cluster-scoped) and who owns whom. */
export class Family {
  readonly namespace: string;
  readonly lives: Life[] = [];
  private readonly store: ObjectStore;
  private readonly outside: (namespace: string) => Family;
  private readonly byRecord = new Map<ObjectRecord, Life[]>();
  private readonly byUid = new Map<string, Life>();
  private readonly links = new Map<Life, OwnerLink>();
  private readonly unseen = new Map<Life, OwnerReference>();
  private readonly owned = new Map<Life, Life[]>();
  private linked = false;
  private lost: string | null | undefined;

  constructor(store: ObjectStore, namespace: string, outside: (namespace: string) => Family) {
    this.store = store;
    this.namespace = namespace;
    this.outside = outside;
    for (const record of store.inNamespace(namespace)) {
      const lives = splitLives(record);
      this.byRecord.set(record, lives);
      for (const life of lives) {
        this.lives.push(life);
        if (life.uid !== "") this.byUid.set(life.uid, life);
      }
    }
    implyRemovals(this.lives, (resource) => store.unnamedOf(resource, namespace));
    stitchCreates(
      this.lives,
      (resource) => store.unnamedOf(resource, namespace),
      (life) => this.candidates(life),
      store.stampUs,
    );
  }

  /** A sentence with what shows that requests on these objects are missing; null where nothing does. */
  get loss(): string | null {
    const { store, namespace } = this;
    const all = { of: "space", namespace, isWhole: false } as const;
    store.reading.wants(all);
    if (this.lost !== undefined) return this.lost;
    const isKnown = ({ record }: Life): boolean => store.reading.has(objectRead(record));
    const isAll = store.reading.has(all);
    const lost = lossAmong(isAll ? this.lives : this.lives.filter(isKnown), store);
    if (isAll) this.lost = lost;
    return lost;
  }

  /** Whatever is in the namespace. */
  get all(): readonly Life[] {
    this.store.reading.wants({ of: "space", namespace: this.namespace, isWhole: true });
    return this.lives;
  }

  /** All of some kinds. */
  ofKinds(kinds: ReadonlySet<string>): readonly Life[] {
    const { namespace } = this;
    for (const resource of kinds) this.store.reading.wants({ of: "kind", resource, namespace });
    return this.lives.filter(({ record }) => kinds.has(record.resource));
  }

  /** Custom resources of these names. */
  customNamed(names: ReadonlySet<string>): readonly Life[] {
    const { namespace } = this;
    for (const name of names) this.store.reading.wants({ of: "named", namespace, name });
    return this.lives.filter(({ record }) => names.has(record.name) && isCustom(record.resource));
  }

  /** Those of a kind whose names begin so. */
  begun(resource: string, prefix: string): readonly Life[] {
    const { namespace } = this;
    this.store.reading.wants({ of: "begun", resource, namespace, prefix });
    return this.lives.filter(({ record }) => record.resource === resource && record.name.startsWith(prefix));
  }

  hasAny(resource: string): boolean {
    const hasSome = this.lives.some(({ record }) => record.resource === resource);
    if (!hasSome) this.store.reading.wants({ of: "some", resource, namespace: this.namespace });
    return hasSome;
  }

  livesOf(record: ObjectRecord): readonly Life[] {
    this.store.reading.wants(objectRead(record));
    return this.byRecord.get(record) ?? [];
  }

  find(resource: string, name: string): readonly Life[] {
    this.store.reading.wants(objectRead({ resource, namespace: this.namespace, name }));
    return this.known(resource, name);
  }

  /** As far as it was read. */
  private known(resource: string, name: string): readonly Life[] {
    const record = this.store.find(resource, this.namespace, name);
    return record === null ? [] : (this.byRecord.get(record) ?? []);
  }

  withUid(uid: string): Life | null {
    return this.byUid.get(uid) ?? null;
  }

  ownerOf(life: Life): OwnerLink | null {
    this.link();
    this.wantOwner(life);
    return this.links.get(life) ?? null;
  }

  /** The owner a life names, when the log has no request on it. */
  unseenOwnerOf(life: Life): OwnerReference | null {
    this.link();
    this.wantOwner(life);
    return this.unseen.get(life) ?? null;
  }

  /** Children in order of birth; those in other namespaces too when the owner is cluster-scoped. */
  childrenOf(life: Life): readonly Life[] {
    this.link();
    this.wantChildren(life);
    const found = [...(this.owned.get(life) ?? [])];
    if (this.namespace === "") {
      for (const namespace of this.store.namespaces()) {
        if (namespace === "") continue;
        const family = this.outside(namespace);
        family.link();
        found.push(...(family.owned.get(life) ?? []));
      }
    }
    for (const child of found) {
      this.store.reading.wants(objectRead(child.record));
      this.outside(child.record.namespace).wantOwner(child);
    }
    return found.sort((left, right) => left.firstUs - right.firstUs || (left.record.name < right.record.name ? -1 : 1));
  }

  /** Lives whose name and time would make them the owner by a controller's naming rule. */
  candidates(life: Life): readonly { readonly owner: Life; readonly rule: NamingRule }[] {
    const { resource, name } = life.record;
    return namingRules(resource).flatMap((rule) => {
      for (const ownerName of rule.owners(name, this.byRecord.keys())) {
        const owner = ownerAt(this.known(rule.owner, ownerName), life.sightedUs);
        if (owner !== undefined) return [{ owner, rule }];
      }
      return [];
    });
  }

  /** What tells who owns it. */
  private wantOwner(life: Life): void {
    const { reading } = this.store;
    if (reading === ALL_READ) return;
    const { record } = life;
    reading.wants(objectRead(record));
    const owner = this.links.get(life)?.owner;
    if (owner !== undefined) reading.wants(objectRead(owner.record));
    const reference = ownerReference(life);
    if (reference !== null) {
      const { uid, kind, apiVersion, name } = reference;
      if (owner !== undefined) return;
      reading.wants({ of: "uid", uid });
      const resource = resourceOfKind(kind, apiVersion);
      const namespace = isClusterScoped(resource) ? "" : this.namespace;
      reading.wants(objectRead({ resource, namespace, name }));
      return;
    }
    for (const rule of namingRules(record.resource)) {
      const base = longBase(record.name);
      if (base !== null) reading.wants({ of: "begun", resource: rule.owner, namespace: this.namespace, prefix: base });
      for (const name of rule.owners(record.name, this.byRecord.keys()))
        reading.wants(objectRead({ resource: rule.owner, namespace: this.namespace, name }));
    }
  }

  /** What tells what it owns. */
  private wantChildren(life: Life): void {
    const { reading } = this.store;
    if (reading === ALL_READ) return;
    const { namespace } = this;
    reading.wants(objectRead(life.record));
    if (life.uid !== "") reading.wants({ of: "owned", uid: life.uid });
    for (const { resource, prefix } of childNames(life.record))
      reading.wants(
        prefix === null ? { of: "kind", resource, namespace } : { of: "begun", resource, namespace, prefix },
      );
  }

  private link(): void {
    if (this.linked) return;
    this.linked = true;
    for (const life of this.lives) {
      const link = this.byReference(life) ?? this.byName(life);
      if (link === null || link.owner === life) continue;
      this.links.set(life, link);
      const siblings = this.owned.get(link.owner);
      if (siblings === undefined) this.owned.set(link.owner, [life]);
      else siblings.push(life);
    }
  }

  /** ownerReferences: the controller's, else the first. */
  private byReference(life: Life): OwnerLink | null {
    const reference = ownerReference(life);
    if (reference === null) return null;
    const owner = this.byUid.get(reference.uid) ?? this.elsewhere(reference.uid);
    const stitched =
      life.create !== null && life.stitched && life.touches.every((touch) => touch.facts?.owners === undefined);
    if (owner !== null) return { owner, evidence: "uid", confidence: stitched ? "likely" : "certain" };
    const resource = resourceOfKind(reference.kind, reference.apiVersion);
    const named = ownerAt(this.known(resource, reference.name), life.sightedUs);
    if (named !== undefined && named.uid === "") return { owner: named, evidence: "name", confidence: "likely" };
    this.unseen.set(life, reference);
    return null;
  }

  private elsewhere(uid: string): Life | null {
    return this.namespace === "" ? null : this.outside("").withUid(uid);
  }

  private byName(life: Life): OwnerLink | null {
    if (this.unseen.has(life) || life.touches.some((touch) => touch.facts?.full === true)) return null;
    if (!life.real) return null;
    const found = this.candidates(life);
    const creator = life.create?.actor.controller ?? null;
    if (creator !== null) {
      const match = found.find(({ rule }) => rule.controller === creator);
      return match === undefined ? null : { owner: match.owner, evidence: "actor", confidence: "likely" };
    }
    const [only, second] = found;
    if (only === undefined) return null;
    return { owner: only.owner, evidence: "name", confidence: second === undefined ? "likely" : "guess" };
  }
}

function objectRead({ resource, namespace, name }: Pick<ObjectRecord, "resource" | "namespace" | "name">): LifeRead {
  return { of: "object", resource, namespace, name };
}

export function isCustom(resource: string): boolean {
  return resource.includes(".") && !isBuiltIn(resource);
}

/** A busy controller may still create children of an owner that was deleted this long ago. */
const LAG_US = 60 * 1_000_000;

/** The life of a name that was there, or had just been, at a time: a match never reaches back past a newer life. */
function ownerAt(lives: readonly Life[], us: number): Life | undefined {
  const life = lives.findLast((entry) => entry.real && (entry.createdUs ?? Number.NEGATIVE_INFINITY) <= us + SKEW_US);
  return life !== undefined && (life.goneUs ?? Number.POSITIVE_INFINITY) >= us - LAG_US ? life : undefined;
}

function ownerReference(life: Life): OwnerReference | null {
  const touches = life.create === null || !life.stitched ? life.touches : [life.create, ...life.touches];
  for (const { facts } of touches) {
    const owners = facts?.owners;
    if (owners !== undefined) return owners.find((owner) => owner.controller) ?? owners[0] ?? null;
  }
  return null;
}

/** Families are worked out when asked for and kept until something changes. */
export class Families {
  private readonly store: ObjectStore;
  private readonly kept = new Map<string, Family>();
  private revision = -1;

  constructor(store: ObjectStore) {
    this.store = store;
  }

  of(namespace: string): Family {
    if (this.revision !== this.store.revision) {
      this.kept.clear();
      this.revision = this.store.revision;
    }
    let family = this.kept.get(namespace);
    if (family === undefined) {
      family = new Family(this.store, namespace, (other) => this.of(other));
      this.kept.set(namespace, family);
    }
    return family;
  }

  ownerOf(life: Life): OwnerLink | null {
    return this.of(life.record.namespace).ownerOf(life);
  }

  childrenOf(life: Life): readonly Life[] {
    return this.of(life.record.namespace).childrenOf(life);
  }

  /** How much times in objects may be off, µs. */
  get stampUs(): number {
    return this.store.stampUs;
  }

  /** Whether what controllers removed is in the log. */
  get hasControllers(): boolean {
    return this.store.extent.hasControllers;
  }

  /** What shows that requests on the objects of a namespace, or on those of none, are missing. */
  lossIn(namespace: string): string | null {
    const { reading } = this.store;
    return this.of(namespace).loss ?? this.of("").loss ?? reading.unread(namespace) ?? reading.unread("");
  }

  /** Lives of a name, oldest first. */
  livesOf(resource: string, namespace: string, name: string): readonly Life[] {
    return this.of(namespace).find(resource, name);
  }

  withUid(uid: string): Life | null {
    if (uid === "") return null;
    const record = this.store.findByUid(uid);
    this.store.reading.wants(record === null ? { of: "uid", uid } : objectRead(record));
    return record === null ? null : this.of(record.namespace).withUid(uid);
  }
}
