import { isBuiltIn, isClusterScoped, kindOf, resolveResource, splitResource } from "../events/resource-names.ts";
import type { Families } from "./family.ts";
import { isKubernetesEvent } from "../events/kubernetes-event.ts";
import type { Life } from "./lives.ts";
import type { ObjectRecord } from "./object-record.ts";
import type { ObjectStore } from "./object-store.ts";

export interface FoundObject {
  readonly life: Life;
  /** Every life of the name, oldest first. */
  readonly lives: readonly Life[];
  /** Other namespaces that have the name too, when none was given. */
  readonly alsoIn: readonly string[];
}

/** An object that is asked for, as requests name it. */
export interface AskedObject {
  readonly name: string;
  /** Told by the text itself; without it the object may be in any. */
  readonly namespace: string | undefined;
  /** Known to be in none. */
  readonly isClusterScoped: boolean;
  /** Whether a request is about it, or is a Kubernetes Event that its name says is. */
  isNamedBy(resource: string, name: string, uid: string): boolean;
  /** Whether a request on this resource may be about it: asked before names are read. */
  mayBeNamedBy(resource: string): boolean;
  /** Whether an object of this resource could be it. */
  isOfKind(resource: string): boolean;
}

interface ObjectText {
  readonly word: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly incarnation: number | null;
}

/**
 * OBJECT as people write it: `deploy/nginx`, `deployment.apps/nginx`, `deploy nginx`, a uid, or an id of a trail
 * (`demo/pods/db-0#2`). Without a number the latest life is meant; null when the log has no such object.
 */
export function findObject(
  text: string,
  namespace: string | undefined,
  store: ObjectStore,
  families: Families,
): FoundObject | null {
  const byUid = /[\s/]/.test(text.trim()) ? null : families.withUid(text.trim());
  if (byUid !== null) {
    return { life: byUid, lives: families.of(byUid.record.namespace).livesOf(byUid.record), alsoIn: [] };
  }
  const parsed = parseObject(text.trim(), namespace);
  if (parsed === null) return null;
  const records = namedRecords(parsed, store);
  const [best] = records;
  if (best === undefined) return null;
  const lives = families.of(best.namespace).livesOf(best);
  const life =
    parsed.incarnation === null ? latest(lives) : lives.find((entry) => entry.incarnation === parsed.incarnation);
  if (life === undefined) return null;
  const alsoIn = records.filter((record) => record.namespace !== best.namespace).map((record) => record.namespace);
  return { life, lives, alsoIn: [...new Set(alsoIn)] };
}

/** What is asked for by a text that names no namespace besides. */
export function askedObject(text: string): AskedObject {
  const parsed = parseObject(text.trim(), undefined);
  if (parsed === null) {
    const isNamedBy: AskedObject["isNamedBy"] = (_resource, _name, uid) => uid === text.trim();
    return {
      name: "",
      namespace: undefined,
      isClusterScoped: false,
      isNamedBy,
      mayBeNamedBy: () => true,
      isOfKind: () => false,
    };
  }
  const { word, name } = parsed;
  const resources = new Set(resolveResource(word));
  const isOfKind = (resource: string): boolean => resources.has(resource) || isCalled(resource, word);
  const ofEvents = `${name}.`;
  // What a namespace is about is in itself.
  const isNamespace = resources.has("namespaces");
  return {
    name,
    namespace: isNamespace ? name : parsed.namespace,
    isClusterScoped: !isNamespace && [...resources].some((resource) => isClusterScoped(resource)),
    isNamedBy: (resource, other) =>
      other === name ? isOfKind(resource) : isKubernetesEvent(resource) && other.startsWith(ofEvents),
    mayBeNamedBy: (resource) => isKubernetesEvent(resource) || isOfKind(resource),
    isOfKind,
  };
}

/** Namespaces that have the object, "" among them when it is in none. */
export function namespacesOf(text: string, store: ObjectStore): string[] {
  const byUid = store.findByUid(text.trim());
  if (byUid !== null) return [byUid.namespace];
  const parsed = parseObject(text.trim(), undefined);
  return parsed === null ? [] : [...new Set(namedRecords(parsed, store).map((record) => record.namespace))];
}

/** Reports alone (an Event that came late) don't make a newer life. */
function latest(lives: readonly Life[]): Life | undefined {
  return lives.findLast((life) => life.real) ?? lives.at(-1);
}

function parseObject(text: string, namespace: string | undefined): ObjectText | null {
  const hash = /^(.+)#(\d+)$/.exec(text);
  const incarnation = hash?.[2] === undefined ? null : Number(hash[2]);
  const parts = (hash?.[1] ?? text).split(/[/\s]+/).filter((part) => part !== "");
  const [first = "", second = "", third] = parts;
  if (parts.length === 2) return { word: first, name: second, namespace, incarnation };
  if (parts.length === 3 && third !== undefined) return { word: second, name: third, namespace: first, incarnation };
  return null;
}

function namedRecords(parsed: ObjectText, store: ObjectStore): ObjectRecord[] {
  const { name } = parsed;
  const spaces = parsed.namespace === undefined ? null : [parsed.namespace, ""];
  if (spaces === null) store.reading.wants({ of: "anywhere", name });
  for (const namespace of spaces ?? []) store.reading.wants({ of: "named", namespace, name });
  const resources = new Set([...resolveResource(parsed.word), ...resourcesInLog(parsed.word, store)]);
  const found: ObjectRecord[] = [];
  for (const resource of resources) {
    const isInNone = isClusterScoped(resource);
    for (const namespace of isInNone ? [""] : (spaces ?? store.namespaces())) {
      // Of what is known to be in a namespace nothing is looked for in none.
      const isThere = namespace !== "" || isInNone || !isBuiltIn(resource);
      if ((isInNone || spaces !== null) && isThere) store.reading.wants({ of: "object", resource, namespace, name });
      const record = store.find(resource, namespace, name);
      if (record !== null && record.touches.length > 0) found.push(record);
    }
  }
  return found.sort((left, right) => right.lastUs - left.lastUs);
}

/** Custom resources: only the log knows them, by plural or by the singular their plural suggests. */
function resourcesInLog(word: string, store: ObjectStore): string[] {
  return store.resources().filter((resource) => isCalled(resource, word));
}

function isCalled(resource: string, word: string): boolean {
  const [head, group] = splitResource(word.toLowerCase());
  const [plural, ofGroup] = splitResource(resource);
  return (plural === head || kindOf(resource).toLowerCase() === head) && (group === "" || ofGroup === group);
}

/** The same name's other lives, newest first. */
export function otherLives(found: FoundObject): readonly Life[] {
  return found.lives.filter((life) => life !== found.life && life.real).toReversed();
}
