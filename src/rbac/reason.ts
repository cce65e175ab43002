/**
 * The annotation `authorization.k8s.io/reason`, in all its forms. RBAC names the first binding it met that allowed, in no
 * order: that a binding is named says that it allowed, that another is not named says nothing about it.
 */

/** Binding → role → subject, as RBAC and EKS access policies name them. */
export interface Grant {
  /** "RBAC", or "EKS Access Policy", which speaks alike. */
  readonly authorizer: string;
  /** "ClusterRoleBinding" or "RoleBinding". */
  readonly bindingKind: string;
  readonly binding: string;
  /** Namespace of a RoleBinding. */
  readonly bindingNamespace: string;
  readonly roleKind: string;
  readonly role: string;
  /** "User", "Group" or "ServiceAccount". */
  readonly subjectKind: string;
  readonly subject: string;
  /** Namespace of a ServiceAccount. */
  readonly subjectNamespace: string;
}

export type Reason =
  | { readonly kind: "grant"; readonly grant: Grant }
  /** Roles that could not be resolved: mostly bindings that point at a role that is not there. */
  | { readonly kind: "roleErrors"; readonly errors: readonly string[]; readonly missingRoles: readonly MissingRole[] }
  | { readonly kind: "node" | "abac" | "alwaysDeny" | "authorizerError"; readonly text: string }
  /** A webhook's own words, or those of a cloud's authorizer. */
  | { readonly kind: "text"; readonly text: string };

export interface MissingRole {
  readonly kind: "ClusterRole" | "Role";
  readonly name: string;
}

/** Each authorizer that had no opinion adds a line to a refusal; the one that allowed is alone. "" has no reasons. */
export function parseReasons(text: string): readonly Reason[] {
  if (text === "") return [];
  const grant = parseGrant(text);
  if (grant !== null) return [{ kind: "grant", grant }];
  return text.split("\n").flatMap((line) => (line === "" ? [] : [reasonOf(line)]));
}

const NODE_TEXTS =
  /^(?:unknown node for user |no relationship found between node |can only |cannot get subresource|node '.*' cannot )/;

function reasonOf(line: string): Reason {
  if (line.startsWith("RBAC: ")) return roleErrors(line.slice("RBAC: ".length));
  if (line === "No policy matched.") return { kind: "abac", text: line };
  if (line === "Everything is forbidden.") return { kind: "alwaysDeny", text: line };
  if (line === "internal error") return { kind: "authorizerError", text: line };
  return { kind: NODE_TEXTS.test(line) ? "node" : "text", text: line };
}

/** `[e1, e2]` is Go's text of several errors. */
function roleErrors(text: string): Reason {
  const inner = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const missingRoles: MissingRole[] = [];
  const errors: string[] = [];
  for (let rest = inner; rest !== "";) {
    const missing = missingRoleAt(rest);
    const end = missing?.end ?? separatorIn(rest);
    if (missing !== null) missingRoles.push(missing.role);
    errors.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^, /, "");
  }
  return { kind: "roleErrors", errors, missingRoles };
}

function separatorIn(text: string): number {
  const at = text.indexOf(", ");
  return at <= 0 ? text.length : at;
}

const NOT_FOUND = " not found";

/** `clusterrole.rbac.authorization.k8s.io "x" not found` at the start of a text. */
function missingRoleAt(text: string): { readonly role: MissingRole; readonly end: number } | null {
  const start = /^(cluster)?roles?\.rbac\.authorization\.k8s\.io /.exec(text);
  if (start === null) return null;
  const name = quotedAt(text, start[0].length);
  if (name === null || !text.startsWith(NOT_FOUND, name.end)) return null;
  const kind = start[1] === undefined ? "Role" : "ClusterRole";
  return { role: { kind, name: name.value }, end: name.end + NOT_FOUND.length };
}

const GRANT_START = /^([A-Za-z][A-Za-z ]*): allowed by (ClusterRoleBinding|RoleBinding) /;
const OF_ROLE = /^ of (\S+) /;
const TO_SUBJECT = /^ to (\S+) /;

/** Null when the reason names no binding (Node authorizer, webhook, empty). */
export function parseGrant(text: string): Grant | null {
  const start = GRANT_START.exec(text);
  const binding = start && quotedAt(text, start[0].length);
  if (!binding) return null;
  const [, authorizer = "", bindingKind = ""] = start;
  const of = OF_ROLE.exec(text.slice(binding.end));
  const role = of && quotedAt(text, binding.end + of[0].length);
  if (!role) return null;
  const to = TO_SUBJECT.exec(text.slice(role.end));
  const subject = to && quotedAt(text, role.end + to[0].length);
  if (!subject) return null;
  const subjectKind = to[1] ?? "";
  // Name before namespace; names may hold colons but no slash.
  const own = bindingKind === "RoleBinding" ? splitNamespace(binding.value) : [binding.value, ""];
  const who = subjectKind === "ServiceAccount" ? splitNamespace(subject.value) : [subject.value, ""];
  return {
    authorizer,
    bindingKind,
    binding: own[0] ?? "",
    bindingNamespace: own[1] ?? "",
    roleKind: of[1] ?? "",
    role: role.value,
    subjectKind,
    subject: who[0] ?? "",
    subjectNamespace: who[1] ?? "",
  };
}

/** `ClusterRoleBinding NAME`, `RoleBinding NAMESPACE/NAME`. */
export function bindingName({ bindingKind, binding, bindingNamespace }: Grant): string {
  return `${bindingKind} ${bindingNamespace === "" ? "" : `${bindingNamespace}/`}${binding}`;
}

function splitNamespace(text: string): readonly [string, string] {
  const slash = text.lastIndexOf("/");
  return slash < 0 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A string as Go's %q writes it, and where it ends; null when there is none at `at`. */
export function quotedAt(text: string, at: number): { readonly value: string; readonly end: number } | null {
  if (text[at] !== '"') return null;
  let value = "";
  let plain = at + 1;
  for (let i = plain; i < text.length; i++) {
    const char = text[i];
    if (char === '"') return { value: value + text.slice(plain, i), end: i + 1 };
    if (char !== "\\") continue;
    const letter = text[i + 1] ?? "";
    const digits = CODE_LENGTHS[letter] ?? 0;
    value +=
      text.slice(plain, i) + (digits === 0 ? (ESCAPES[letter] ?? letter) : codeText(text, i + 2, letter, digits));
    i += 1 + digits;
    plain = i + 1;
  }
  return null;
}

const REPLACEMENT = "\ufffd";

/** `\x80` and above stand for bytes that were no UTF-8. */
function codeText(text: string, at: number, letter: string, digits: number): string {
  const hex = text.slice(at, at + digits);
  if (!/^[0-9a-f]+$/i.test(hex) || hex.length < digits) return REPLACEMENT;
  const code = Number.parseInt(hex, 16);
  return code > 0x10_ff_ff || (letter === "x" && code > 0x7f) ? REPLACEMENT : String.fromCodePoint(code);
}

export type Authorizer = "rbac" | "superuser" | "node" | "eks" | "gke" | "azure" | "other";

export interface AuthorizedRequest {
  readonly authReason: string;
  readonly user: string;
  readonly groups: readonly string[];
}

const SUPERUSER_GROUP = "system:masters";

/** Who allowed a request that was allowed. `other`: a webhook, ABAC, AlwaysAllow, an always-allowed path. */
export function allowedBy({ authReason, user, groups }: AuthorizedRequest): Authorizer {
  const grant = parseGrant(authReason);
  if (grant !== null)
    return grant.authorizer === "RBAC" ? "rbac" : grant.authorizer.startsWith("EKS") ? "eks" : "other";
  if (/^access granted by IAM/i.test(authReason)) return "gke";
  if (/^access granted by Azure/i.test(authReason)) return "azure";
  if (authReason !== "") return "other";
  if (groups.includes(SUPERUSER_GROUP)) return "superuser";
  return user.startsWith("system:node:") ? "node" : "other";
}
