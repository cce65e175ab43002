import type { Access } from "../../src/rbac/access.ts";

interface AccessFacts extends Partial<Omit<Access, "attributes">> {
  readonly verb: string;
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
}

/** An allowed request of alice's, unless told otherwise. As the API server's URLs have it, a Namespace is in itself. */
export function accessOf(facts: AccessFacts): Access {
  const { verb, apiGroup = "", resource = "", subresource = "", namespace = "", name = "", path = "", ...rest } = facts;
  const isCollection = ["create", "deletecollection"].includes(verb) && subresource === "";
  const isNamespace = resource === "namespaces" && apiGroup === "";
  return {
    user: "alice",
    asFrom: "",
    groups: [],
    attributes: {
      isResourceRequest: resource !== "",
      verb,
      path: resource === "" ? path : `/apis/${apiGroup}/v1/${namespace}/${resource}/${name}`,
      apiGroup,
      apiVersion: "v1",
      namespace: isNamespace ? (isCollection ? "" : name) : namespace,
      resource,
      subresource,
      name: isCollection ? "" : name,
    },
    decision: "allow",
    authReason: "",
    code: 200,
    starting: false,
    usedPolicy: "",
    requests: 1,
    firstUs: 0,
    lastUs: 0,
    seq: 0,
    evidence: [],
    ...rest,
  };
}
