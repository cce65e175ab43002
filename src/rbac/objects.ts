/** Roles and bindings as the authorizer sees them: what rbac.authorization.k8s.io keeps, without its versions and defaults. */

/** Lists are OR-ed inside, AND-ed between. An empty `resourceNames` means any name. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  /** "" is the core group. */
  readonly apiGroups: readonly string[];
  // `pods`, `pods/log`, `*`, `*/scale`
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  /** Paths; with a `*` at the end a prefix. A rule has these or resources. */
  readonly nonResourceURLs: readonly string[];
}

export interface LabelSelector {
  readonly labels: ReadonlyMap<string, string>;
  readonly expressions: readonly {
    readonly key: string;
    /** In, NotIn, Exists, DoesNotExist. */
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface Role {
  readonly kind: "Role" | "ClusterRole";
  readonly name: string;
  /** "" for a ClusterRole. */
  readonly namespace: string;
  readonly rules: readonly PolicyRule[];
  readonly labels: ReadonlyMap<string, string>;
  /** A ClusterRole whose rules are those of the ClusterRoles these select; null when it has rules of its own. */
  readonly aggregates: readonly LabelSelector[] | null;
  /** Taken from a cluster, which has filled the rules of an aggregated role already. */
  readonly isLive: boolean;
}

export interface RbacSubject {
  readonly kind: string;
  readonly name: string;
  /** Of a ServiceAccount; "" means the binding's. */
  readonly namespace: string;
}

export interface Binding {
  readonly kind: "RoleBinding" | "ClusterRoleBinding";
  readonly name: string;
  /** "" for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly subjects: readonly RbacSubject[];
  readonly roleKind: string;
  readonly roleName: string;
}

export interface RbacObjects {
  readonly roles: readonly Role[];
  readonly bindings: readonly Binding[];
}
