/** Why a request was allowed, out of `authorization.k8s.io/reason`: binding → role → subject. */

export interface RbacGrant {
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
}

/** Go's %q: a double-quoted string with backslash escapes. */
const QUOTED = String.raw`"((?:[^"\\]|\\.){0,2000})"`;
const GRANT = new RegExp(
  String.raw`^RBAC: allowed by (ClusterRoleBinding|RoleBinding) ${QUOTED} of (ClusterRole|Role) ${QUOTED} to (User|Group|ServiceAccount) ${QUOTED}`,
);

/** Null when the reason is not RBAC's (Node authorizer, webhook, empty). */
export function parseGrant(reason: string): RbacGrant | null {
  const found = GRANT.exec(reason);
  if (found === null) return null;
  const [, bindingKind = "", bindingText = "", roleKind = "", role = "", subjectKind = "", subject = ""] = found;
  const whole = unquoted(bindingText);
  // RBAC writes a RoleBinding as name/namespace; a name may hold colons but no slash.
  const slash = bindingKind === "RoleBinding" ? whole.lastIndexOf("/") : -1;
  return {
    bindingKind,
    binding: slash < 0 ? whole : whole.slice(0, slash),
    bindingNamespace: slash < 0 ? "" : whole.slice(slash + 1),
    roleKind,
    role: unquoted(role),
    subjectKind,
    subject: unquoted(subject),
  };
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

export interface Verdict {
  readonly decision: "allowed" | "forbidden" | "unauthenticated" | "unknown";
  readonly grant: RbacGrant | null;
  /** One sentence for a person. */
  readonly sentence: string;
}

interface AuthorizedRequest {
  readonly code: number | null;
  readonly decision: string;
  readonly authReason: string;
  readonly user: string;
  readonly groups: readonly string[];
}

export function explainAuthorization(request: AuthorizedRequest): Verdict {
  const { code, decision, authReason, groups } = request;
  if (code === 401)
    return {
      decision: "unauthenticated",
      grant: null,
      sentence:
        "Not authenticated: nobody was asked whether it is allowed. The credential was missing, expired or unknown.",
    };
  const grant = parseGrant(authReason);
  if (decision === "allow") {
    if (grant !== null) return { decision: "allowed", grant, sentence: "" };
    if (authReason !== "") return { decision: "allowed", grant: null, sentence: authReason };
    const isMaster = groups.includes("system:masters");
    return {
      decision: "allowed",
      grant: null,
      sentence: isMaster
        ? "Member of system:masters: everything is allowed before RBAC is asked."
        : "Allowed, without a reason in the log (an always-allowed path, or an authorizer that gives none).",
    };
  }
  if (decision === "forbid")
    return {
      decision: "forbidden",
      grant: null,
      sentence: authReason === "" ? "No binding allows it: every authorizer had no opinion." : authReason,
    };
  return {
    decision: "unknown",
    grant: null,
    sentence: "The log does not say: the event has no authorization.k8s.io annotations.",
  };
}
