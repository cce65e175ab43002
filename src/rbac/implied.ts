import type { Access } from "./access.ts";
import type { Attributes, Identity } from "./authorizer.ts";
import { impersonationRights } from "./impersonation.ts";
import type { Right } from "./right.ts";
import { withOwnGroups } from "./subject.ts";

/** A right that something needed although no request of the log asks for it. */
export interface Implied {
  /** Null when the log does not tell which one exactly. */
  readonly right: Right | null;
  /** A sentence: what was seen, and why it needs more. */
  readonly why: string;
  /** Not certain to be missing: there are other ways to be allowed. Only a comment unless asked for. */
  readonly optional: boolean;
  /** What was seen failed for lack of it. */
  readonly failed: boolean;
}

const RBAC_GROUP = "rbac.authorization.k8s.io";
const CERTIFICATES = "certificates.k8s.io";
const STREAMS: readonly string[] = ["exec", "attach", "portforward"];
const CREATING: readonly string[] = ["update", "patch"];
const WRITES: readonly string[] = ["create", "update", "patch"];
const BINDINGS: readonly string[] = ["rolebindings", "clusterrolebindings"];
const ROLES: readonly string[] = ["roles", "clusterroles"];

/** What requests that the authorizer allowed needed besides, of the same (effective) user. */
export function impliedBy(access: Access): readonly Implied[] {
  const { attributes, code } = access;
  if (!attributes.isResourceRequest) return [];
  return [
    ...created(attributes, code),
    ...streamed(attributes),
    ...signed(access),
    ...granted(access),
    ...used(access),
    ...owned(access),
  ];
}

/** What the real user needed to act as the effective one. */
export function impersonating(access: Access): readonly Implied[] {
  const { attributes, user, groups, evidence } = access;
  const told = evidence.flatMap(({ impersonation }) => impersonation ?? []);
  const acting =
    told.length > 0 ? told : [{ user, groups, uid: "", extra: new Map<string, readonly string[]>(), constraint: "" }];
  return acting.flatMap((who) => {
    const how = who.constraint === "" ? "" : ` (${who.constraint})`;
    return impersonationRights(who, attributes).map((right) => certain(right, `it acted as ${who.user}${how}`));
  });
}

/** All the authorizer was asked for requests that it allowed, as far as the log tells. */
export function questionsOf(access: Access): readonly { readonly identity: Identity; readonly right: Right }[] {
  const { user, groups, asFrom, attributes, evidence } = access;
  const own = withOwnGroups({ user, groups });
  const implied = impliedBy(access).filter(({ optional, failed }) => !optional && !failed);
  const rights = [attributes, ...implied.flatMap(({ right }) => right ?? [])];
  const asked = rights.map((right) => ({ identity: own, right }));
  if (asFrom === "") return asked;
  const real = withOwnGroups({ user: asFrom, groups: [...new Set(evidence.flatMap(({ realGroups }) => realGroups))] });
  const acting = impersonating(access).flatMap(({ right }) => right ?? []);
  return [...asked, ...acting.map((right) => ({ identity: real, right }))];
}

function certain(right: Right | null, why: string): Implied {
  return { right, why, optional: right === null, failed: false };
}

function created(attributes: Attributes, code: number | null): readonly Implied[] {
  if (code !== 201 || attributes.subresource !== "" || !CREATING.includes(attributes.verb)) return [];
  return [
    certain({ ...attributes, verb: "create" }, `${attributes.verb} made the object (201), which asks for create too`),
  ];
}

function streamed(attributes: Attributes): readonly Implied[] {
  if (attributes.verb !== "get" || !STREAMS.includes(attributes.subresource)) return [];
  return [
    certain({ ...attributes, verb: "create" }, "over a websocket, which asks for create too since Kubernetes 1.35"),
  ];
}

function signed({ attributes, code, evidence }: Access): readonly Implied[] {
  const { apiGroup, resource, subresource, verb } = attributes;
  const isSigning = apiGroup === CERTIFICATES && resource === "certificatesigningrequests" && CREATING.includes(verb);
  if (!isSigning || (code ?? 0) >= 300) return [];
  const needs = subresource === "approval" ? "approve" : "sign";
  const counted = evidence.filter(({ hasCertificate }) => subresource === "approval" || hasCertificate);
  if (subresource !== "approval" && (subresource !== "status" || counted.length === 0)) return [];
  const signers = new Set(counted.map(({ signer }) => signer).filter((signer) => signer !== ""));
  if (signers.size === 0) {
    return [certain(null, `${needs} on the request's signer: the log does not tell which (signerName is in the body)`)];
  }
  return [...signers].map((name) =>
    certain(rightOn(CERTIFICATES, "signers", needs, name, ""), `it did ${needs} a certificate signing request`),
  );
}

/** Whoever writes roles and bindings has to hold what they grant, or a verb that stands for it. */
function granted(access: Access): readonly Implied[] {
  const { attributes, evidence, code } = access;
  const { apiGroup, resource, subresource, verb, namespace, name } = attributes;
  if (apiGroup !== RBAC_GROUP || subresource !== "" || !WRITES.includes(verb)) return [];
  const failed = evidence.some(({ message }) => message.includes("attempting to grant RBAC permissions"));
  if (!failed && (code ?? 0) >= 400) return [];
  const other = (right: Right | null, what: string): Implied => ({
    right,
    why: `it ${failed ? "was refused to" : "did"} ${verb} ${what}: every right it grants has to be held, or this verb`,
    optional: true,
    failed,
  });
  if (ROLES.includes(resource)) return [other(rightOn(RBAC_GROUP, resource, "escalate", name, namespace), resource)];
  if (!BINDINGS.includes(resource)) return [];
  const refs = new Map(evidence.flatMap(({ role }) => (role === null ? [] : [[`${role.kind}/${role.name}`, role]])));
  if (refs.size === 0) return [other(null, `${resource} (bind; roleRef is in the body, which the log does not have)`)];
  return [...refs.values()].map((ref) => {
    const roles = ref.kind === "Role" ? "roles" : "clusterroles";
    return other(rightOn(RBAC_GROUP, roles, "bind", ref.name, namespace), `${resource} of ${ref.kind} ${ref.name}`);
  });
}

function used({ attributes, usedPolicy }: Access): readonly Implied[] {
  if (usedPolicy === "") return [];
  const slash = usedPolicy.indexOf("/");
  const [resource, name] = [usedPolicy.slice(0, slash), usedPolicy.slice(slash + 1)];
  const dot = resource.indexOf(".");
  const right = rightOn(resource.slice(dot + 1), resource.slice(0, dot), "use", name, attributes.namespace);
  const why = `${resource.slice(0, dot)} ${name} admitted a pod; its service account may be who may use it`;
  return [{ right, why, optional: true, failed: false }];
}

const OWNERS = "cannot set blockOwnerDeletion";

function owned({ evidence }: Access): readonly Implied[] {
  const told = evidence.find(({ message }) => message.includes(OWNERS));
  if (told === undefined) return [];
  const why = "it set blockOwnerDeletion, which asks for update on the finalizers of the owner's resource";
  return [{ right: null, why, optional: true, failed: true }];
}

function rightOn(apiGroup: string, resource: string, verb: string, name: string, namespace: string): Right {
  return { isResourceRequest: true, verb, apiGroup, resource, subresource: "", namespace, name, path: "" };
}
