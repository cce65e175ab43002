import { RbacAuthorizer } from "./authorizer.ts";
import { DEFAULT_ROLES } from "./default-roles.ts";
import type { Binding, PolicyRule, RbacObjects, RbacSubject, Role } from "./objects.ts";

/** The version whose defaults these are. */
export const DEFAULTS_VERSION = "1.36";

let objects: RbacObjects | null = null;
let authorizer: RbacAuthorizer | null = null;

/** Kubernetes' own roles and bindings. A binding has its role's name. */
export function defaultObjects(): RbacObjects {
  objects ??= readTable(DEFAULT_ROLES);
  return objects;
}

/** What is allowed by those alone. */
export function defaultAuthorizer(): RbacAuthorizer {
  authorizer ??= new RbacAuthorizer(defaultObjects());
  return authorizer;
}

const HEAD = /^(ClusterRole|Role) (\S+)(?: in (\S+))? to (.+)$/;

function readTable(table: string): RbacObjects {
  const roles: (Role & { readonly rules: PolicyRule[] })[] = [];
  const bindings: Binding[] = [];
  for (const line of table.split("\n")) {
    const head = HEAD.exec(line);
    if (head === null) {
      if (line !== "") roles.at(-1)?.rules.push(ruleOf(line.trim()));
      continue;
    }
    const [, kind, name = "", namespace = "", subjects = ""] = head;
    const roleKind = kind === "Role" ? "Role" : "ClusterRole";
    roles.push({ kind: roleKind, name, namespace, rules: [], labels: new Map(), aggregates: null, isLive: true });
    bindings.push({
      kind: roleKind === "Role" ? "RoleBinding" : "ClusterRoleBinding",
      name,
      namespace,
      subjects: subjects.split(" ").map(subjectOf),
      roleKind,
      roleName: name,
    });
  }
  return { roles, bindings };
}

function ruleOf(line: string): PolicyRule {
  const [verbs = [], second = [], resources, names = []] = line.split(" | ").map((list) => list.split(" "));
  if (resources === undefined) {
    return { verbs, apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: second };
  }
  const apiGroups = second.map((group) => (group === '""' ? "" : group));
  return { verbs, apiGroups, resources, resourceNames: names, nonResourceURLs: [] };
}

const KINDS: Readonly<Record<string, string>> = { user: "User", group: "Group", sa: "ServiceAccount" };

/** `group:system:authenticated`, `sa:kube-system/kube-dns`. */
function subjectOf(text: string): RbacSubject {
  const colon = text.indexOf(":");
  const kind = KINDS[text.slice(0, colon)] ?? "";
  const name = text.slice(colon + 1);
  if (kind !== "ServiceAccount") return { kind, name, namespace: "" };
  const slash = name.indexOf("/");
  return { kind, name: name.slice(slash + 1), namespace: name.slice(0, slash) };
}
