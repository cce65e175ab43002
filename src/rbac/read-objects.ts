import { type JsonObject, objectOf, textOf } from "../events/json-values.ts";
import type { Binding, LabelSelector, PolicyRule, RbacObjects, RbacSubject, Role } from "./objects.ts";

const API_GROUP = "rbac.authorization.k8s.io/";
const ROLE_KINDS = ["Role", "ClusterRole"] as const;
const BINDING_KINDS = ["RoleBinding", "ClusterRoleBinding"] as const;
/** Where the API server puts what names no namespace. */
const DEFAULT_NAMESPACE = "default";

export interface ReadObjects extends RbacObjects {
  /** Sentences about what could not be taken; the rest is. */
  readonly problems: readonly string[];
  /** Objects of other kinds, by kind. */
  readonly others: ReadonlyMap<string, number>;
}

/**
 * Roles and bindings out of the documents of a manifest or of `kubectl get -o yaml`: single objects, List, RoleList and the
 * like, in any mixture.
 */
export function readObjects(documents: readonly unknown[]): ReadObjects {
  const reader = new Reader();
  for (const document of documents) reader.document(document);
  return reader;
}

class Reader implements ReadObjects {
  readonly roles: Role[] = [];
  readonly bindings: Binding[] = [];
  readonly problems: string[] = [];
  readonly others = new Map<string, number>();

  document(value: unknown): void {
    if (value === null || value === undefined) return;
    const document = objectOf(value);
    const kind = textOf(document["kind"]);
    const { items } = document;
    if (!Array.isArray(items) || !kind.endsWith("List")) return this.object(document, kind);
    // Items of a RoleList and the like need not say their kind.
    const itemKind = kind.slice(0, -"List".length);
    for (const item of items) {
      const object = objectOf(item);
      this.object(object, textOf(object["kind"]) || itemKind, textOf(document["apiVersion"]));
    }
  }

  private object(object: JsonObject, kind: string, listVersion = ""): void {
    const version = textOf(object["apiVersion"]) || listVersion;
    const roleKind = ROLE_KINDS.find((known) => known === kind);
    const bindingKind = BINDING_KINDS.find((known) => known === kind);
    if ((roleKind === undefined && bindingKind === undefined) || !version.startsWith(API_GROUP)) {
      this.others.set(kind, (this.others.get(kind) ?? 0) + 1);
      return;
    }
    const metadata = objectOf(object["metadata"]);
    const name = textOf(metadata["name"]);
    if (name === "") {
      this.problems.push(`a ${kind} without a name is left out`);
      return;
    }
    const namespace = kind.startsWith("Cluster") ? "" : textOf(metadata["namespace"]) || DEFAULT_NAMESPACE;
    const where = `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
    if (roleKind !== undefined)
      this.roles.push(this.role(object, metadata, { kind: roleKind, name, namespace, where }));
    if (bindingKind !== undefined)
      this.bindings.push(this.binding(object, { kind: bindingKind, name, namespace, where }));
  }

  private role(
    object: JsonObject,
    metadata: JsonObject,
    { where, ...own }: Pick<Role, "kind" | "name" | "namespace"> & { readonly where: string },
  ): Role {
    const selectors = objectOf(object["aggregationRule"])["clusterRoleSelectors"];
    const rules = this.list(object["rules"], `${where}: rules`).map((rule, at) =>
      this.rule(rule, `${where}: rules[${at}]`),
    );
    return {
      ...own,
      rules,
      labels: textMap(metadata["labels"]),
      aggregates: own.kind === "ClusterRole" && Array.isArray(selectors) ? selectors.map(selectorOf) : null,
      isLive: textOf(metadata["uid"]) !== "" || textOf(metadata["resourceVersion"]) !== "",
    };
  }

  private rule(value: unknown, where: string): PolicyRule {
    const rule = objectOf(value);
    const texts = (key: string): readonly string[] => this.texts(rule[key], `${where}.${key}`);
    return {
      verbs: texts("verbs"),
      apiGroups: texts("apiGroups"),
      resources: texts("resources"),
      resourceNames: texts("resourceNames"),
      nonResourceURLs: texts("nonResourceURLs"),
    };
  }

  private binding(
    object: JsonObject,
    { where, ...own }: Pick<Binding, "kind" | "name" | "namespace"> & { readonly where: string },
  ): Binding {
    const roleRef = objectOf(object["roleRef"]);
    const roleName = textOf(roleRef["name"]);
    if (roleName === "") this.problems.push(`${where} names no role: it grants nothing`);
    return {
      ...own,
      subjects: this.list(object["subjects"], `${where}: subjects`).map(subjectOf),
      roleKind: textOf(roleRef["kind"]),
      roleName,
    };
  }

  private list(value: unknown, where: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.problems.push(`${where} is no list and counts as empty`);
    return [];
  }

  private texts(value: unknown, where: string): readonly string[] {
    return this.list(value, where).flatMap((item) => {
      if (typeof item === "string") return [item];
      this.problems.push(`${where} has an item that is no text: left out`);
      return [];
    });
  }
}

function subjectOf(value: unknown): RbacSubject {
  const subject = objectOf(value);
  return {
    kind: textOf(subject["kind"]),
    name: textOf(subject["name"]),
    namespace: textOf(subject["namespace"]),
  };
}

function selectorOf(value: unknown): LabelSelector {
  const selector = objectOf(value);
  const { matchExpressions } = selector;
  return {
    labels: textMap(selector["matchLabels"]),
    expressions: (Array.isArray(matchExpressions) ? matchExpressions : []).map((each) => {
      const { key, operator, values } = objectOf(each);
      return {
        key: textOf(key),
        operator: textOf(operator),
        values: (Array.isArray(values) ? values : []).filter((item) => typeof item === "string"),
      };
    }),
  };
}

function textMap(value: unknown): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [key, text] of Object.entries(objectOf(value))) if (typeof text === "string") map.set(key, text);
  return map;
}
