import { field, list, text, type JsonValue } from "../json.ts";

/** Something outside a pod that its spec refers to, in its own namespace. */
export interface PodReference {
  readonly resource: string;
  readonly name: string;
  /** `mounted by container app` */
  readonly how: string;
}

/** What a pod, or a template of pods, refers to and is selected by. */
export interface PodNeeds {
  readonly references: readonly PodReference[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Strangers write pod specs: more than this is not followed. */
const MOST_REFERENCES = 64;
const MOST_LISTED = 128;
const MOST_LABELS = 64;
/** Kubernetes allows 253. */
const LONGEST_NAME = 253;

/** Templates and the pods made of them say the same again and again. */
const interned = new Map<string, PodNeeds>();
const INTERNED = 2_048;

/** null when the body has no spec. */
export function needsOf(metadata: JsonValue | undefined, spec: JsonValue | undefined): PodNeeds | null {
  if (typeof spec !== "object" || spec === null) return null;
  const found = new Found();
  const mounts = mountsIn(spec);
  for (const volume of list(spec, "volumes").slice(0, MOST_LISTED)) {
    const by = mounts.get(text(volume, "name")) ?? [];
    readVolume(volume, by.length === 0 ? "a volume no container mounts" : `mounted by ${containersIn(by)}`, found);
  }
  for (const container of containersOf(spec)) readEnvironment(container, found);
  for (const secret of list(spec, "imagePullSecrets").slice(0, MOST_LISTED))
    found.add("secrets", text(secret, "name"), "its images are pulled with it");
  found.add("serviceaccounts", text(spec, "serviceAccountName") || "default", "its pods run as it");
  const needs = { references: found.references(), labels: labelsOf(field(metadata, "labels")) };
  const key = JSON.stringify(needs);
  const known = interned.get(key);
  if (known !== undefined) return known;
  if (interned.size >= INTERNED) interned.clear();
  interned.set(key, needs);
  return needs;
}

/** At most so many different things, each with all the ways in which it is referred to. */
class Found {
  private readonly ways = new Map<string, { readonly resource: string; readonly name: string; how: string[] }>();

  add(resource: string, name: string, how: string): void {
    if (name === "" || name.length > LONGEST_NAME) return;
    const key = `${resource}/${name}`;
    const known = this.ways.get(key);
    if (known === undefined) {
      if (this.ways.size < MOST_REFERENCES) this.ways.set(key, { resource, name, how: [how] });
    } else if (known.how.length < 4 && !known.how.includes(how)) known.how.push(how);
  }

  references(): PodReference[] {
    return [...this.ways.values()].map(({ resource, name, how }) => ({ resource, name, how: how.join(", ") }));
  }
}

function containersOf(spec: JsonValue): JsonValue[] {
  return [...list(spec, "initContainers"), ...list(spec, "containers")].slice(0, MOST_LISTED);
}

/** Volume → containers that mount it. */
function mountsIn(spec: JsonValue): Map<string, string[]> {
  const mounts = new Map<string, string[]>();
  for (const container of containersOf(spec)) {
    const name = text(container, "name");
    for (const mount of list(container, "volumeMounts").slice(0, MOST_LISTED)) {
      const volume = text(mount, "name");
      const by = mounts.get(volume);
      if (by === undefined) mounts.set(volume, [name]);
      else if (!by.includes(name)) by.push(name);
    }
  }
  return mounts;
}

function containersIn(names: readonly string[]): string {
  const [first = "", ...more] = names;
  return more.length === 0 ? `container ${first}` : `container ${first} and ${String(more.length)} more`;
}

function readVolume(volume: JsonValue, how: string, found: Found): void {
  found.add("configmaps", text(volume, "configMap", "name"), how);
  found.add("secrets", text(volume, "secret", "secretName"), how);
  found.add("persistentvolumeclaims", text(volume, "persistentVolumeClaim", "claimName"), how);
  for (const source of list(volume, "projected", "sources").slice(0, MOST_LISTED)) {
    found.add("configmaps", text(source, "configMap", "name"), how);
    found.add("secrets", text(source, "secret", "name"), how);
  }
}

function readEnvironment(container: JsonValue, found: Found): void {
  const how = `environment of container ${text(container, "name")}`;
  for (const source of list(container, "envFrom").slice(0, MOST_LISTED)) {
    found.add("configmaps", text(source, "configMapRef", "name"), how);
    found.add("secrets", text(source, "secretRef", "name"), how);
  }
  for (const variable of list(container, "env").slice(0, MOST_LISTED * 8)) {
    const source = field(variable, "valueFrom");
    if (source === undefined) continue;
    found.add("configmaps", text(source, "configMapKeyRef", "name"), how);
    found.add("secrets", text(source, "secretKeyRef", "name"), how);
  }
}

export function labelsOf(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).slice(0, MOST_LABELS);
  return Object.fromEntries(
    entries.flatMap(([key, label]) =>
      typeof label === "string" && label.length <= LONGEST_NAME ? [[key, label]] : [],
    ),
  );
}
