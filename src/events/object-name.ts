import { isClusterScoped, wordFor } from "./resource-names.ts";

/** What requests say of the object they are about; `namespace` and `name` are "" where there is none. */
export interface NamedObject {
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The one spelling of an object for people, which `:trail`, `ktrail trail` and kubectl take too: `deploy/nginx -n demo`,
 * `node/worker-1`, `deploy/nginx/scale -n demo`; all of a resource is `pods -n demo`. "" without a resource.
 */
export function objectName({ resource, subresource = "", namespace, name }: NamedObject): string {
  if (resource === "") return "";
  const what = name === "" ? resource : `${wordFor(resource)}/${name}`;
  const of = subresource === "" ? what : `${what}/${subresource}`;
  return namespace === "" || isClusterScoped(resource) ? of : `${of} -n ${namespace}`;
}
