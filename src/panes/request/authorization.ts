import { allowedBy, type Grant, parseReasons } from "../../rbac/reason.ts";

export interface ExplainedDecision {
  readonly decision: "allowed" | "forbidden" | "unauthenticated" | "unknown";
  readonly grant: Grant | null;
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

/** Why a request was allowed or not, by its annotations. */
export function explainAuthorization(request: AuthorizedRequest): ExplainedDecision {
  const { code, decision, authReason } = request;
  if (code === 401)
    return {
      decision: "unauthenticated",
      grant: null,
      sentence:
        "Not authenticated: nobody was asked whether it is allowed. The credential was missing, expired or unknown.",
    };
  const reasons = parseReasons(authReason);
  if (decision === "allow") {
    const [reason] = reasons;
    if (reason?.kind === "grant") return { decision: "allowed", grant: reason.grant, sentence: "" };
    if (authReason !== "") return { decision: "allowed", grant: null, sentence: authReason };
    return { decision: "allowed", grant: null, sentence: silentlyAllowed(request) };
  }
  if (decision === "forbid") {
    const missing = reasons.flatMap((reason) => (reason.kind === "roleErrors" ? reason.missingRoles : []));
    const dangling = missing.map(({ kind, name }) => `A binding points at ${kind} ${name}, which is not there.`);
    return {
      decision: "forbidden",
      grant: null,
      sentence:
        authReason === ""
          ? "No binding allows it: every authorizer had no opinion."
          : [authReason, ...dangling].join(" "),
    };
  }
  return {
    decision: "unknown",
    grant: null,
    sentence: "The log does not say: the event has no authorization.k8s.io annotations.",
  };
}

function silentlyAllowed(request: AuthorizedRequest): string {
  const authorizer = allowedBy(request);
  if (authorizer === "superuser") return "Member of system:masters: everything is allowed before RBAC is asked.";
  if (authorizer === "node")
    return "Allowed by the Node authorizer: a kubelet may do what its own node's objects need; no binding is involved.";
  return "Allowed, without a reason in the log (an always-allowed path, or an authorizer that gives none).";
}
