import { fingerprint } from "./fingerprint.ts";
import { asObject, field, text, type JsonObject, type JsonValue } from "./json.ts";

/** Custom resources for which tools deploy whatever they find in Git or a chart, from any namespace. */
interface Deployer {
  /** As marks of what it deploys are told. */
  readonly source: string;
  /** Annotations by which somebody asks it to look again. */
  readonly asks: readonly string[];
}

const FLUX = ["reconcile.fluxcd.io/requestedAt", "reconcile.fluxcd.io/forceAt", "reconcile.fluxcd.io/resetAt"];

export const DEPLOYERS: ReadonlyMap<string, Deployer> = new Map([
  ["applications.argoproj.io", { source: "Argo CD Application ", asks: ["argocd.argoproj.io/refresh"] }],
  ["kustomizations.kustomize.toolkit.fluxcd.io", { source: "Flux Kustomization ", asks: FLUX }],
  ["helmreleases.helm.toolkit.fluxcd.io", { source: "Flux HelmRelease ", asks: FLUX }],
]);

type Part = "spec" | "sync" | "look";

/** What the bodies of a write on such a resource say. */
export interface DeployFacts {
  /** Fingerprint of the spec it led to; "" where only a patch is in the log. */
  readonly spec: string;
  /** What a patch names; null: it was no patch. */
  readonly patched: readonly Part[] | null;
  /** Argo CD: whom a sync is to be done for, `admin`, or BY_ITSELF; null: none is asked for. */
  readonly sync: string | null;
  /** Argo CD: whom the last sync was done for; null: not told. */
  readonly synced: string | null;
  /** Git's revision of the sync that is asked for, or else of the last one. */
  readonly revision: string;
  /** Values of the annotations by which it is asked to look again. */
  readonly look: string;
}

/** As `sync` says it where the tool began by itself: no user is called so. */
export const BY_ITSELF = "\0";
const MAX_TEXT = 64;
const MAX_OPERATIONS = 1_000;

/** `object`: as it was afterwards; `patch`: what was asked for. null where the log has the body not. */
export function deployFacts(resource: string, object: JsonObject | null, patch: JsonValue): DeployFacts | null {
  const deployer = DEPLOYERS.get(resource);
  const body = object ?? asObject(patch);
  if (deployer === undefined || (body === null && patch === null)) return null;
  const spec = object === null ? undefined : field(object, "spec");
  const done = field(field(body ?? undefined, "status", "operationState"), "operation");
  const wanted = field(body ?? undefined, "operation");
  const revision = text(wanted, "sync", "revision") || text(done, "sync", "revision");
  const annotations = field(body ?? undefined, "metadata", "annotations");
  return {
    spec: asObject(spec) === null ? "" : fingerprint(JSON.stringify(spec)),
    patched: patch === null ? null : partsIn(patch, deployer),
    sync: initiator(wanted),
    synced: initiator(done),
    revision: revision.slice(0, MAX_TEXT),
    look: deployer.asks
      .map((key) => text(annotations, key).slice(0, MAX_TEXT))
      .join(" ")
      .trim(),
  };
}

function partsIn(patch: JsonValue, { asks }: Deployer): Part[] {
  const paths = Array.isArray(patch)
    ? (patch as readonly JsonValue[]).slice(0, MAX_OPERATIONS).map((operation) => text(operation, "path"))
    : [
        ...["spec", "operation"].flatMap((key) => (field(patch, key) === undefined ? [] : [`/${key}`])),
        ...asks.flatMap((key) =>
          field(field(patch, "metadata", "annotations"), key) === undefined ? [] : [annotationPath(key)],
        ),
      ];
  const looks = asks.map((key) => annotationPath(key));
  const parts: Part[] = [];
  if (paths.some((path) => path === "/spec" || path.startsWith("/spec/"))) parts.push("spec");
  if (paths.some((path) => path === "/operation" || path.startsWith("/operation/"))) parts.push("sync");
  if (paths.some((path) => looks.includes(path))) parts.push("look");
  return parts;
}

/** As a JSON patch names it. */
function annotationPath(key: string): string {
  return `/metadata/annotations/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function initiator(operation: JsonValue | undefined): string | null {
  if (typeof operation !== "object" || operation === null) return null;
  const by = field(operation, "initiatedBy");
  if (field(by, "automated") === true) return BY_ITSELF;
  return text(by, "username").slice(0, MAX_TEXT) || "somebody";
}
