import { resourceOfKind } from "../../src/events/resource-names.ts";
import type { Life } from "../../src/lineage/lives.ts";
import type { Lineage } from "../../src/lineage/lineage.ts";
import { field, list, text, type JsonObject } from "../../src/lineage/json.ts";

/** Who owns whom, read from the ownerReferences of every body of a log, without lineage's code. */
export interface TrueLink {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly owner: { readonly resource: string; readonly name: string; readonly uid: string };
  /** Workload the link belongs to: its topmost owner. */
  root: string;
}

export function trueLinks(events: readonly JsonObject[]): TrueLink[] {
  const links = new Map<string, TrueLink>();
  const seen = new Set<string>();
  for (const event of events) {
    const code = field(event, "responseStatus", "code");
    if (typeof code !== "number" || code >= 300) continue;
    if (text(event, "requestURI").includes("dryRun=All")) continue;
    if (["get", "list", "watch"].includes(text(event, "verb"))) continue;
    const body = field(event, "responseObject");
    const apiGroup = text(event, "objectRef", "apiGroup");
    const resource = `${text(event, "objectRef", "resource")}${apiGroup === "" ? "" : `.${apiGroup}`}`;
    const uid = text(body, "metadata", "uid");
    const sub = text(event, "objectRef", "subresource");
    if (uid === "" || (sub !== "" && sub !== "status")) continue;
    seen.add(uid);
    const owners = list(body, "metadata", "ownerReferences");
    const owner = owners.find((entry) => field(entry, "controller") === true) ?? owners[0];
    if (owner === undefined || links.has(uid)) continue;
    links.set(uid, {
      resource,
      namespace: text(event, "objectRef", "namespace"),
      name: text(body, "metadata", "name"),
      uid,
      owner: {
        resource: resourceOfKind(text(owner, "kind"), text(owner, "apiVersion")),
        name: text(owner, "name"),
        uid: text(owner, "uid"),
      },
      root: "",
    });
  }
  // Only links whose owner has a request in the log can be told by anybody.
  const told = [...links.values()].filter((link) => seen.has(link.owner.uid));
  for (const link of told) link.root = rootOf(link, links);
  return told;
}

function rootOf(link: TrueLink, links: ReadonlyMap<string, TrueLink>): string {
  let top = link;
  for (let depth = 0; depth < 8; depth += 1) {
    const next = links.get(top.owner.uid);
    if (next === undefined) break;
    top = next;
  }
  return top.owner.resource;
}

export interface LinkScore {
  readonly total: number;
  readonly right: number;
  readonly wrong: number;
  readonly missing: number;
  readonly wrongCertain: number;
  readonly examples: readonly string[];
}

const WORKLOADS = ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch", "cronjobs.batch"];

/** How many of the true links under a workload lineage tells. */
export function scoreLinks(
  lineage: Lineage,
  truth: readonly TrueLink[],
  births: ReadonlyMap<string, number>,
): LinkScore {
  let right = 0;
  let wrong = 0;
  let missing = 0;
  let wrongCertain = 0;
  const examples: string[] = [];
  const links = truth.filter((link) => WORKLOADS.includes(link.root));
  for (const link of links) {
    const life = lifeOf(lineage, link.resource, link.namespace, link.name, link.uid, births);
    const told = life === null ? null : lineage.families.ownerOf(life);
    if (told === null) {
      missing += 1;
      if (examples.length < 10)
        examples.push(`missing ${link.resource} ${link.namespace}/${link.name} ← ${link.owner.name}`);
    } else if (isOwner(told.owner, link, births)) {
      right += 1;
    } else {
      wrong += 1;
      if (told.confidence === "certain") wrongCertain += 1;
      if (examples.length < 10)
        examples.push(`wrong ${link.resource} ${link.namespace}/${link.name}: ${told.owner.id}`);
    }
  }
  return { total: links.length, right, wrong, missing, wrongCertain, examples };
}

/** Links that lineage makes up: the child's true owner is another one, or it has none. */
export function falseLinks(
  lineage: Lineage,
  truth: readonly TrueLink[],
  births: ReadonlyMap<string, number>,
): string[] {
  const known = new Map(truth.map((link) => [`${link.resource} ${link.namespace}/${link.name}`, true]));
  const found: string[] = [];
  for (const namespace of lineage.store.namespaces()) {
    for (const life of lineage.families.of(namespace).lives) {
      const told = lineage.families.ownerOf(life);
      const { resource, name } = life.record;
      if (told !== null && births.size > 0 && !known.has(`${resource} ${namespace}/${name}`)) {
        found.push(`${resource} ${namespace}/${name} → ${told.owner.record.name} (${told.confidence})`);
      }
    }
  }
  return found;
}

function isOwner(owner: Life, link: TrueLink, births: ReadonlyMap<string, number>): boolean {
  if (owner.record.resource !== link.owner.resource || owner.record.name !== link.owner.name) return false;
  if (owner.uid !== "") return owner.uid === link.owner.uid;
  const born = births.get(link.owner.uid);
  return born === undefined || owner.createdUs === null || Math.abs(owner.createdUs - born) < 2_000_000;
}

function lifeOf(
  lineage: Lineage,
  resource: string,
  namespace: string,
  name: string,
  uid: string,
  births: ReadonlyMap<string, number>,
): Life | null {
  const lives = lineage.families.livesOf(resource, namespace, name);
  const byUid = lives.find((life) => life.uid === uid);
  if (byUid !== undefined) return byUid;
  const born = births.get(uid);
  const near = lives.filter((life) => life.uid === "");
  if (born === undefined) return near.at(-1) ?? null;
  return (
    near.find((life) => life.createdUs !== null && Math.abs(life.createdUs - born) < 2_000_000) ?? near.at(-1) ?? null
  );
}

/** creationTimestamp of every uid in the log's bodies, µs. */
export function birthsOf(events: readonly JsonObject[]): Map<string, number> {
  const births = new Map<string, number>();
  for (const event of events) {
    const uid = text(field(event, "responseObject", "metadata"), "uid");
    const created = Date.parse(text(field(event, "responseObject", "metadata"), "creationTimestamp"));
    if (uid !== "" && !Number.isNaN(created)) births.set(uid, created * 1_000);
  }
  return births;
}
