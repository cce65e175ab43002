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

/** Tools that deploy, by what their field managers, users and programs are called. */
const TOOLS: readonly (readonly [name: string, is: RegExp])[] = [
  ["Argo CD", /\bargocd\b|argo-cd/i],
  ["Flux", /\b(?:kustomize|helm)-controller\b|\bflux\b/i],
  ["Helm", /^helm\b/i],
];

/** The tool a request was made by; "" for people's own and other programs. */
function toolOf({ fieldManager, actor }: Touch): string {
  const found = TOOLS.find(([, is]) => is.test(fieldManager) || is.test(actor.user) || is.test(actor.useragent));
  return found?.[0] ?? "";
}

/** What a deployment tool's request was made for: `Argo CD applies it for its Application web`; "" for others' requests. */
export function deployedBy(life: Life, touch: Touch, families: Families): string {
  const tool = toolOf(touch);
  if (tool === "") return "";
  const source = sourceOf(life, touch.timeUs);
  const revision = source.startsWith("Helm release ") ? helmRevision(life, touch, families) : "";
  return source === "" ? `by ${tool}` : `by ${tool}, for ${source}${revision}`;
}

/** As marked by then, or at all. */
export function sourceOf(life: Life, untilUs = Number.POSITIVE_INFINITY): string {
  const marked = life.touches.filter(({ facts }) => facts?.source !== undefined);
  return (marked.findLast(({ timeUs }) => timeUs <= untilUs) ?? marked[0])?.facts?.source ?? "";
}

/** Helm writes a Secret a revision before it changes what the release is made of. */
const HELM_SECRET = /^sh\.helm\.release\.v1\.(.+)\.v(\d{1,9})$/;

function helmRevision(life: Life, touch: Touch, families: Families): string {
  const release = sourceOf(life).replace(/^Helm release (?:.*\/)?/, "");
  let revision = 0;
  for (const { record, firstUs, touches } of families.of(life.record.namespace).lives) {
    const [, name, number] = HELM_SECRET.exec(record.name) ?? [];
    if (name !== release || firstUs > touch.timeUs || !touches.some((entry) => succeeded(entry))) continue;
    revision = Math.max(revision, Number(number));
  }
  return revision === 0 ? "" : `, revision ${String(revision)}`;
}
