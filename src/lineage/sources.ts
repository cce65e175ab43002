import { objectName } from "../events/object-name.ts";
import type { TrailSource } from "./contract.ts";
import type { Families } from "./family.ts";
import { field, text, type JsonValue } from "./json.ts";
import type { Life } from "./lives.ts";
import { succeeded, type Touch } from "./touch.ts";

/** Who an object is deployed for, by the marks deployment tools leave: `Argo CD Application web`; "" without any. */
export function sourceIn(metadata: JsonValue | undefined): string {
  const labels = field(metadata, "labels");
  const annotations = field(metadata, "annotations");
  const tracked = text(annotations, "argocd.argoproj.io/tracking-id");
  const application = tracked === "" ? text(labels, "argocd.argoproj.io/instance") : (tracked.split(":", 1)[0] ?? "");
  if (application !== "") return `Argo CD Application ${application}`;
  const kustomization = qualified(labels, "kustomize.toolkit.fluxcd.io/namespace", "kustomize.toolkit.fluxcd.io/name");
  if (kustomization !== "") return `Flux Kustomization ${kustomization}`;
  const helmRelease = qualified(labels, "helm.toolkit.fluxcd.io/namespace", "helm.toolkit.fluxcd.io/name");
  if (helmRelease !== "") return `Flux HelmRelease ${helmRelease}`;
  const release = qualified(annotations, "meta.helm.sh/release-namespace", "meta.helm.sh/release-name");
  return release === "" ? "" : `Helm release ${release}`;
}

/** Strangers choose labels; Kubernetes allows names of 253 characters, here twice. */
const MAX_NAME = 512;

function qualified(of: JsonValue | undefined, namespaceKey: string, nameKey: string): string {
  const name = text(of, nameKey);
  const namespace = text(of, namespaceKey);
  return (name === "" || namespace === "" ? name : `${namespace}/${name}`).slice(0, MAX_NAME);
}

const HELM = "Helm";
const RELEASE = "Helm release ";

/** Tools that deploy, by what their field managers, users and programs are called. */
const TOOLS: readonly (readonly [name: string, is: RegExp])[] = [
  ["Argo CD", /\bargocd\b|argo-cd/i],
  ["Flux", /\b(?:kustomize|helm)-controller\b|\bflux\b/i],
  [HELM, /^helm\b/i],
];

/** The tool a request was made by; "" for people's own and other programs. */
export function toolOf({ fieldManager, actor }: Touch): string {
  const found = TOOLS.find(([, is]) => is.test(fieldManager) || is.test(actor.user) || is.test(actor.useragent));
  return found?.[0] ?? "";
}

/** What a deployment tool's request was made for: `by Argo CD, for Argo CD Application web`; "" for others' requests. */
export function deployedBy(life: Life, touch: Touch, families: Families): string {
  const tool = toolOf(touch);
  if (tool === "") return "";
  const source = sourceOf(life, touch.timeUs);
  if (source === "" && tool === HELM) {
    const written = releaseWrittenBy(life, touch, families);
    return written === null ? `by ${tool}` : `by ${tool}, likely for ${releaseWords(written)}`;
  }
  const revision = source.startsWith(RELEASE) ? helmRevision(life, touch.timeUs, families) : 0;
  return source === "" ? `by ${tool}` : `by ${tool}, for ${source}${revisionWords(revision)}`;
}

/** What an object is deployed by, as it or its owners are marked; else by the release Helm wrote just before it. */
export function deploymentOf(life: Life, above: readonly Life[], families: Families): TrailSource | null {
  for (const marked of [life, ...above]) {
    const name = sourceOf(marked);
    if (name === "") continue;
    const revision = name.startsWith(RELEASE)
      ? helmRevision(marked, marked.goneUs ?? Number.POSITIVE_INFINITY, families)
      : 0;
    const by = marked === life ? null : objectName(marked.record);
    return { name, revision: revision === 0 ? null : revision, by, confidence: "certain" };
  }
  for (const written of [life, ...above]) {
    for (const touch of written.touches.toReversed()) {
      if (!succeeded(touch) || toolOf(touch) !== HELM) continue;
      const release = releaseWrittenBy(written, touch, families);
      if (release !== null)
        return { name: `${RELEASE}${release.name}`, revision: release.revision, by: null, confidence: "likely" };
    }
  }
  return null;
}

function revisionWords(revision: number): string {
  return revision === 0 ? "" : `, revision ${String(revision)}`;
}

function releaseWords({ name, revision }: Release): string {
  return `${RELEASE}${name}${revisionWords(revision)}`;
}

/** As marked by then, or at all. */
export function sourceOf(life: Life, untilUs = Number.POSITIVE_INFINITY): string {
  const marked = life.touches.filter(({ facts }) => facts?.source !== undefined);
  return (marked.findLast(({ timeUs }) => timeUs <= untilUs) ?? marked[0])?.facts?.source ?? "";
}

/** Helm writes a Secret (or ConfigMap) a revision before it changes what the release is made of. */
const HELM_PREFIX = "sh.helm.release.v1.";
const HELM_SECRET = /^sh\.helm\.release\.v1\.(.+)\.v(\d{1,9})$/;

interface Release {
  readonly name: string;
  readonly revision: number;
}

function helmRevision(life: Life, untilUs: number, families: Families): number {
  const release = sourceOf(life).replace(/^Helm release (?:.*\/)?/, "");
  let revision = 0;
  for (const written of releasesIn(life, families))
    if (written.name === release && written.firstUs <= untilUs) revision = Math.max(revision, written.revision);
  return revision;
}

function releasesIn(life: Life, families: Families): (Release & { readonly firstUs: number; readonly user: string })[] {
  const family = families.of(life.record.namespace);
  const written = ["secrets", "configmaps"].flatMap((resource) => family.begun(resource, HELM_PREFIX));
  return written.flatMap(({ record, firstUs, touches }) => {
    const [, name, number] = HELM_SECRET.exec(record.name) ?? [];
    const first = touches.find((entry) => succeeded(entry));
    return name === undefined || first === undefined
      ? []
      : [{ name, revision: Number(number), firstUs, user: first.actor.user }];
  });
}

/** An installation takes this long at most. */
const INSTALL_US = 300_000_000;

/** Without marks, as at Metadata level: the release the same user wrote last before. */
function releaseWrittenBy(life: Life, touch: Touch, families: Families): Release | null {
  const before = releasesIn(life, families).filter(
    ({ firstUs, user }) => user === touch.actor.user && firstUs <= touch.timeUs && touch.timeUs - firstUs <= INSTALL_US,
  );
  before.sort((left, right) => left.firstUs - right.firstUs);
  return before.at(-1) ?? null;
}
