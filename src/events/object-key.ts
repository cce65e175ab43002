/** How the dimensions that join several facts are spelled; filter values and group keys are the same texts. */

/** Valid names contain neither `/` nor `%`; escaping both keeps keys of odd ones apart. */
function part(text: string): string {
  return text.includes("/") || text.includes("%") ? text.replaceAll("%", "%25").replaceAll("/", "%2F") : text;
}

/**
 * The `object` dimension: `demo/deployments.apps/nginx`, `nodes/worker-1`; "" when the request names no object (lists,
 * creates by generateName, non-resource requests).
 */
export function objectText(resource: string, namespace: string, name: string): string {
  if (name === "" || resource === "") return "";
  return namespace === "" ? `${part(resource)}/${part(name)}` : `${part(namespace)}/${part(resource)}/${part(name)}`;
}

/** The parts of such a text again; null of what is none. */
export function objectOfText(text: string): { resource: string; namespace: string; name: string } | null {
  const parts = text.split("/").map((each) => each.replaceAll("%2F", "/").replaceAll("%25", "%"));
  const [name = "", resource = "", namespace = ""] = parts.reverse();
  return parts.length < 2 || parts.length > 3 || resource === "" ? null : { resource, namespace, name };
}

/** Path of a request URI, without its query. */
export function pathOf(uri: string): string {
  const query = uri.indexOf("?");
  return query < 0 ? uri : uri.slice(0, query);
}

/** The `resource` dimension: `pods`, `pods/binding`; a non-resource request goes under its path. */
export function resourceText(resource: string, subresource: string, uri: string): string {
  if (resource === "") return pathOf(uri);
  return subresource === "" ? resource : `${resource}/${subresource}`;
}

/** `?dryRun=All`: answered like a write, changes nothing. */
export function isDryRun(uri: string): boolean {
  const query = uri.indexOf("?");
  return query >= 0 && uri.indexOf("dryRun=", query) >= 0 && /[?&]dryRun=[^&]/.test(uri.slice(query));
}
